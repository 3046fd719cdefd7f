package discovery

import (
	"context"
	"net/netip"
	"testing"
)

// deaf is a link that hears nothing of what it says.
type deaf struct{ *tap }

func (deaf) Write([]byte, netip.AddrPort) error { return nil }

// Whoever asks hears themselves where multicast works, and it ends then. Where it does not, it ends with its context.
func TestProbeHearsItself(t *testing.T) {
	home := &wire{}
	home.join("10.0.0.9", multicastPort) // somebody else, who says nothing
	for _, e := range probe(t.Context(), []link{home.join("10.0.0.1", multicastPort)}) {
		if !e.Heard || e.Err != nil || e.Network.String() != "10.0.0.1/24" {
			t.Errorf("%+v", e)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	talks := home.join("10.0.0.1", multicastPort)
	quiet := deaf{home.join("10.0.1.1", multicastPort)}
	done := make(chan []Echo)
	go func() { done <- probe(ctx, []link{talks, quiet}) }()
	cancel()
	for i, e := range <-done {
		if i == 1 && e.Heard {
			t.Errorf("%+v", e)
		}
	}
}

// Somebody else's question is not one's own.
func TestProbeIsNotTakenIn(t *testing.T) {
	home := &wire{}
	mine := deaf{home.join("10.0.0.1", multicastPort)}
	other := home.join("10.0.0.2", multicastPort)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan []Echo)
	go func() { done <- probe(ctx, []link{mine}) }()
	if err := other.Write((&view{}).query(), netip.AddrPort{}); err != nil {
		t.Fatal(err)
	}
	cancel()
	if got := <-done; got[0].Heard {
		t.Errorf("%+v", got)
	}
}
