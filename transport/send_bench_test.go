package transport

import (
	"io"
	"testing"
)

// sink gives a TCP connection whose peer reads and drops everything.
func sink(tb testing.TB) *Conn {
	c, peer := overTCP(tb, ConnOptions{})
	go func() { _, _ = io.Copy(io.Discard, peer) }()
	return c
}

// BenchmarkSend sends a 200-byte message in one part, and in three around something left out.
func BenchmarkSend(b *testing.B) {
	block := make([]byte, 200)
	for name, parts := range map[string][][]byte{
		"one":   {block},
		"three": {block[:50], block[60:100], block[150:]},
	} {
		b.Run(name, func(b *testing.B) {
			c := sink(b)
			b.ReportAllocs()
			for b.Loop() {
				c.Send(parts)
				if err := c.Flush(b.Context()); err != nil { // so that it cannot fall behind
					b.Fatal(err)
				}
			}
		})
	}
}

// Sending on a connection with nothing queued allocates nothing.
func TestSendAllocatesNothing(t *testing.T) {
	c := sink(t)
	parts := [][]byte{make([]byte, 200), make([]byte, 100)}
	for _, n := range []int{1, 2} {
		allocs := testing.AllocsPerRun(100, func() {
			c.Send(parts[:n])
			if err := c.Flush(t.Context()); err != nil { // so that it cannot fall behind
				t.Fatal(err)
			}
		})
		if allocs > 0 {
			t.Errorf("%d part(s): %v allocations", n, allocs)
		}
	}
}
