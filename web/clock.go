package web

import "time"

// How long a client may be silent.
const (
	helloTimeout = 10 * time.Second // to say who it is
	pingAfter    = 30 * time.Second // until it is asked whether it is still there, and again until it is given up
)

// clock says what is due on a connection from which nothing has come. It reads no clock itself, and starts no timer.
type clock struct {
	began  time.Time
	heard  time.Time // the last sign of life
	pinged bool      // it was asked since then
	armed  time.Time // the alarm that is set, zero for none
}

// due is something to do about a silence.
type due uint8

// What can be due.
const (
	dueNothing due = iota
	duePing        // ask whether the client is there
	dueHello       // end it: it has not said who it is
	dueEnd         // end it: it does not answer
)

// noDeadline is never.
var noDeadline time.Time

// start begins to count.
func (c *clock) start(now time.Time) { c.began, c.heard = now, now }

// hear notes a sign of life.
func (c *clock) hear(now time.Time) { c.heard, c.pinged = now, false }

// due gives what is to be done now, once; greeted says that the client has said who it is.
func (c *clock) due(now time.Time, greeted bool) due {
	if !c.armed.IsZero() && !now.Before(c.armed) {
		c.armed = noDeadline
	}
	silence := now.Sub(c.heard)
	switch {
	case !greeted && now.Sub(c.began) >= helloTimeout:
		return dueHello
	case silence >= 2*pingAfter:
		return dueEnd
	case greeted && silence >= pingAfter && !c.pinged:
		c.pinged = true
		return duePing
	}
	return dueNothing
}

// alarm gives when to ask again if nothing comes, and whether that is another time than what was given last. An alarm that is too
// early is left alone: when it passes it is set again, so a connection that is often heard of sets it seldom.
func (c *clock) alarm(greeted bool) (at time.Time, changed bool) {
	switch {
	case !greeted:
		at = c.began.Add(helloTimeout)
	case c.pinged:
		at = c.heard.Add(2 * pingAfter)
	default:
		at = c.heard.Add(pingAfter)
	}
	if !c.armed.IsZero() && !at.Before(c.armed) {
		return c.armed, false
	}
	c.armed = at
	return at, true
}
