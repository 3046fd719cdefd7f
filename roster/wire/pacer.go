package wire

import (
	"bytes"
	"slices"
	"time"
)

// How a Pacer spaces what it sends.
const (
	// Quiet is how long nothing is sent before and after a roster, and between the texts of different people.
	Quiet = 25 * time.Millisecond
	// MaxWait is how long a text waits because different people speak; then all that wait go out together.
	MaxWait = 250 * time.Millisecond
	// MaxWaiting is how many bytes wait at most; over that everything goes out at once, quiet or not.
	MaxWaiting = 256 << 10
)

// MessageGap is how long a client waits between two messages of its own. It sends no newline, so only silence tells them
// apart; the server takes 50 ms of it.
const MessageGap = 60 * time.Millisecond

// Pacer decides when what a server has to say to one client may go out, because a classroom client takes whatever one recv
// brings for one message: a roster goes alone, with Quiet before and after it. Texts may go out together, but those of
// different people only when they have waited for MaxWait: glued together they could not be told from one text (see Parser).
//
// Texts keep their order. A roster that waits is replaced by a newer one, in its place, so that however many people come
// and go, one is soon sent.
//
// A Pacer is a state machine for one goroutine at a time: give it Text and Roster as they come, and call Next then and at
// the time that Next gives. The zero value is ready to use, for a connection on which nothing has been sent.
type Pacer struct {
	queue []waiting // oldest first, with at most one roster
	size  int       // bytes in queue
	last  time.Time // when something was sent; zero for never
	alone bool      // that was a roster
	who   []byte    // or else, whose text it was; the Pacer's own memory
}

// waiting is something that has not been sent.
type waiting struct {
	roster bool
	who    []byte // whose text it is
	bytes  []byte
	since  time.Time
}

// Text takes a text that came at the time now. Texts with the same who are of one person. Both slices are kept, and never
// change.
func (p *Pacer) Text(who, text []byte, now time.Time) {
	p.add(waiting{who: who, bytes: text, since: now})
}

// Roster takes the newest roster, which came at the time now, and keeps the slice, which never changes.
func (p *Pacer) Roster(roster []byte, now time.Time) {
	for i := range p.queue {
		if p.queue[i].roster {
			p.size += len(roster) - len(p.queue[i].bytes)
			p.queue[i].bytes = roster
			return
		}
	}
	p.add(waiting{roster: true, bytes: roster, since: now})
}

// Next gives what is to be sent at the time now, in one write, nothing most of the time; and when to call Next again, the
// zero time when nothing waits.
func (p *Pacer) Next(now time.Time) (parts [][]byte, wake time.Time) {
	switch at := p.ready(); {
	case len(p.queue) == 0:
		return nil, time.Time{}
	case p.size > MaxWaiting:
		return p.send(len(p.queue), now), time.Time{}
	case now.Before(at):
		return nil, at
	}
	parts = p.send(p.count(now), now)
	if len(p.queue) > 0 {
		wake = p.ready()
	}
	return parts, wake
}

// Rest gives the texts that wait, to be sent at once, and forgets a roster that does: it could not go alone. It is for a
// connection that is about to be closed.
func (p *Pacer) Rest() [][]byte {
	p.queue = slices.DeleteFunc(p.queue, func(w waiting) bool {
		if w.roster {
			p.size -= len(w.bytes)
		}
		return w.roster
	})
	return p.send(len(p.queue), p.last)
}

// add puts w behind what waits.
func (p *Pacer) add(w waiting) {
	p.queue = append(p.queue, w)
	p.size += len(w.bytes)
}

// ready gives the earliest time at which the oldest of what waits can go out.
func (p *Pacer) ready() time.Time {
	if len(p.queue) == 0 || p.last.IsZero() {
		return time.Time{}
	}
	quiet := p.last.Add(Quiet)
	switch head := &p.queue[0]; {
	case head.roster, p.alone:
		return quiet
	case bytes.Equal(head.who, p.who):
		return p.last
	default:
		return earlier(quiet, head.since.Add(MaxWait))
	}
}

// count gives how much of the queue goes out together, when its head can.
func (p *Pacer) count(now time.Time) int {
	head := &p.queue[0]
	if head.roster {
		return 1
	}
	all := now.Sub(head.since) >= MaxWait
	n := 1
	for n < len(p.queue) && !p.queue[n].roster && (all || bytes.Equal(p.queue[n].who, head.who)) {
		n++
	}
	return n
}

// send takes the first n of what waits, as sent at the time now.
func (p *Pacer) send(n int, now time.Time) [][]byte {
	parts := make([][]byte, n)
	for i := range parts {
		parts[i] = p.queue[i].bytes
		p.size -= len(p.queue[i].bytes)
	}
	if n > 0 {
		newest := &p.queue[n-1]
		p.last, p.alone, p.who = now, newest.roster, append(p.who[:0], newest.who...)
	}
	if n == len(p.queue) {
		p.queue = nil // no memory is kept while nothing waits
		return parts
	}
	clear(p.queue[:n])
	p.queue = p.queue[n:]
	return parts
}

// earlier gives the earlier of two times.
func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
