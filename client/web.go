package client

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"

	"parley"
	"parley/client/socket"
	"parley/web/wire"
)

// web is a connection of http://: a WebSocket, in one room. What comes in is dealt with by its reader (here and in
// webheard.go), what goes out by whoever calls (websaid.go, webfile.go). What outlives it is the membership's.
type web struct {
	client     *Client
	membership *membership
	conn       net.Conn
	again      bool // it is not the Client's first
	home       wire.Place
	done       chan struct{} // closed when run returns
	socket     atomic.Pointer[socket.Conn]
	asking     sync.WaitGroup  // for what is asked over HTTP meanwhile
	ctx        context.Context // ends with the connection

	// The reader's own.
	ready   func()
	welcome bool                       // the server knows who this is
	inside  bool                       // and has let them into the room
	people  map[parley.SenderID]string // who is there
	behind  bool                       // what comes is what was missed
	missed  int                        // how much of that was said by others
}

func newWeb(c *Client, conn net.Conn, again bool) *web {
	return &web{
		client: c, membership: c.membership, conn: conn, again: again, home: wire.Place(c.options.Target.Room),
		done: make(chan struct{}), behind: again,
	}
}

// run opens the WebSocket and reads it to its end.
func (w *web) run(ready func()) error {
	defer close(w.done)
	w.ready = ready
	var cancel context.CancelFunc
	w.ctx, cancel = context.WithCancel(w.client.ctx)
	defer cancel()
	conn, err := w.open()
	if err != nil {
		return w.end(parley.Wrap(parley.CodeOf(err), err, "cannot connect to "+w.client.shown()+": "+parley.Sentence(err)))
	}
	conn.OnRead(w.client.heard)
	w.socket.Store(conn)
	conn.Send(w.membership.hello())
	for err == nil {
		var m wire.ServerMessage
		if m, err = conn.Next(); err == nil {
			err = w.take(m)
		}
	}
	w.membership.shut(conn)
	_ = conn.Close()
	cancel()
	w.asking.Wait()
	return w.end(err)
}

// open makes a WebSocket of the connection.
func (w *web) open() (*socket.Conn, error) {
	ctx, cancel := context.WithTimeout(w.ctx, dialTimeout)
	defer cancel()
	return socket.Open(ctx, w.conn, w.client.options.Target.hostInURL())
}

// end gives the reason for which the connection has ended: a final one where coming back cannot help, or where the person
// is waiting to see whether they can come at all.
func (w *web) end(err error) error {
	told, _ := errors.AsType[*parley.Error](err)
	switch {
	case w.again && told.Code == parley.CodeNameTaken:
		return err // perhaps by a connection that was lost before the server could say who this is
	case !w.again && !w.inside, !told.Code.Retry():
		return finalError{err}
	case w.welcome && told.Code == parley.CodeClosed && told.Cause != nil:
		return told.Cause // the sentence is made by whoever comes back
	}
	return err
}

// take deals with a message of the server. An error is why the connection ends.
func (w *web) take(m wire.ServerMessage) error {
	switch m := m.(type) {
	case wire.Welcome:
		w.takeWelcome(m)
	case wire.Joined:
		w.takeJoined(m)
	case wire.Ack:
		w.membership.acknowledged(m)
	case wire.Refused:
		return w.takeRefusal(m)
	case wire.Bye:
		return later(m.Err(), m.RetryAfter)
	case wire.Presence:
		w.takePresence(m)
	default:
		if entry, ok := socket.EntryOf(m); ok {
			return w.takeEvent(entry, m)
		}
	}
	return nil
}

// takeWelcome goes on into the room.
func (w *web) takeWelcome(m wire.Welcome) {
	for _, p := range w.membership.welcome(m) {
		w.client.emit(Doubt{p.text})
	}
	w.welcome = true
	if name := w.client.ownName(); name != "" && m.You.Name != name {
		w.client.emit(Notice{"you are " + m.You.Name})
	}
	w.join(w.membership.join(w.home))
}

// The ids of requests, by which their answers are told apart.
const (
	idHome = "join" // to be in the room
	idTalk = "talk" // to see what was missed of a conversation
	idWho  = "who"  // who is there
)

// join asks for a room or a conversation.
func (w *web) join(j wire.Join) {
	if j.ID = idTalk; j.Room == w.home {
		j.ID = idHome
	}
	w.socket.Load().Send(j)
}

// takeRefusal deals with something that was not done.
func (w *web) takeRefusal(m wire.Refused) error {
	reason := later(m.Err(), m.RetryAfter)
	switch {
	case !w.welcome:
		return w.unwelcome(m, reason)
	case m.ID == idHome:
		return reason
	case m.ID == idTalk: // it is not to be seen any more
		return nil
	case m.Code == parley.CodeNoSuchRoom && w.membership.notBegun(m.ID):
		return nil
	}
	p, said := w.membership.refused(m.ID)
	switch {
	case m.Code == parley.CodeNoSuchUser:
		w.client.emit(Notice{m.Sentence})
	case said:
		w.client.emit(Problem{parley.Wrap(m.Code, reason, "not sent, "+m.Sentence+": "+p.text)})
	default:
		w.client.emit(Problem{reason})
	}
	return nil
}

// unwelcome deals with a server that does not take this client for who it says it is.
func (w *web) unwelcome(m wire.Refused, reason error) error {
	switch m.Code {
	case parley.CodeUnauthorized:
		if w.membership.forget() { // the token is too old: perhaps the name is enough
			w.socket.Load().Send(w.membership.hello())
			return nil
		}
		return withHint(m, "log in with `parley login`, or give a name by --name and its password by --password-stdin")
	case parley.CodePasswordNeeded:
		return withHint(m, "give it by --password-stdin, or log in with `parley login`")
	case parley.CodeNameTaken:
		return withHint(m, "choose another by --name NAME")
	}
	return reason
}

// withHint says what can be done about a refusal.
func withHint(m wire.Refused, hint string) error {
	return parley.Errorf(m.Code, "%s: %s", strings.TrimSuffix(m.Sentence, "."), hint)
}

// leave ends the connection in order: what was sent is sent first.
func (w *web) leave() {
	conn := w.socket.Load()
	if conn == nil {
		_ = w.conn.Close()
		return
	}
	conn.Leave()
	await(w.done)
	_ = w.conn.Close()
}
