package client

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// userTimeout is after how long without an acknowledgement a connection is given up.
const userTimeout = 45 * time.Second

// limitSilence sets TCP_USER_TIMEOUT, so that a server that is gone is noticed while something is on its way to it:
// keep-alive does not begin before all has been acknowledged.
func limitSilence(network, _ string, raw syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return nil
	}
	var failed error
	err := raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(userTimeout.Milliseconds()))
	})
	if err != nil {
		return err
	}
	return failed
}

// unread gives how many bytes written to conn the other machine has not acknowledged, negative where that is not known.
func unread(conn net.Conn) int {
	for { // under TLS, or a tap
		outer, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = outer.NetConn()
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return -1
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return -1
	}
	n := -1
	_ = raw.Control(func(fd uintptr) { // it fails on a closed connection, and then n stays as it is
		if queued, err := unix.IoctlGetInt(int(fd), unix.TIOCOUTQ); err == nil { // SIOCOUTQ, tcp(7)
			n = queued
		}
	})
	return n
}
