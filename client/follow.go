package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"time"

	"parley"
	"parley/certs"
	"parley/client/socket"
	"parley/web/wire"
)

// Following says what Follow shows, and to whom.
type Following struct {
	Options Options     // Target, TLS, Bind and Token count
	Room    wire.Place  // a room, or "@NAME" for the conversation with somebody
	After   *parley.Seq // the number to begin behind; nil for what is new
	// Show takes every lasting event of the room behind After, once and in order, whatever becomes of connections. An
	// error ends Follow.
	Show func(wire.ServerMessage) error
	// Status takes a Lost for each connection that is lost, and a Connected for each new one; nil for nobody.
	Status func(Event)
}

// Follow shows what happens in a room, on http:// only, until ctx ends, which is no error, or coming back cannot help. Its
// error is an *parley.Error, or what Show gave.
func Follow(ctx context.Context, f Following) error {
	c := &follower{
		Following: f, place: f.Room,
		outside: outside{connect: f.Options.dial, wait: sleep, random: rand.Float64},
	}
	return c.run(ctx)
}

// follower is one Follow.
type follower struct {
	Following
	outside outside
	seen    socket.Seen
	place   wire.Place // as the server names it, once that is known
	inside  bool       // the server has let this client in, ever
	shown   error      // what Show gave
}

// run goes from one connection to the next.
func (f *follower) run(ctx context.Context) error {
	var pause backoff
	if f.After != nil {
		f.seen.Know(f.place, *f.After)
	}
	for {
		began := time.Now()
		err := f.connect(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case f.shown != nil:
			return f.shown
		case !f.inside, !parley.CodeOf(err).Retry(), errors.Is(err, certs.ErrUntrusted):
			return err
		}
		wait := max(pause.next(time.Since(began), f.outside.random()), laterBy(err))
		f.tell(Lost{Reason: parley.Sentence(err), Wait: wait})
		if f.outside.wait(ctx, wait) != nil {
			return nil
		}
	}
}

// tell tells of a connection.
func (f *follower) tell(e Event) {
	if f.Status != nil {
		f.Status(e)
	}
}

// connect follows on one connection, to its end.
func (f *follower) connect(ctx context.Context) error {
	raw, err := f.outside.connect(ctx)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	opening, cancel := context.WithTimeout(ctx, dialTimeout)
	conn, err := socket.Open(opening, raw, f.Options.Target.hostInURL())
	cancel()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	conn.Send(wire.Hello{Token: f.Options.Token, Client: "parley tail"})
	f.seen.Reconnect()
	for {
		m, err := conn.Next()
		if err == nil {
			err = f.take(m, conn, raw.RemoteAddr())
		}
		if err != nil {
			return err
		}
	}
}

// take deals with a message of the server.
func (f *follower) take(m wire.ServerMessage, conn *socket.Conn, remote net.Addr) error {
	switch m := m.(type) {
	case wire.Welcome:
		f.join(conn, f.seen.Join(f.place))
	case wire.Joined:
		if f.place != m.Room { // the conversation's id, now that the server has told it
			if last, ok := f.seen.Last(f.place); ok {
				f.seen.Know(m.Room, last)
			}
			f.place = m.Room
		}
		if entered := f.seen.Joined(m); entered.Next != nil {
			f.join(conn, *entered.Next)
		}
		if !f.inside || !m.More {
			f.tell(Connected{f.Options.Target.shown(addressOf(remote))})
		}
		f.inside = true
	case wire.Refused:
		return later(m.Err(), m.RetryAfter)
	case wire.Bye:
		return later(m.Err(), m.RetryAfter)
	}
	entry, ok := socket.EntryOf(m)
	if !ok || entry.Room != f.place {
		return nil
	}
	verdict, join := f.seen.Take(entry)
	if join != nil {
		f.join(conn, *join)
	}
	if verdict == socket.Fresh {
		f.shown = f.Show(m)
	}
	return f.shown
}

func (f *follower) join(conn *socket.Conn, j wire.Join) {
	j.ID = idHome
	conn.Send(j)
}
