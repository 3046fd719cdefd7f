package transport

import (
	"crypto/tls"
	"testing"
)

// On Linux the kernel tells how much the peer has not taken, under TLS too, and that falls as the peer reads, long
// before the kernel takes anything more.
func TestUnacknowledged(t *testing.T) {
	ours, theirs := tcpPair(t)
	defer ours.Close()
	filler := newLink(ours)
	for n := 1; n > 0; {
		var err error
		if n, err = filler.try([][]byte{make([]byte, 1<<20)}); err != nil {
			t.Fatal(err)
		}
	}
	full := filler.unacknowledged()
	links := []link{filler, newLink(portableTCP{ours}), newLink(tls.Server(ours, serverTLS(t)))}
	for read := 0; filler.unacknowledged() >= full; {
		n, err := theirs.Read(make([]byte, largeBuffer))
		if err != nil {
			t.Fatalf("%d bytes were read, and %d of %d are still on their way: %v", read, filler.unacknowledged(), full, err)
		}
		read += n
	}
	for _, l := range links {
		if n := l.unacknowledged(); n <= 0 || n >= full {
			t.Errorf("%T: %d of %d bytes are on their way", l, n, full)
		}
	}
}
