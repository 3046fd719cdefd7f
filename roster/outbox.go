package roster

import (
	"sync"
	"time"

	"parley"
	"parley/roster/wire"
)

// outbox is what goes to one client, each thing at its time. Its methods may be called from any goroutine.
type outbox struct {
	conn conn

	mu    sync.Mutex
	pacer wire.Pacer
	timer *time.Timer // runs while something waits; nil until something has waited
	last  bool        // the connection is about to be closed: no roster is sent any more
	ended bool
}

// Send takes blocks of the hub, in the listener's form.
func (o *outbox) Send(parts [][]byte) {
	now := time.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, block := range parts {
		for len(block) > 0 {
			var who, text []byte
			who, text, block = cutChunk(block)
			o.pacer.Text(who, text, now)
		}
	}
	o.pump(now)
}

// say sends words of the server's own.
func (o *outbox) say(text []byte) {
	now := time.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pacer.Text(nil, text, now)
	o.pump(now)
}

// roster sends the newest roster.
func (o *outbox) roster(roster []byte) {
	now := time.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.last {
		return
	}
	o.pacer.Roster(roster, now)
	o.pump(now)
}

// flush sends the texts that wait, at once. It is for a connection that is about to be closed: a roster is left out, now and
// later, since it must stand alone and the goodbye comes right behind.
func (o *outbox) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = true
	o.send(o.pacer.Rest())
}

// end sends the texts that wait, and last words where there are any, and closes the connection. Nothing is sent any more
// afterwards.
func (o *outbox) end(words []byte, reason error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.send(o.pacer.Rest())
	if len(words) > 0 {
		o.send([][]byte{words})
	}
	o.ended = true
	if o.timer != nil {
		o.timer.Stop()
	}
	o.conn.Close(reason)
}

// Close tells the client why the connection ends, and ends it; whoever listens to it then leaves.
func (o *outbox) Close(reason error) {
	o.end(wire.AppendNotice(nil, "closed: "+parley.Sentence(reason)), reason)
}

// wake is what the timer does.
func (o *outbox) wake() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pump(time.Now())
}

// pump sends what can go now, and sets the timer to when there is more. The caller holds mu.
func (o *outbox) pump(now time.Time) {
	for !o.ended {
		parts, wake := o.pacer.Next(now)
		o.send(parts)
		if wake.IsZero() {
			return
		}
		if wake.After(now) {
			o.wakeAt(wake.Sub(now))
			return
		}
	}
}

// wakeAt sets the timer. The caller holds mu.
func (o *outbox) wakeAt(wait time.Duration) {
	if o.timer == nil {
		o.timer = time.AfterFunc(wait, o.wake)
		return
	}
	o.timer.Reset(wait)
}

// send sends parts. The caller holds mu, which keeps the order; sending never blocks.
func (o *outbox) send(parts [][]byte) {
	if len(parts) > 0 && !o.ended {
		o.conn.Send(parts)
	}
}
