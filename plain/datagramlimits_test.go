package plain

import (
	"net/netip"
	"testing"
	"time"
)

// begun is when the clock of these tests starts.
var begun = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

func TestBucket(t *testing.T) {
	b := bucket{rate: 10, burst: 100}
	for _, step := range []struct {
		after time.Duration
		n     int
		want  bool
	}{
		{0, 60, true}, {0, 40, true}, {0, 1, false}, {time.Second, 10, true}, {time.Second, 1, false},
		{-time.Hour, 1, false}, {time.Minute, 101, false}, {time.Minute, 100, true},
	} {
		if got := b.take(step.n, begun.Add(step.after)); got != step.want {
			t.Errorf("after %v taking %d gives %v", step.after, step.n, got)
		}
	}
}

func TestWhatGoesToANewSourceIsAMultipleOfWhatCameFromIt(t *testing.T) {
	for address, overhead := range map[string]int{"10.0.0.1": 28, "fd00::1": 48} {
		a := newAllowance(netip.MustParseAddr(address), begun)
		a.receive(5, 1, begun)
		got := 0
		for a.send(20, begun) {
			got += 20 + overhead
		}
		if most := newFactor * (5 + overhead); got > most || got+20+overhead <= most {
			t.Errorf("to %s %d bytes were sent, of at most %d", address, got, most)
		}
		if a.send(20, begun.Add(newTime-1)) {
			t.Error("it is still new")
		}
		a.receive(5, 1, begun.Add(newTime-1))
		if !a.send(20, begun.Add(newTime-1)) {
			t.Error("it has sent more")
		}
		for a.send(20, begun.Add(newTime-1)) {
		}
		if a.send(20, begun.Add(time.Hour)) {
			t.Error("waiting is not sending: it may be somebody whose address was forged once")
		}
		a.receive(5, 1, begun.Add(newTime))
		if !a.send(972, begun.Add(newTime)) {
			t.Error("it is not new any more")
		}
	}
}

func TestWhatGoesToASourceInASecond(t *testing.T) {
	a := newAllowance(netip.MustParseAddr("10.0.0.1"), begun)
	now := begun.Add(time.Hour)
	a.receive(5, 1, now)
	for _, seconds := range []int{0, 1} { // at once, and then every second
		got := 0
		for a.send(972, now.Add(time.Duration(seconds)*time.Second)) {
			got += 1000
		}
		if got > sendRate || got < sendRate-2000 {
			t.Errorf("%d bytes were sent at second %d", got, seconds)
		}
	}
}

func TestWhatIsTakenFromASource(t *testing.T) {
	a := newAllowance(netip.MustParseAddr("10.0.0.1"), begun)
	taken := 0
	for a.receive(65_507, 1, begun) {
		taken++
	}
	if taken != 3 {
		t.Errorf("%d of the largest datagrams were taken at once", taken)
	}
	if !a.receive(65_507, 1, begun.Add(2*time.Second)) {
		t.Error("none was taken later")
	}
}

// Short datagrams, and lines in long ones, are many words with a name before each: about 1,000 of them are taken in a second.
func TestManyShortTextsFromASource(t *testing.T) {
	for _, c := range []struct{ size, lines, want int }{{2, 1, 992}, {500, 125, 7}, {1000, 1, 61}} {
		a := newAllowance(netip.MustParseAddr("10.0.0.1"), begun)
		for a.receive(c.size, c.lines, begun) {
		}
		a.in.level = takeBurst
		taken := 0
		for a.receive(c.size, c.lines, begun.Add(time.Second)) {
			taken++
		}
		if taken != c.want {
			t.Errorf("%d datagrams of %d bytes in %d lines were taken in a second, want %d", taken, c.size, c.lines, c.want)
		}
	}
}

func TestNearAddresses(t *testing.T) {
	for address, near := range map[string]bool{
		"127.0.0.1": true, "127.255.0.1": true, "::1": true, "10.1.2.3": true, "172.16.0.1": true, "172.32.0.1": false,
		"192.168.1.1": true, "169.254.1.1": true, "fe80::1%eth0": true, "fd00::1": true, "8.8.8.8": false,
		"2001:db8::1": false, "100.64.0.1": false,
	} {
		if got := isNear(netip.MustParseAddr(address)); got != near {
			t.Errorf("%s is near: %v", address, got)
		}
	}
}

func TestPartyIsLimited(t *testing.T) {
	p := newParty(3, 2, time.Minute)
	admit := func(source string) bool {
		m := &participant{source: netip.MustParseAddrPort(source)}
		if p.isFull(m.source.Addr()) {
			return false
		}
		p.admit(m, begun)
		return true
	}
	for i, want := range []bool{true, true, false} {
		if got := admit(netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), uint16(i+1)).String()); got != want {
			t.Errorf("number %d of one address is admitted: %v", i+1, got)
		}
	}
	if !admit("10.0.0.2:1") || admit("10.0.0.3:1") {
		t.Error("three find a place, and no more")
	}
	if gone := p.expire(begun.Add(time.Minute)); len(gone) != 3 || len(p.members)+len(p.addresses) != 0 || !p.next.IsZero() {
		t.Errorf("%d have gone, %+v is left", len(gone), p)
	}
}

func TestSilentParticipantsExpire(t *testing.T) {
	p := newParty(3, 0, time.Minute)
	alice, bob := netip.MustParseAddrPort("10.0.0.1:1"), netip.MustParseAddrPort("10.0.0.2:1")
	p.admit(&participant{source: alice}, begun)
	p.admit(&participant{source: bob}, begun.Add(time.Second))
	if p.find(alice, begun.Add(30*time.Second)) == nil {
		t.Error("alice is there")
	}
	if gone := p.expire(begun.Add(59 * time.Second)); gone != nil {
		t.Errorf("%v has gone too early", gone)
	}
	if gone := p.expire(begun.Add(60 * time.Second)); gone != nil {
		t.Errorf("%v has gone, though heard of", gone)
	}
	if want := begun.Add(61 * time.Second); !p.next.Equal(want) {
		t.Errorf("bob's time is up at %v, not %v", p.next, want)
	}
	if gone := p.expire(begun.Add(61 * time.Second)); len(gone) != 1 || gone[0].source != bob {
		t.Errorf("%v has gone, not bob", gone)
	}
	if gone := p.expire(begun.Add(90 * time.Second)); len(gone) != 1 || gone[0].source != alice {
		t.Errorf("%v has gone, not alice", gone)
	}
}

func TestMailDoesNotGrow(t *testing.T) {
	m := make(mail, 2)
	for i, want := range []bool{true, true, false} {
		if got := m.put(letter{}); got != want {
			t.Errorf("letter %d of two finds room: %v", i+1, got)
		}
	}
	var w waiting
	for range maxWaiting / (1000 + textCost) {
		if !w.add(1000) {
			t.Fatal("no room left")
		}
	}
	if w.add(1000) {
		t.Error("room without end")
	}
	w.remove(1000)
	if !w.add(1000) {
		t.Error("no room though one was posted")
	}
}
