package client

import (
	"net"
	"time"
)

// maxHeld is how many events are held at most.
const maxHeld = 1000

// opening keeps what comes first on a connection until it is known that the server serves it, so that the person is
// told of the connection before anything that came over it, and not before others can see them. It belongs to the
// reader.
type opening struct {
	client   *Client
	conn     net.Conn
	patience time.Duration // how long a sign is waited for
	until    time.Time     // zero before begin
	opened   bool
	held     []Event
}

// begin starts to wait for a sign.
func (o *opening) begin(now time.Time) { o.until = now.Add(o.patience) }

// open tells of the connection, and whatever was held. Only the first call counts.
func (o *opening) open() {
	if o.opened {
		return
	}
	o.client.emit(Connected{o.client.options.Target.shown(addressOf(o.conn.RemoteAddr()))})
	o.finish()
}

// emit hands an event on, or holds it.
func (o *opening) emit(e Event) {
	if o.opened {
		o.client.emit(e)
		return
	}
	if o.held = append(o.held, e); len(o.held) == maxHeld {
		o.open()
	}
}

// tick opens when there was no sign for long enough, and reports whether it did so now.
func (o *opening) tick(now time.Time) bool {
	if o.opened || now.Before(o.until) {
		return false
	}
	o.open()
	return true
}

// wakeAt gives the time at which tick has something to do, zero for never.
func (o *opening) wakeAt() time.Time {
	if o.opened {
		return time.Time{}
	}
	return o.until
}

// finish hands on what was held, and holds nothing any more.
func (o *opening) finish() {
	o.opened = true
	for _, e := range o.held {
		o.client.emit(e)
	}
	o.held = nil
}
