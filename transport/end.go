package transport

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"parley"
)

// Close ends the connection in order: nothing more is taken, what is queued is sent for at most CloseTimeout, and then
// the connection is closed. A Next that waits returns. Close itself returns at once; Done tells when all this has
// happened. A nil reason stands for an ordinary end. The first reason given to Close or Cut stays; a later Close does
// nothing.
func (c *Conn) Close(reason error) {
	c.mu.Lock()
	hopeless := c.phase == broken
	if c.phase == open {
		c.note(reason)
		c.phase = closing
		_ = c.link.SetReadDeadline(longAgo)
		_ = c.link.SetWriteDeadline(time.Now().Add(c.terms.CloseTimeout))
		if c.queue == nil {
			c.startDrain()
		}
	}
	c.mu.Unlock()
	if hopeless {
		c.Cut(reason)
	}
}

// Cut closes the connection at once; what is queued is lost. A nil reason stands for an ordinary end.
func (c *Conn) Cut(reason error) {
	c.mu.Lock()
	if c.phase >= closed {
		c.mu.Unlock()
		return
	}
	tell := c.note(reason) && !c.inFile
	reason = c.reason
	c.phase = closed
	draining := c.queue != nil
	if draining {
		c.queue.abandon(reason)
	}
	c.mu.Unlock()

	if tell {
		c.sendFarewell(reason)
	}
	c.link.abort()
	if !draining {
		c.markGone()
	}
}

// fail notes that the network has failed. What came before can still be read, for as long as Close would take: a peer
// that says something and leaves at once, without reading, has said it.
func (c *Conn) fail(cause error) {
	err := explain(cause)
	c.mu.Lock()
	hopeless := c.phase == closing
	if c.phase == open {
		c.note(err)
		c.phase = broken
		if c.queue != nil {
			c.queue.abandon(err)
		}
		_ = c.link.SetReadDeadline(time.Now().Add(c.terms.CloseTimeout))
	}
	c.mu.Unlock()
	if hopeless {
		c.Cut(err)
	}
}

// note takes down the first reason, and says whether this was it. The caller holds mu.
func (c *Conn) note(reason error) bool {
	if c.reason != nil {
		return false
	}
	c.reason = reason
	if reason == nil {
		c.reason = errEnded
	}
	return true
}

// interjector is a link that can write at once, or not at all, whoever else is writing. It says how much it has written.
type interjector interface{ interject(p []byte) int }

// sendFarewell tells the peer why it is cut, if the link takes that at once.
func (c *Conn) sendFarewell(reason error) {
	err, ok := errors.AsType[*parley.Error](reason)
	link, can := c.link.(interjector)
	if !ok || !can || err == errEnded || c.terms.Farewell == nil {
		return
	}
	if p := c.terms.Farewell(err); len(p) > 0 {
		link.interject(p)
	}
}

// closeGracefully ends a connection whose queue has been sent: it tells the peer so, waits for the peer to do the same,
// and closes.
func (c *Conn) closeGracefully() {
	if err := c.link.closeWrite(); err == nil {
		c.linger()
	}
	c.Cut(nil)
}

// linger reads what the peer still sends, and drops it, so that closing does not reset the connection before the peer
// has read what was sent to it.
func (c *Conn) linger() {
	c.reading.Lock() // waits for Next, whose deadline Close has ended
	defer c.reading.Unlock()
	_ = c.link.SetReadDeadline(time.Now().Add(c.terms.linger))
	in := intake{pools: &c.terms.buffers} // what Next gave last may still be in use
	defer in.giveBack()
	for seen := 0; seen < lingerLimit; {
		n, err := c.link.read(&in)
		if err != nil {
			return
		}
		seen += n
	}
}

// markGone notes that the connection is gone.
func (c *Conn) markGone() {
	c.logEnd(c.Reason())
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phase = gone
	c.queue = nil
	if c.done != nil {
		close(c.done)
	}
}

// logEnd logs why the connection ended: quietly where the peer just left.
func (c *Conn) logEnd(reason error) {
	level := slog.LevelInfo
	if parley.CodeOf(reason) == parley.CodeClosed {
		level = slog.LevelDebug
	}
	ctx := context.Background()
	if c.terms.Log.Enabled(ctx, level) {
		c.terms.Log.Log(ctx, level, "disconnected",
			"remote", c.RemoteAddr(), "code", parley.CodeOf(reason), "reason", reason)
	}
}
