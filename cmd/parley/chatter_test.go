//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/web/frame"
	"parley/web/wire"
)

// chatter is somebody who talks in some rooms over connections that break, as docs/protocol.md tells clients to: it comes
// back with its token and the last number that it has seen, and says again what it has had no answer to.
type chatter struct {
	asker
	storm *storm
	token parley.Token
	rooms map[wire.Place]*seen

	conn     net.Conn
	frames   frame.Reader
	welcomed bool
	hangUp   int // how many more requests it sends before it closes the connection in the middle of one; -1 for all
	visits   int
}

// seen is what somebody has seen of a room.
type seen struct {
	prints []uint64 // of the events 1, 2, 3, …
	in     bool     // joined, on the connection at hand
	upTo   parley.Seq
}

// violation is what no client should ever see.
type violation struct{ error }

func violated(format string, args ...any) error { return violation{fmt.Errorf(format, args...)} }

// run talks until everything has been said and everything has been seen. An error is a violation.
func (c *chatter) run(ctx context.Context) error {
	for !c.finished() {
		err := c.visit(ctx)
		if wrong, ok := errors.AsType[violation](err); ok {
			return fmt.Errorf("%s, on connection %d: %w", c.name, c.visits, wrong)
		}
		if ctx.Err() != nil {
			return nil // somebody else has seen a violation
		}
	}
	return nil
}

// finished reports whether there is nothing left to say or see.
func (c *chatter) finished() bool {
	goal := c.storm.goal.Load()
	if goal == nil || !c.asker.finished() {
		return false
	}
	for place, last := range *goal {
		if parley.Seq(len(c.rooms[place].prints)) < last {
			return false
		}
	}
	return true
}

// visit is one connection, from the hello until it breaks. An error that is no violation is that it broke.
func (c *chatter) visit(ctx context.Context) error {
	conn, _, _, err := ws.Dialer{}.Dial(ctx, "ws://"+c.storm.net.address()+"/v1/socket")
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	c.conn, c.frames, c.welcomed = conn, frame.Reader{Limit: 1 << 22}, false
	c.visits++
	c.hangUp = -1
	if c.random.IntN(4) == 0 {
		c.hangUp = c.random.IntN(2 * c.storm.window)
	}
	hello := wire.Hello{Token: c.token}
	for place, s := range c.rooms {
		s.in, s.upTo = false, parley.Seq(len(s.prints))
		hello.Rooms = append(hello.Rooms, wire.Resume{Room: place, After: &s.upTo})
	}
	if err := c.say(hello); err != nil {
		return err
	}
	for !c.finished() {
		if err := c.hear(); err != nil {
			return err
		}
	}
	return nil
}

// say sends messages in one write.
func (c *chatter) say(messages ...wire.ClientMessage) error {
	var out []byte
	for _, m := range messages {
		out = frame.AppendMasked(out, ws.OpText, m.Append(nil), ws.NewMask())
	}
	_, err := c.conn.Write(out)
	return err
}

// hear takes what one read brings, and then asks for more.
func (c *chatter) hear() error {
	if err := c.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	buf := make([]byte, 32<<10)
	n, err := c.conn.Read(buf)
	if netErr, ok := errors.AsType[net.Error](err); ok && netErr.Timeout() && len(c.flight) > 0 {
		return violated("no answer to %s", c.flight[0].id)
	}
	if err != nil {
		return err
	}
	c.frames.Feed(buf[:n])
	for {
		m, ok, err := c.frames.Next()
		switch {
		case err != nil:
			return violated("a frame that is none: %w", err)
		case !ok:
			return c.ask()
		case m.Kind == frame.Close:
			return errors.New("closed")
		case m.Kind == frame.Text:
			if err := c.take(m.Payload); err != nil {
				return err
			}
		}
	}
}

// ask sends further requests, as many as may be in flight. Now and then it hangs up in the middle of one.
func (c *chatter) ask() error {
	if !c.welcomed {
		return nil
	}
	for _, r := range c.next(c.storm.window) {
		if c.hangUp == 0 {
			whole := frame.AppendMasked(nil, ws.OpText, r.message.Append(nil), ws.NewMask())
			_, _ = c.conn.Write(whole[:c.random.IntN(len(whole))])
			return errors.New("hung up")
		}
		c.hangUp--
		if err := c.say(r.message); err != nil {
			return err
		}
	}
	return nil
}

// take deals with a message of the server.
func (c *chatter) take(text []byte) error {
	m, err := wire.DecodeServer(text)
	if err != nil {
		return violated("%w: %s", err, text)
	}
	switch m := m.(type) {
	case wire.Welcome:
		c.welcomed = true
		c.again()
	case wire.Joined:
		return c.joined(m)
	case wire.Ack:
		return c.answer(c.acked(m))
	case wire.Refused:
		return c.answer(c.refused(m))
	case wire.Bye:
		if !m.Retry {
			return violated("the server says %s", text)
		}
	case wire.Presence:
	default:
		return c.event(m, text)
	}
	return nil
}

// answer notes that an answer was taken.
func (c *chatter) answer(err error) error {
	if err == nil {
		c.storm.answered(c)
	}
	return err
}

// joined notes that what comes from a room comes without a gap from now on, or asks for the next page.
func (c *chatter) joined(m wire.Joined) error {
	s := c.rooms[m.Room]
	if s == nil || s.in || m.First != 1 || m.Last < s.upTo {
		return violated("joined %s (first %d, last %d) where %d is seen", m.Room, m.First, m.Last, s.upTo)
	}
	if s.in = !m.More; s.in {
		return nil
	}
	s.upTo = m.Next
	return c.say(wire.Join{Resume: wire.Resume{Room: m.Room, After: &s.upTo}})
}

// event sees an event of a room.
func (c *chatter) event(m wire.ServerMessage, text []byte) error {
	head, print, err := printOf(m)
	if err != nil {
		return violated("%w: %s", err, text)
	}
	s := c.rooms[head.Room]
	switch {
	case s == nil:
		return violated("from a room that it is not in: %s", text)
	case head.Number != parley.Seq(len(s.prints))+1:
		return violated("after number %d of %s comes %s", len(s.prints), head.Room, text)
	case !s.in && head.Number > s.upTo:
		return violated("up to %d was promised, and then comes %s", s.upTo, text)
	}
	s.prints = append(s.prints, print)
	if said, ok := m.(wire.Message); ok {
		c.remember(said)
		if !said.Edited && !said.Deleted && !strings.HasPrefix(string(said.Text), string(said.ID)+" ") {
			return violated("that is not what was said: %s", text)
		}
	}
	return nil
}
