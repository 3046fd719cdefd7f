package transport

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"parley"
)

// turn is somebody waiting for their place in the stream, who then may want to send from a reader.
type turn struct {
	source io.Reader
	left   int64      // bytes of source still to send; 0 for somebody who only wants to know that their turn has come
	done   chan error // gets exactly one value
}

// queueTurn queues a turn. It gives nil when there is nothing to wait for: the connection has ended (the error), or
// everything was handed over and the turn wants no more than that.
func (c *Conn) queueTurn(source io.Reader, size int64) (*turn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != open {
		return nil, c.reason
	}
	if c.queue == nil {
		if size == 0 {
			return nil, nil
		}
		c.startDrain()
	}
	t := &turn{source, size, make(chan error, 1)}
	c.queue.pushTurn(t)
	return t, nil
}

// Copy sends exactly size bytes of source, after everything sent before, and waits until they have been handed to the
// kernel. What is sent meanwhile queues up behind them. The source itself does not count as queued; a file goes to a
// TCP connection without passing through this process. Copy reads source from another goroutine, but not after it has
// returned.
//
// Whatever goes wrong, the peer would take what is sent next for the rest of the source, so the connection is cut, and
// the error is the reason: source failed or ended early (CodeStore), the peer took nothing for StallTimeout
// (CodeSlowReader), ctx ended, or the connection did.
func (c *Conn) Copy(ctx context.Context, source io.Reader, size int64) error {
	if size < 0 {
		return parley.Errorf(parley.CodeInvalid, "a size cannot be negative")
	}
	t, err := c.queueTurn(source, size)
	if t == nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { c.Cut(interrupted(context.Cause(ctx))) })
	defer stop()
	return <-t.done
}

// interrupted gives the reason of a connection whose Copy was called off.
func interrupted(cause error) error {
	if err, ok := errors.AsType[*parley.Error](cause); ok {
		return err
	}
	return parley.Wrap(parley.CodeClosed, cause, "the transfer was interrupted")
}

// runTurn does what the turn wants, now that it is first.
func (c *Conn) runTurn(t *turn) error {
	if t.left == 0 {
		return nil
	}
	c.setInFile(true)
	defer c.setInFile(false)
	if err := c.stream(t); err != nil {
		c.Cut(err)
		return c.Reason()
	}
	return nil
}

// setInFile notes whether the bytes under way are a file's.
func (c *Conn) setInFile(in bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inFile = in
	if !in && c.phase == open {
		_ = c.link.SetWriteDeadline(time.Time{})
	}
}

// stream sends from the turn's source until nothing is left.
func (c *Conn) stream(t *turn) error {
	step := c.sendBuffered
	if _, ok := t.source.(*os.File); ok {
		if _, ok := c.link.(fileSender); ok {
			step = c.sendFileStep
		}
	}
	in := intake{pools: &c.terms.buffers, eager: true}
	defer in.giveBack()
	for t.left > 0 {
		if err := step(t, &in); err != nil {
			return err
		}
	}
	return nil
}

// fileSender is a link that can send a file without reading it. It sends up to n bytes from where f stands, and less
// only with an error, at the end of f, or when it has done enough for one call.
type fileSender interface {
	sendFile(f *os.File, n int64) (int64, error)
}

// sendFileStep sends the next stretch of a file.
func (c *Conn) sendFileStep(t *turn, _ *intake) error {
	c.allowStall()
	n, err := c.link.(fileSender).sendFile(t.source.(*os.File), t.left)
	t.left -= n
	slow := errors.Is(err, os.ErrDeadlineExceeded) && c.Reason() == nil
	switch {
	case n > 0 && (err == nil || slow): // slow is not standing still
		return nil
	case err == nil:
		return errShort
	}
	return c.sendError(err)
}

// sendBuffered sends the next stretch of any reader.
func (c *Conn) sendBuffered(t *turn, in *intake) error {
	space := in.space()
	n, err := t.source.Read(space[:min(t.left, int64(len(space)))])
	t.left -= int64(n)
	for rest := space[:n]; len(rest) > 0; {
		c.allowStall()
		handed, err := c.link.write([][]byte{rest})
		if err != nil {
			return c.sendError(err)
		}
		rest = rest[handed:]
	}
	switch {
	case t.left == 0 || err == nil:
		return nil
	case err == io.EOF:
		return errShort
	}
	return parley.Wrap(parley.CodeStore, err, "the file could not be read")
}

// errShort is a source that ended early.
var errShort = parley.Errorf(parley.CodeStore, "the file is shorter than was announced")

// allowStall gives the peer StallTimeout from now to take something, or what is left to a connection that is closing.
// It is called when the step before, if there was one, has succeeded.
func (c *Conn) allowStall() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase == open {
		c.queue.steps++
		_ = c.link.SetWriteDeadline(time.Now().Add(c.terms.StallTimeout))
	}
}

// sendError gives why a turn's bytes could not be sent.
func (c *Conn) sendError(err error) error {
	switch reason := c.Reason(); {
	case reason != nil:
		return reason
	case errors.Is(err, os.ErrDeadlineExceeded):
		return parley.Errorf(parley.CodeSlowReader, "too slow, took nothing for %v", c.terms.StallTimeout)
	}
	return explain(err)
}
