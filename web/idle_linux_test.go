//go:build !race

package web_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"parley/accounts"
	"parley/web/frame"
)

// idleBudget is what an idle WebSocket may cost, everything counted, in bytes.
const idleBudget = 6 << 10

// An idle WebSocket is cheap: one that has come into a room and was never heard of again, and one that has said something. The
// clients are bare descriptors, which cost no memory of the process. (The race detector multiplies memory, so this file is
// not for it.)
func TestIdleWebSocketsAreCheap(t *testing.T) {
	const n = 500
	const hello = `{"type":"hello","rooms":[{"room":"lobby","after":0}]}`
	for _, test := range []struct {
		name, says, until string
	}{
		{"silent", hello, `"type":"joined"`},
		{"has said something", hello + "\n" + `{"type":"post","id":"m","room":"lobby","text":"hello"}`, `"type":"ack"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t, accounts.Open)
			at := netip.MustParseAddrPort(h.at)
			sockets := []int{bareSocket(t, at, test.says, test.until)} // what is made for the first one is not what one costs
			defer func() {
				for _, fd := range sockets {
					_ = unix.Close(fd)
				}
			}()
			for try := 1; ; try++ { // what a burst happens to leave in between is used by the next
				before := inUse()
				for range n {
					sockets = append(sockets, bareSocket(t, at, test.says, test.until))
				}
				each := (inUse() - before) / n
				t.Logf("%d bytes for each of %d connections", each, n)
				if each <= idleBudget {
					break
				}
				if try == 3 {
					t.Fatalf("that is more than %d", idleBudget)
				}
			}
		})
	}
}

// inUse gives the memory in use on heap and stacks, after collections that also let stacks shrink to what they need.
func inUse() int {
	for range 4 {
		runtime.GC()
	}
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}

// bareSocket opens a WebSocket without package net, says some lines, each a message, and reads until it is told something. It
// gives the descriptor.
func bareSocket(t *testing.T, at netip.AddrPort, says, until string) int {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	must(t, err)
	must(t, unix.Connect(fd, &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}))
	out := fmt.Appendf(nil, "GET /v1/socket HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", at)
	for text := range bytes.SplitSeq([]byte(says), []byte("\n")) {
		out = frame.AppendMasked(out, ws.OpText, text, ws.NewMask())
	}
	_, err = unix.Write(fd, out)
	must(t, err)
	buf, came := make([]byte, 64<<10), []byte(nil)
	for !bytes.Contains(came, []byte(until)) {
		n, err := unix.Read(fd, buf)
		must(t, err)
		if n == 0 {
			t.Fatalf("closed after %s", came)
		}
		came = append(came, buf[:n]...)
	}
	return fd
}
