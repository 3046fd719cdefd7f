package transport

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// userTimeout is how long sent bytes may go unacknowledged, or a full peer may take nothing, before the kernel gives
// the connection up, in milliseconds (RFC 5482 calls it the user timeout).
const userTimeout = 45_000

// setUserTimeout sets the user timeout of a listening socket; accepted connections inherit it.
func setUserTimeout(_, _ string, raw syscall.RawConn) error {
	var refused error
	err := raw.Control(func(fd uintptr) {
		refused = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, userTimeout)
	})
	if err != nil {
		return err
	}
	return refused
}
