package transport

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// unacknowledged gives how many of the bytes that the kernel has taken for nc the peer's kernel has not. It is 0 where
// nc is no socket.
func unacknowledged(nc net.Conn) int {
	s, ok := nc.(syscall.Conn)
	if !ok {
		return 0
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return 0
	}
	n := 0
	_ = raw.Control(func(fd uintptr) { n, _ = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) })
	return n
}
