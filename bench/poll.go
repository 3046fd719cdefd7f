//go:build linux

package main

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// poller waits for many sockets and one timer. It is level-triggered: what is not read in one go is told again.
type poller struct {
	fd     int
	timer  int
	events [1024]unix.EpollEvent
}

// timerToken is what stands for the timer among the indexes of connections.
const timerToken = -1

func newPoller() (*poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	// epoll's own timeout counts milliseconds, too coarse to send on time by.
	timer, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("timerfd: %w", err), unix.Close(fd))
	}
	p := &poller{fd: fd, timer: timer}
	if err := p.add(timer, timerToken); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// add has token told when fd can be read.
func (p *poller) add(fd, token int) error {
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(token)}
	if err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	return nil
}

// wake has timerToken told once, d from now.
func (p *poller) wake(d time.Duration) error {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(max(d, 1)))} // 0 would mean never
	if err := unix.TimerfdSettime(p.timer, 0, &spec, nil); err != nil {
		return fmt.Errorf("timerfd: %w", err)
	}
	return nil
}

// clearWake takes what the timer has to read.
func (p *poller) clearWake() {
	var expirations [8]byte
	_, _ = unix.Read(p.timer, expirations[:]) // nothing to read means that it was set again meanwhile
}

// wait gives what is ready, after at most timeout; nothing when that is over. The result is valid until the next call.
func (p *poller) wait(timeout time.Duration) ([]unix.EpollEvent, error) {
	n, err := unix.EpollWait(p.fd, p.events[:], int(timeout.Milliseconds()))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	return p.events[:max(n, 0)], nil
}

func (p *poller) close() error { return errors.Join(unix.Close(p.timer), unix.Close(p.fd)) }
