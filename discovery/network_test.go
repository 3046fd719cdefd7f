package discovery

import (
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wire is a network in memory, on which everybody hears what is sent to everybody, themselves too.
type wire struct {
	mu      sync.Mutex
	members []*tap
	said    [][]byte // to everybody, in order
}

// tap is a place on a wire.
type tap struct {
	wire atomic.Pointer[wire] // may be plugged in elsewhere
	own  netip.Prefix
	port uint16
	in   chan heard
	gone chan struct{}
	once sync.Once
}

// join takes a place.
func (w *wire) join(address string, port uint16) *tap {
	t := &tap{own: netip.MustParsePrefix(address + "/24"), port: port, in: make(chan heard, 1024),
		gone: make(chan struct{})}
	t.wire.Store(w)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.members = append(w.members, t)
	return t
}

// everything gives what has been said to everybody.
func (w *wire) everything() [][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.said)
}

func (t *tap) Read(p []byte) (int, netip.AddrPort, error) {
	select {
	case h := <-t.in:
		return copy(p, h.data), h.from, nil
	case <-t.gone:
		return 0, netip.AddrPort{}, net.ErrClosed
	}
}

func (t *tap) Write(p []byte, to netip.AddrPort) error {
	w := t.wire.Load()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !to.IsValid() {
		w.said = append(w.said, slices.Clone(p))
	}
	for _, other := range w.members {
		if !to.IsValid() && other.port == multicastPort || to == netip.AddrPortFrom(other.own.Addr(), other.port) {
			select {
			case other.in <- heard{from: netip.AddrPortFrom(t.own.Addr(), t.port), data: slices.Clone(p)}:
			default: // as real networks lose packets
			}
		}
	}
	return nil
}

func (t *tap) Networks() []netip.Prefix { return []netip.Prefix{t.own} }

func (t *tap) Close() error {
	t.once.Do(func() { close(t.gone) })
	return nil
}
