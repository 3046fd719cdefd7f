package transport

import (
	"context"
	"errors"
)

// maxParts is how many queued parts are handed over at once.
const maxParts = 64

// errQueueFull tells Send that the connection must be cut.
var errQueueFull = errors.New("the queue is full")

// Send sends the bytes of parts, one after the other, after everything sent before. It never waits: what the kernel
// does not take at once is queued. A connection with more than QueueLimit queued is cut with CodeSlowReader when its
// peer then takes nothing for Patience, and at once when 8 times QueueLimit are queued. The bytes must not change from
// now on; parts itself is the caller's again. After Close, Cut or a failure of the network it does nothing.
func (c *Conn) Send(parts [][]byte) {
	c.mu.Lock()
	err := c.push(parts)
	c.mu.Unlock()
	switch err {
	case nil:
	case errQueueFull:
		c.Cut(tooSlow(overload * c.terms.QueueLimit))
	default:
		c.fail(err)
	}
}

// push hands over what can be without waiting and queues the rest. The caller holds mu.
func (c *Conn) push(parts [][]byte) error {
	size := totalLen(parts)
	if c.phase != open || size == 0 {
		return nil
	}
	handed := 0
	if c.queue == nil {
		var err error
		handed, err = c.link.try(parts)
		if err != nil || handed == size {
			return err
		}
		c.startDrain()
	}
	c.queue.push(parts, handed)
	switch {
	case c.queue.cost > overload*c.terms.QueueLimit:
		return errQueueFull
	case c.queue.cost > c.terms.QueueLimit && c.queue.watch == nil:
		c.watch()
	}
	return nil
}

// Flush waits until everything that was sent before has been handed to the kernel. The error is the reason for which
// the connection ended before that, or why ctx ended.
func (c *Conn) Flush(ctx context.Context) error {
	t, err := c.queueTurn(nil, 0)
	if t == nil {
		return err
	}
	select {
	case err = <-t.done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// startDrain starts sending what is queued. The caller holds mu, and queues something before it lets go.
func (c *Conn) startDrain() {
	c.queue = new(queue)
	go c.drain()
}

// drain sends what is queued, in order. It is the only one that waits for the peer to read, and there is one only while
// something is queued. Where the connection is closing it sees that through to the end.
func (c *Conn) drain() {
	scratch := make([][]byte, 0, maxParts)
	for {
		parts, t, phase := c.ahead(scratch)
		switch {
		case t != nil:
			t.done <- c.runTurn(t)
		case len(parts) > 0:
			n, err := c.link.write(parts)
			c.sent(n, err)
			clear(parts) // hold on to nothing that has been sent
		case phase == closing:
			c.closeGracefully()
		case phase == closed:
			c.markGone()
			return
		default:
			return
		}
	}
}

// ahead gives what is next in the queue. Giving nothing in a phase before closing, it has removed the queue: the drain
// is over, and the next Send may start another.
func (c *Conn) ahead(scratch [][]byte) ([][]byte, *turn, phase) {
	c.mu.Lock()
	defer c.mu.Unlock()
	parts, t := c.queue.next(scratch)
	if t == nil && len(parts) == 0 && c.phase < closing {
		c.queue.unwatch()
		c.queue = nil
	}
	return parts, t, c.phase
}

// sent notes what came of a write.
func (c *Conn) sent(n int, err error) {
	if err != nil {
		c.fail(err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase == open || c.phase == closing { // otherwise the queue has been abandoned
		c.queue.sent(n)
	}
}
