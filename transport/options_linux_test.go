package transport

import (
	"testing"

	"golang.org/x/sys/unix"
)

// Accepted connections keep alive, time out and do not delay as they should.
func TestSocketOptions(t *testing.T) {
	l := listen(t, Options{})
	accepted := make(chan *Conn)
	serve(t, l, func(c *Conn) {
		accepted <- c
		_, _ = c.Next()
	})
	dial(t, l)
	raw := (<-accepted).link.(*socket).raw
	for _, option := range []struct {
		name                string
		level, option, want int
	}{
		{"SO_KEEPALIVE", unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		{"TCP_KEEPIDLE", unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 15},
		{"TCP_KEEPINTVL", unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 15},
		{"TCP_KEEPCNT", unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 3},
		{"TCP_USER_TIMEOUT", unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 45_000},
		{"TCP_NODELAY", unix.IPPROTO_TCP, unix.TCP_NODELAY, 1},
	} {
		err := raw.Control(func(fd uintptr) {
			if got, err := unix.GetsockoptInt(int(fd), option.level, option.option); got != option.want {
				t.Errorf("%s is %d (%v), want %d", option.name, got, err, option.want)
			}
		})
		if err != nil {
			t.Error(err)
		}
	}
}
