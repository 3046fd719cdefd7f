package plain

import (
	"net/netip"
	"time"

	"parley/transport"
)

// What limits a UDP listener. Anybody can forge where a datagram comes from, so what is sent there stays in proportion to
// what came from there.
const (
	// sendRate is how many bytes go to one source in a second, and at once.
	sendRate = 64 << 10
	// newTime is how long a source is new. While it is, at most newFactor times as much goes to it as came from it.
	newTime   = 10 * time.Second
	newFactor = 8
	// takeRate and takeBurst are how much is taken from one source in a second, and at once: a datagram counts for its bytes
	// and transport.MessageCost for each line, as a message does over TCP.
	takeRate  = transport.DefaultRate
	takeBurst = transport.DefaultBurst
	// admitRate and admitBurst are how many participants are admitted in a second, and at once.
	admitRate  = 64
	admitBurst = 256
)

// bucket is a token bucket: it lets burst through at once, and rate a second in the long run. It reads no clock.
type bucket struct {
	rate, burst float64
	level       float64 // how much was let through and has not been made up for by time
	since       time.Time
}

// take lets n through at the time now, all of it or nothing.
func (b *bucket) take(n int, now time.Time) bool {
	if passed := now.Sub(b.since); passed > 0 {
		b.level = max(0, b.level-b.rate*passed.Seconds())
		b.since = now
	}
	if b.level+float64(n) > b.burst {
		return false
	}
	b.level += float64(n)
	return true
}

// allowance is what may be sent to one source, and taken from it. What is sent is measured in whole packets: with a packet of
// 30 bytes for a "hi", and not with its 2, the source and the network have to do. It reads no clock.
type allowance struct {
	overhead int       // bytes of the headers of IP and UDP
	since    time.Time // its first datagram
	last     time.Time // its last
	received int       // bytes
	sent     int       // bytes, while it is new
	out, in  bucket
}

// newAllowance is that of a source whose first datagram comes now.
func newAllowance(source netip.Addr, now time.Time) allowance {
	a := allowance{
		overhead: 40 + 8, // RFC 8200, section 3, and RFC 768
		since:    now,
		out:      bucket{rate: sendRate, burst: sendRate},
		in:       bucket{rate: takeRate, burst: takeBurst},
	}
	if source.Is4() {
		a.overhead = 20 + 8 // RFC 791, section 3.1
	}
	return a
}

// receive notes a datagram of n bytes in so many lines, and reports whether the source was slow enough for it to be taken.
func (a *allowance) receive(n, lines int, now time.Time) bool {
	a.received += n + a.overhead
	a.last = now
	return a.in.take(n+lines*transport.MessageCost, now)
}

// send reports whether a datagram of n bytes may be sent, and counts it.
func (a *allowance) send(n int, now time.Time) bool {
	n += a.overhead
	isNew := a.last.Sub(a.since) < newTime // one datagram, forged perhaps, does not become trusted by waiting
	if isNew && a.sent+n > newFactor*a.received || !a.out.take(n, now) {
		return false
	}
	if isNew {
		a.sent += n
	}
	return true
}

// isNear reports whether datagrams may go to an address without relay=any: loopback, link-local and private addresses
// (RFC 1122, section 3.2.1.3; RFC 3927 and RFC 4291, section 2.5.6; RFC 1918 and RFC 4193).
func isNear(a netip.Addr) bool { return a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsPrivate() }

// isSource reports whether a datagram can come from there: addresses of many, of nobody, and port 0 are forged, and an
// answer would go astray.
func isSource(a netip.AddrPort) bool {
	return a.Port() != 0 && a.Addr().IsValid() && !a.Addr().IsUnspecified() && !a.Addr().IsMulticast()
}
