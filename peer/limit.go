package peer

import (
	"net/netip"
	"time"
)

// What gets through from one source, in bytes: a paste passes, a flood does not. A datagram counts for its text and
// datagramCost more, so that tiny ones are limited in number.
const (
	rate         = 64 << 10  // a second
	burst        = 256 << 10 // at once, after a quiet time
	datagramCost = 1 << 10
	maxSources   = 4096 // sources with an allowance of their own; further ones share that of strangers
)

// sayEvery is how long the person is spared a second word about dropped datagrams.
const sayEvery = time.Minute

// verdict says what becomes of a datagram.
type verdict int

const (
	take    verdict = iota
	drop            // over the limit
	dropSay         // over the limit, and it is time to tell the person
)

// limiter decides which datagrams get through. It starts with its zero value, keeps no clock of its own, and is used by
// one goroutine.
type limiter struct {
	known     map[netip.Addr]*bucket
	strangers bucket
	said      time.Time
}

// admit gives the verdict on a datagram of size bytes from an address; known says that the roster has a name for it.
func (l *limiter) admit(from netip.Addr, known bool, size int, now time.Time) verdict {
	if l.bucket(from, known).spend(float64(size+datagramCost), now) {
		return take
	}
	if !l.said.IsZero() && now.Sub(l.said) < sayEvery {
		return drop
	}
	l.said = now
	return dropSay
}

// bucket gives the allowance that a source draws on.
func (l *limiter) bucket(from netip.Addr, known bool) *bucket {
	if !known {
		return &l.strangers
	}
	if b := l.known[from]; b != nil {
		return b
	}
	if len(l.known) >= maxSources {
		return &l.strangers
	}
	if l.known == nil {
		l.known = make(map[netip.Addr]*bucket)
	}
	b := new(bucket)
	l.known[from] = b
	return b
}

// bucket is an allowance that fills up with time. Its zero value is full.
type bucket struct {
	spent float64 // bytes, at the time of last
	last  time.Time
}

// spend takes cost out of the bucket, or takes nothing and reports false when there is not so much in it.
func (b *bucket) spend(cost float64, now time.Time) bool {
	b.spent = max(0, b.spent-now.Sub(b.last).Seconds()*rate)
	b.last = now
	if b.spent+cost > burst {
		return false
	}
	b.spent += cost
	return true
}
