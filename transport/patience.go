package transport

import (
	"time"

	"parley"
)

// overload is how many times QueueLimit may be queued for a peer that goes on reading. Above that it is cut all the
// same: memory is bounded, whatever the peer does.
const overload = 8

// mark is how far the peer of a connection has come. Two equal marks, taken at two times while something is queued, say
// that it took nothing in between.
type mark struct {
	steps          int // as in queue
	unacknowledged int // as in link
}

// mark takes a mark. The caller holds mu, and there is a queue.
func (c *Conn) mark() mark { return mark{c.queue.steps, c.link.unacknowledged()} }

// watch gives the peer of a connection with too much queued another Patience, from now on, to take something. The
// caller holds mu, and there is a queue.
func (c *Conn) watch() {
	q, seen := c.queue, c.mark()
	q.watch = time.AfterFunc(c.terms.Patience, func() {
		if c.isStuck(q, seen) {
			c.Cut(tooSlow(c.terms.QueueLimit))
		}
	})
}

// isStuck says, when Patience has ended, whether there is still too much in q and the peer has taken nothing since it
// was seen. While it takes something the watch goes on.
func (c *Conn) isStuck(q *queue, seen mark) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.queue != q || c.phase != open:
	case q.cost <= c.terms.QueueLimit:
		q.watch = nil
	case c.mark() == seen:
		return true
	default:
		c.watch()
	}
	return false
}

// tooSlow is the reason of a connection that was cut while more than limit bytes were queued.
func tooSlow(limit int) error {
	return parley.Errorf(parley.CodeSlowReader, "too slow, over %d bytes were waiting", limit)
}
