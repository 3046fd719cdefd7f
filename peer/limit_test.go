package peer

import (
	"net/netip"
	"testing"
	"time"
)

func TestLimitRefillsWithTime(t *testing.T) {
	var l limiter
	from, now := netip.MustParseAddr("10.0.0.1"), time.Unix(1_700_000_000, 0)
	for l.admit(from, true, 0, now) == take {
	}
	if got := l.admit(from, true, 0, now); got != drop {
		t.Errorf("right after the limit: %v, want drop without a second word", got)
	}
	now = now.Add(datagramCost * time.Second / rate)
	if got := l.admit(from, true, 0, now); got != take {
		t.Errorf("after the time of one datagram: %v, want take", got)
	}
	if got := l.admit(from, true, 0, now); got != drop {
		t.Errorf("after that one: %v, want drop", got)
	}
	now = now.Add(sayEvery)
	for l.admit(from, true, 60<<10, now) == take {
	}
	if l.said != now {
		t.Error("a new flood a minute later is not mentioned")
	}
}

func TestLimitKeepsABoundedNumberOfSources(t *testing.T) {
	var l limiter
	now := time.Unix(1_700_000_000, 0)
	for i := range 2 * maxSources {
		l.admit(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), true, 10, now)
	}
	if len(l.known) != maxSources {
		t.Errorf("%d sources are kept, want %d", len(l.known), maxSources)
	}
}
