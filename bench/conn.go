//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"

	"golang.org/x/sys/unix"
)

// conn is one person: a socket that does not block.
type conn struct {
	index int
	fd    int
	rest  []byte // the beginning of a line or frame whose end has not come
	sent  uint32 // messages
	probe int    // the newest probe seen while joining, where that takes probes

	// On a WebSocket.
	upgraded bool // the HTTP answer has come
	joined   bool // the server says that it is in the room
	skip     int  // bytes of a frame that are still to come, where frames are just counted
	due      bool // and that frame is a message
}

// dial connects to a server on this machine.
func dial(address netip.AddrPort, index int) (*conn, error) {
	ip, port := address.Addr(), int(address.Port())
	family, to := unix.AF_INET6, unix.Sockaddr(&unix.SockaddrInet6{Port: port, Addr: ip.As16()})
	if ip.Is4() {
		family, to = unix.AF_INET, &unix.SockaddrInet4{Port: port, Addr: ip.As4()}
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("connection %d: %w", index, err)
	}
	err = unix.Connect(fd, to) // it blocks, but on loopback only while the server's backlog is full
	if err == nil {
		err = errors.Join(
			unix.SetNonblock(fd, true),
			unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connection %d to %s: %w", index, address, err), unix.Close(fd))
	}
	return &conn{index: index, fd: fd}, nil
}

// read takes what has come, as much as fits into buf; nothing and no error when nothing has.
func (c *conn) read(buf []byte) ([]byte, error) {
	n, err := unix.Read(c.fd, buf)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("connection %d: %w", c.index, err)
	case n == 0:
		return nil, fmt.Errorf("connection %d: the server closed it after %.200q: %w", c.index, c.rest,
			io.ErrUnexpectedEOF)
	}
	return buf[:n], nil
}

// write sends one line. What is under way is always far less than a socket's buffer holds, so a write that does not fit
// at once means that the server has stopped reading.
func (c *conn) write(line []byte) error {
	n, err := unix.Write(c.fd, line)
	if err == nil && n != len(line) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("connection %d: the server takes nothing more: %w", c.index, err)
	}
	return nil
}

// lines calls each for every line that data completes, without its line break, and keeps what is left for the next
// time.
func (c *conn) lines(data []byte, each func(line []byte) error) error {
	if len(c.rest) > 0 {
		c.rest = append(c.rest, data...)
		data = c.rest
	}
	for {
		line, after, found := bytes.Cut(data, []byte{'\n'})
		if !found {
			c.rest = append(c.rest[:0], data...)
			return nil
		}
		if err := each(line); err != nil {
			return err
		}
		data = after
	}
}

func (c *conn) close() error { return unix.Close(c.fd) }
