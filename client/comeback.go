package client

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"parley"
	"parley/certs"
)

// finalError is a reason not to come back.
type finalError struct{ error }

// Unwrap gives the reason itself.
func (e finalError) Unwrap() error { return e.error }

// laterError is a reason to come back only after a while: the server has asked for it.
type laterError struct {
	error
	after time.Duration
}

// Unwrap gives the reason itself.
func (e laterError) Unwrap() error { return e.error }

// longestLater is how long a server can ask to stay away.
const longestLater = 10 * time.Minute

// later makes the reason that is told by a code of the server, with what it says of coming back in seconds.
func later(reason error, seconds int) error {
	if seconds <= 0 {
		return reason
	}
	return laterError{reason, min(time.Duration(min(seconds, 1<<20))*time.Second, longestLater)}
}

// laterBy gives how long to stay away, for a reason, at the least.
func laterBy(reason error) time.Duration {
	asked, _ := errors.AsType[laterError](reason)
	return asked.after
}

// errComeBack is the reason of a connection that was left in order to come back at once, under the name that is free
// again.
var errComeBack = errors.New("coming back under the own name")

// live goes from one connection to the next until the Client ends.
func (c *Client) live(conn net.Conn) {
	var pause backoff
	again := false
	for conn != nil {
		began := time.Now()
		l := c.newLink(conn, again)
		left := make(chan struct{})
		stay := context.AfterFunc(c.ctx, func() { l.leave(); close(left) })
		err := l.run(func() { c.setLink(nil, l) })
		if !stay() {
			<-left
		}
		c.setLink(l, nil)
		_ = conn.Close() // closing twice does no harm
		conn, err = c.comeBack(&pause, time.Since(began), err)
		if err != nil {
			c.cancel(err)
		}
		again = true
	}
	c.end()
}

// newLink makes the link of the Client's protocol.
func (c *Client) newLink(conn net.Conn, again bool) link {
	switch c.options.Target.Scheme {
	case SchemeUDP:
		return newUDP(c, conn, again)
	case SchemeRoster:
		return newRoster(c, conn, again)
	case SchemeHTTP:
		return newWeb(c, conn, again)
	}
	return newPlain(c, conn, again)
}

// comeBack waits and dials until there is a connection again; nil when there will be none. The error says why, and is
// nil after Close.
func (c *Client) comeBack(pause *backoff, lived time.Duration, reason error) (net.Conn, error) {
	for {
		final, ok := errors.AsType[finalError](reason)
		switch {
		case c.ctx.Err() != nil:
			return nil, nil
		case ok:
			return nil, final.error
		case c.options.NoReconnect:
			return nil, parley.Wrap(parley.CodeClosed, reason, c.lostBy(reason))
		}
		if !errors.Is(reason, errComeBack) {
			wait := max(pause.next(lived, c.outside.random()), laterBy(reason))
			c.emit(Lost{Reason: c.lostBy(reason), Wait: wait})
			if c.outside.wait(c.ctx, wait) != nil {
				return nil, nil
			}
		}
		conn, err := c.outside.connect(c.ctx)
		if err == nil {
			return conn, nil
		}
		if errors.Is(err, certs.ErrUntrusted) {
			err = finalError{err}
		}
		lived, reason = 0, err
	}
}

// end says why the Client has ended, and lets its events end.
func (c *Client) end() {
	c.cancel(nil) // where it was cancelled already, the first reason stays
	if c.neighbours != nil {
		c.neighbours.close()
	}
	if c.membership != nil {
		c.membership.close()
	}
	c.mu.Lock()
	if cause := context.Cause(c.ctx); !errors.Is(cause, context.Canceled) {
		c.err = cause
	}
	c.over = true
	c.announce()
	c.mu.Unlock()
	c.events.close()
}

// watch ends the Client when nothing has come for the time that its options give.
func (c *Client) watch() {
	timer := time.NewTimer(c.options.Timeout)
	defer timer.Stop()
	for {
		select {
		case <-c.noticed:
			timer.Reset(c.options.Timeout)
		case <-timer.C:
			c.cancel(parley.Errorf(parley.CodeIdle, "nothing has come from %s for %v", c.shown(), c.options.Timeout))
			return
		case <-c.ctx.Done():
			return
		}
	}
}

// heard notes that something has come.
func (c *Client) heard() {
	select {
	case c.noticed <- struct{}{}:
	default:
	}
}

// shown names the server for people.
func (c *Client) shown() string { return parley.CleanLine(c.options.Target.Address()) }

// lostBy says why there is no connection.
func (c *Client) lostBy(err error) string {
	if coded, ok := errors.AsType[*parley.Error](err); ok {
		return coded.Sentence
	}
	reason := innermost(err)
	if errors.Is(err, io.EOF) {
		reason = "the server has closed it"
	}
	return "the connection to " + c.shown() + " is lost: " + reason
}

// innermost gives the cause at the end of a chain: of a network error, what the system said.
func innermost(err error) string {
	for {
		cause := errors.Unwrap(err)
		if cause == nil {
			return err.Error()
		}
		err = cause
	}
}
