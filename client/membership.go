package client

import (
	"context"
	"net/http"
	"sync"
	"time"

	"parley"
	"parley/client/api"
	"parley/client/socket"
	"parley/web/wire"
)

// How much may be on its way to the server. Whoever says more waits.
const (
	maxPending      = 256
	maxPendingBytes = 1 << 20
)

// membership is what somebody has on http:// that outlives a connection: who they are, what they have seen, and what the
// server has not acknowledged yet. Methods may be called from any goroutine.
type membership struct {
	client *Client
	http   *http.Client

	mu      sync.Mutex
	token   parley.Token // "" before the first welcome, unless one was given
	me      wire.Me      // as the server said last; zero before the first welcome
	seen    socket.Seen
	based   bool                       // it is known which conversations there were before the first connection
	names   map[string]parley.SenderID // of who is or was in the room, in lower case
	link    *socket.Conn               // where what is said goes at once; nil while there is none
	pending []posted                   // the oldest first
	bytes   int                        // in the texts of pending
	echoes  map[parley.MessageID]bool  // what was said here and has not been shown to the room yet
	files   int                        // how many are under way
	life    time.Time                  // when something was last acknowledged, sent or transferred
	changed chan struct{}              // closed when pending or files changes
}

// posted is something that was said and is not acknowledged. It is sent on each new connection with the same id, so that
// it is there once however often it arrives.
type posted struct {
	id      parley.MessageID
	message wire.ClientMessage
	text    string // as typed, for whoever has to be told what became of it

	// again is sent instead on the next connections; nil for message. The person that message names may not be back yet
	// then, or be another, and the server would not look whether it has the message already.
	again wire.ClientMessage
}

func newMembership(c *Client) *membership {
	return &membership{
		client: c, http: c.options.httpClient(), token: c.options.Token,
		echoes: make(map[parley.MessageID]bool), changed: make(chan struct{}),
	}
}

// api gives the REST interface, as whoever this is now.
func (m *membership) api() *api.Client {
	m.mu.Lock()
	defer m.mu.Unlock()
	asking := m.client.options.api(m.http, m.token)
	asking.Patience = answerTime
	return asking
}

// hello gives the first message of a connection.
func (m *membership) hello() wire.Hello {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.token != "" {
		return wire.Hello{Token: m.token, Client: "parley join"}
	}
	return wire.Hello{Name: m.client.ownName(), Keep: true, Client: "parley join"}
}

// forget gives up the token, which opens nothing any more. It reports whether there was one.
func (m *membership) forget() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	had := m.token != ""
	m.token = ""
	return had
}

// welcome takes who the server says this is. As somebody else, nobody can send again what somebody has sent; those texts
// are what it gives.
func (m *membership) welcome(w wire.Welcome) (doubtful []posted) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w.Token != "" {
		m.token = w.Token
	}
	if m.me.ID != "" && m.me.ID != w.You.ID {
		doubtful = m.pending
		m.pending, m.bytes = nil, 0
		m.notify()
	}
	m.me = w.You
	m.seen.Reconnect()
	return doubtful
}

// open sends everything that is not acknowledged on a new connection, and from now on what is said.
func (m *membership) open(conn *socket.Conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.pending {
		if p.again != nil {
			conn.Send(p.again)
		} else {
			conn.Send(p.message)
		}
	}
	m.link, m.life = conn, time.Now()
}

// shut says that a connection has ended.
func (m *membership) shut(conn *socket.Conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.link == conn {
		m.link = nil
		m.notify()
	}
}

// post sends what somebody says on a connection, once there is not too much on its way. It is sent again on the next one
// until it is acknowledged; an error says that nothing was sent and nothing will be.
func (m *membership) post(ctx context.Context, conn *socket.Conn, p posted) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		switch {
		case m.link != conn:
			return errAway
		case len(m.pending) < maxPending && m.bytes+len(p.text) <= maxPendingBytes:
			m.pending, m.bytes, m.life = append(m.pending, p), m.bytes+len(p.text), time.Now()
			m.echoes[p.id] = true
			conn.Send(p.message)
			return nil
		}
		if err := m.wait(ctx, nil); err != nil {
			return parley.Wrap(parley.CodeClosed, err, "not sent: leaving")
		}
	}
}

// answered takes what is acknowledged, or refused, off what is pending; false where it is nothing of that.
func (m *membership) answered(id parley.MessageID) (posted, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, p := range m.pending {
		if p.id == id {
			m.pending = append(m.pending[:i:i], m.pending[i+1:]...)
			m.bytes -= len(p.text)
			m.life = time.Now()
			m.notify()
			return p, true
		}
	}
	return posted{}, false
}

// acknowledged takes an ack. What has been shown already, before a connection broke, is not shown again.
func (m *membership) acknowledged(a wire.Ack) {
	m.answered(a.ID)
	m.mu.Lock()
	defer m.mu.Unlock()
	if last, ok := m.seen.Last(a.Room); ok && a.Number <= last {
		delete(m.echoes, a.ID)
	}
}

// refused takes a refusal; false where it is of nothing that was said here.
func (m *membership) refused(id parley.MessageID) (posted, bool) {
	p, ok := m.answered(id)
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.echoes, id)
	return p, ok
}

// notBegun deals with a conversation that does not exist, and reports whether something of that id was sent to it again:
// then it has not arrived before, and goes to the person by name.
func (m *membership) notBegun(id parley.MessageID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.pending {
		if p := &m.pending[i]; p.id == id && p.again != nil && m.link != nil {
			p.again = nil
			m.link.Send(p.message)
			return true
		}
	}
	return false
}

// expectEcho notes that the room will be shown something of that id that was done here.
func (m *membership) expectEcho(id parley.MessageID, expected bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if expected {
		m.echoes[id] = true
	} else {
		delete(m.echoes, id)
	}
}

// isEcho reports, once, whether an event is the room's copy of something that was done here.
func (m *membership) isEcho(e wire.Entry) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	own := m.echoes[e.ID] && e.By.ID == m.me.ID
	if own {
		delete(m.echoes, e.ID)
	}
	return own
}

// transfer notes that a file is under way, or has been, or that it goes on.
func (m *membership) transfer(change int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files += change
	m.life = time.Now()
	if change != 0 {
		m.notify()
	}
}

// settle waits until everything is acknowledged and every file transferred, or nothing has moved for answerTime.
func (m *membership) settle(ctx context.Context) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.pending) > 0 || m.files > 0 {
		left := answerTime - time.Since(m.life)
		if left <= 0 {
			return
		}
		timer := time.NewTimer(left)
		err := m.wait(ctx, timer.C)
		timer.Stop()
		if err != nil {
			return
		}
	}
}

// close tells what was never acknowledged, when nothing can be any more.
func (m *membership) close() {
	m.mu.Lock()
	pending := m.pending
	m.pending = nil
	m.notify()
	m.mu.Unlock()
	for _, p := range pending {
		m.client.emit(Doubt{p.text})
	}
	m.http.CloseIdleConnections()
}

// wait waits for a change, a time or the end of ctx, whose error it gives. The mutex is held before and after.
func (m *membership) wait(ctx context.Context, until <-chan time.Time) error {
	changed := m.changed
	m.mu.Unlock()
	defer m.mu.Lock()
	select {
	case <-changed:
	case <-until:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// notify wakes whoever waits for a change. The mutex is held.
func (m *membership) notify() {
	close(m.changed)
	m.changed = make(chan struct{})
}
