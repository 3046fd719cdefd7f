//go:build !race

package plain_test

import (
	"net/netip"
	"runtime"
	"runtime/debug"
	"testing"

	"golang.org/x/sys/unix"

	"parley/hub"
)

// idleBudget is what an idle connection may cost, everything counted, in bytes.
const idleBudget = 5 << 10

// An idle connection is cheap: one that was never heard of, one that has said something, and one that is let go after a
// while. The clients are bare descriptors, which cost no memory of the process. (The race detector multiplies memory,
// so this file is not for it.)
func TestIdleConnectionsAreCheap(t *testing.T) {
	const n = 1000
	for _, test := range []struct{ name, query, says string }{
		{"silent", "welcome=", ""},
		{"has said something", "welcome=", "hello\n"},
		{"has an idle limit", "welcome=&idle=1h", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t)
			watcher := h.watch()
			at := netip.MustParseAddrPort(served(t, h.listener(test.query)))
			for try := 1; ; try++ { // what a burst happens to leave in between is used by the next
				before := inUse()
				for range n {
					fd := bareClient(t, at)
					defer unix.Close(fd)
					<-watcher
					if _, err := unix.Write(fd, []byte(test.says)); err != nil {
						t.Fatal(err)
					}
					if test.says != "" {
						<-watcher
					}
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

// watcher is somebody in the room who gets a value for everything that happens.
type watcher chan struct{}

func (watcher) Send([][]byte) {}
func (watcher) Close(error)   {}
func (watcher) Echo() bool    { return false }

func (w watcher) AppendItem(dst []byte, _ *hub.Item) []byte {
	w <- struct{}{}
	return dst
}

// watch puts a watcher into the room. It is as patient as a test needs.
func (h *house) watch() watcher {
	w := make(watcher, 10_000)
	s, err := h.hub.Connect(h.t.Context(), lobby, hub.Profile{Shown: "watcher"}, w, w)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(s.Leave)
	return w
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

// bareClient connects to an IPv4 address without package net, and gives the descriptor.
func bareClient(t *testing.T, at netip.AddrPort) int {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}); err != nil {
		t.Fatal(err)
	}
	return fd
}
