package peer

import (
	"fmt"
	"net/netip"
	"sync"
	"testing"
)

// lines is a Tap that remembers.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) Datagram(local, remote netip.AddrPort, p []byte, sent bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, fmt.Sprintf("%v %v %q %v", local, remote, p, sent))
}

// A Tap is told of each datagram, as it is on the network, by whoever sends it and whoever gets it.
func TestTapSeesDirectMessages(t *testing.T) {
	needManyLoopbacks(t)
	var hers, his lines
	options, received, _ := collect()
	options.Tap = &his
	bob := listen(t, "127.0.0.12", 0, options)
	alice := listen(t, "127.0.0.11", bob.Port(), Options{Tap: &hers})
	if err := alice.Send(netip.MustParseAddr("127.0.0.12"), "hi\x1b"); err != nil {
		t.Fatal(err)
	}
	<-received
	a, b := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.11"), bob.Port()), netip.AddrPortFrom(netip.MustParseAddr("127.0.0.12"), bob.Port())
	if want := fmt.Sprintf("[%v %v %q true]", a, b, "hi\x1b"); fmt.Sprint(hers.all) != want {
		t.Errorf("%v, not %v", hers.all, want)
	}
	if want := fmt.Sprintf("[%v %v %q false]", b, a, "hi\x1b"); fmt.Sprint(his.all) != want {
		t.Errorf("%v, not %v", his.all, want)
	}
}
