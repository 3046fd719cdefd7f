//go:build linux

package main

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// lineFrame is about what a line has around its text: "<127.0.0.1 : 40000> :" and a line break.
const lineFrame = 23

// floorRounds is how often every connection of a floor is written to.
const floorRounds = 200

// floor is what a delivery costs at the very least on this machine: one bare write of so many lines of so many bytes to each
// of many loopback connections, with nothing around it. What a server needs more is its own doing.
type floor struct{ writers, readers []int }

// newFloor makes n connections, both ends of which are here.
func newFloor(n int) (*floor, error) {
	listener, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	defer unix.Close(listener)
	if err := unix.Bind(listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return nil, fmt.Errorf("bind: %w", err)
	}
	if err := unix.Listen(listener, 16); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	at, err := unix.Getsockname(listener)
	if err != nil {
		return nil, fmt.Errorf("getsockname: %w", err)
	}
	f := &floor{}
	for range n {
		if err := f.connect(listener, at); err != nil {
			return nil, errors.Join(err, f.close())
		}
	}
	return f, nil
}

// connect makes one more connection.
func (f *floor) connect(listener int, at unix.Sockaddr) error {
	reader, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	f.readers = append(f.readers, reader)
	if err := unix.Connect(reader, at); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	writer, _, err := unix.Accept4(listener, unix.SOCK_CLOEXEC)
	if err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	f.writers = append(f.writers, writer)
	return unix.SetsockoptInt(writer, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
}

// run writes lines of so many bytes to every connection, again and again, and gives the processor time of one line. Reading
// them is not counted.
func (f *floor) run(lines, bytes int) (time.Duration, error) {
	runtime.LockOSThread() // what is measured is this thread
	defer runtime.UnlockOSThread()
	block, space := make([]byte, lines*bytes), make([]byte, lines*bytes)
	var spent time.Duration
	for range floorRounds {
		before := threadCPU()
		for _, fd := range f.writers {
			if _, err := unix.Write(fd, block); err != nil {
				return 0, fmt.Errorf("write: %w", err)
			}
		}
		spent += threadCPU() - before
		for _, fd := range f.readers {
			for got := 0; got < len(block); {
				n, err := unix.Read(fd, space)
				if err != nil || n == 0 {
					return 0, fmt.Errorf("read: %w", err)
				}
				got += n
			}
		}
	}
	return spent / time.Duration(floorRounds*len(f.writers)*lines), nil
}

// threadCPU gives the processor time of this thread (getrusage(2), RUSAGE_THREAD).
func threadCPU() time.Duration {
	var usage unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_THREAD, &usage) // fails only for arguments that are wrong
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func (f *floor) close() error {
	var err error
	for _, fd := range append(f.writers, f.readers...) {
		err = errors.Join(err, unix.Close(fd))
	}
	return err
}
