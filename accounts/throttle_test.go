package accounts

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"parley"
)

// someone is a trier.
func someone(name, address string) trier {
	return trier{name: parley.NameKey(name), from: network(netip.MustParseAddr(address))}
}

func TestWaitsGrow(t *testing.T) {
	th, now := newThrottle(), time.Unix(1e9, 0)
	alice := someone("alice", "10.0.0.1")
	want := []time.Duration{0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300}
	for i, seconds := range want {
		th.wrong(alice, now)
		if got := th.wait(alice, now); got != seconds*time.Second {
			t.Errorf("after %d: %v", i+1, got)
		}
		now = now.Add(th.wait(alice, now))
		if got := th.wait(alice, now); got != 0 {
			t.Errorf("after %d and waiting: %v", i+1, got)
		}
	}
	for range 100 {
		th.wrong(alice, now)
	}
	if got := th.wait(alice, now); got != longestWait {
		t.Errorf("in the end: %v", got)
	}
	th.right(alice)
	for range freeTries - 1 {
		th.wrong(alice, now)
	}
	if got := th.wait(alice, now); got != 0 {
		t.Errorf("success has not cleared it: %v", got)
	}
}

func TestWrongPasswordsHoldUpNobodyElse(t *testing.T) {
	th, now := newThrottle(), time.Unix(1e9, 0)
	for range 20 {
		th.wrong(someone("alice", "10.0.0.1"), now)
		th.wrong(someone("carol", "2001:db8::1"), now)
	}
	for _, free := range []trier{
		someone("bob", "10.0.0.1"), someone("alice", "10.0.0.2"), someone("carol", "2001:db8:0:1::1"),
		someone("dave", "2001:db8::1"),
	} {
		if wait := th.wait(free, now); wait != 0 {
			t.Errorf("%v waits %v", free, wait)
		}
	}
	for _, held := range []trier{
		someone("alice", "10.0.0.1"), someone("alice", "::ffff:10.0.0.1"), someone("carol", "2001:db8::2:3:4"),
	} {
		if wait := th.wait(held, now); wait == 0 {
			t.Errorf("%v need not wait", held)
		}
	}
}

func TestWrongPasswordsAreForgotten(t *testing.T) {
	th, now := newThrottle(), time.Unix(1e9, 0)
	alice := someone("alice", "10.0.0.1")
	for range 20 {
		th.wrong(alice, now)
	}
	now = now.Add(forgotten)
	th.wrong(alice, now)
	if wait := th.wait(alice, now); wait != 0 || len(th.triers) != 1 {
		t.Errorf("an hour later she waits %v; %d are remembered", wait, len(th.triers))
	}
}

func TestTheThrottleIsBounded(t *testing.T) {
	th, now := newThrottle(), time.Unix(1e9, 0)
	alice, bob := someone("alice", "10.0.0.1"), someone("bob", "10.0.0.1")
	for range freeTries {
		th.wrong(alice, now)
		th.wrong(bob, now)
	}
	for i := range maxTriers - 2 {
		th.wrong(someone(fmt.Sprint("x", i), "10.0.0.2"), now)
	}
	th.wrong(alice, now) // so that bob is the oldest
	th.wrong(someone("one-more", "10.0.0.2"), now)
	if len(th.triers) != maxTriers || th.order.Len() != maxTriers {
		t.Errorf("%d and %d are remembered", len(th.triers), th.order.Len())
	}
	if th.wait(alice, now) == 0 || th.wait(bob, now) != 0 {
		t.Error("it was not the oldest that was dropped")
	}
}

// A clock that is set back makes nobody wait for longer than the longest wait.
func TestAClockThatIsSetBack(t *testing.T) {
	th, now := newThrottle(), time.Unix(1e9, 0)
	alice := someone("alice", "10.0.0.1")
	for range freeTries {
		th.wrong(alice, now)
	}
	if wait := th.wait(alice, now.Add(-24*time.Hour)); wait != longestWait {
		t.Errorf("she waits %v", wait)
	}
}
