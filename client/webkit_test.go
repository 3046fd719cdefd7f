package client

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/web/frame"
	"parley/web/wire"
)

// webServer is an HTTP server whose every message on a socket a test decides about. What is asked over HTTP is answered
// by handlers that the test sets.
type webServer struct {
	t       *testing.T
	server  *httptest.Server
	sockets chan net.Conn

	mu       sync.Mutex
	handlers map[string]http.HandlerFunc // by method and path
	talks    []wire.Conversation
}

// listenWeb starts a server.
func listenWeb(t *testing.T) *webServer {
	t.Helper()
	s := &webServer{t: t, sockets: make(chan net.Conn, 10), handlers: make(map[string]http.HandlerFunc)}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	s.handle("GET /v1/direct", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		answerJSON(w, http.StatusOK, wire.Conversations{Items: s.talks})
	})
	return s
}

// ServeHTTP makes sockets of those that ask for one.
func (s *webServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v1/socket" && r.Header.Get("Upgrade") != "" {
		conn, _, _, err := ws.UpgradeHTTP(r, w)
		if err == nil {
			s.sockets <- conn
		}
		return
	}
	s.mu.Lock()
	handler := s.handlers[r.Method+" "+r.URL.EscapedPath()]
	s.mu.Unlock()
	if handler == nil {
		answerError(w, parley.Errorf(parley.CodeInvalid, "there is nothing here"))
		return
	}
	handler(w, r)
}

func (s *webServer) handle(what string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[what] = h
}

// talk sets what conversations there are.
func (s *webServer) talk(talks ...wire.Conversation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.talks = talks
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func answerError(w http.ResponseWriter, err error) {
	answerJSON(w, wire.StatusOf(parley.CodeOf(err)), wire.ProblemOf(err))
}

// target gives how to join the server.
func (s *webServer) target() Target {
	address := netip.MustParseAddrPort(s.server.Listener.Addr().String())
	return Target{Scheme: SchemeHTTP, Host: address.Addr().String(), Port: address.Port(), Room: parley.Lobby}
}

// accept waits for the next socket.
func (s *webServer) accept() *webServed {
	s.t.Helper()
	select {
	case conn := <-s.sockets:
		s.t.Cleanup(func() { _ = conn.Close() })
		return &webServed{t: s.t, Conn: conn, frames: frame.Reader{Masked: true, Limit: wire.MaxFrame}}
	case <-time.After(patience):
		s.t.Fatal("nobody opens a socket")
	}
	return nil
}

// webServed is one socket, as the server sees it.
type webServed struct {
	t *testing.T
	net.Conn
	frames frame.Reader
}

// says sends messages.
func (c *webServed) says(messages ...wire.ServerMessage) {
	c.t.Helper()
	var out []byte
	for _, m := range messages {
		out = frame.AppendText(out, m.Append)
	}
	c.writes(out)
}

func (c *webServed) writes(out []byte) {
	c.t.Helper()
	_ = c.SetWriteDeadline(time.Now().Add(patience))
	if _, err := c.Write(out); err != nil {
		c.t.Fatal(err)
	}
}

// next waits for the next frame.
func (c *webServed) next() frame.Message {
	c.t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	buffer := make([]byte, 64<<10)
	for {
		m, ok, err := c.frames.Next()
		if err != nil {
			c.t.Fatal(err)
		}
		if ok {
			return m
		}
		n, err := c.Read(buffer)
		if err != nil {
			c.t.Fatalf("the client does not speak: %v", err)
		}
		c.frames.Feed(buffer[:n])
	}
}

// hears waits for the next message.
func (c *webServed) hears() wire.ClientMessage {
	c.t.Helper()
	m := c.next()
	if m.Kind != frame.Text {
		c.t.Fatalf("a frame of kind %d (%q), want a text", m.Kind, m.Reason)
	}
	message, err := wire.DecodeClient(m.Payload)
	if err != nil {
		c.t.Fatalf("%s: %v", m.Payload, err)
	}
	return message
}

// expect waits for exactly this message.
func (c *webServed) expect(want wire.ClientMessage) {
	c.t.Helper()
	if got := c.hears(); !reflect.DeepEqual(got, want) {
		c.t.Fatalf("the client sent %s, want %s", got.Append(nil), want.Append(nil))
	}
}

// expectText waits for a post of that text, and gives it.
func (c *webServed) expectText(text string) wire.Post {
	c.t.Helper()
	post, ok := c.hears().(wire.Post)
	if !ok || string(post.Text) != text || post.Room != "lobby" || !post.ID.Valid() {
		c.t.Fatalf("the client sent %+v, want %q", post, text)
	}
	return post
}

// reset cuts the connection as when the server's machine has lost it.
func (c *webServed) reset() {
	_ = c.Conn.(*net.TCPConn).SetLinger(0)
	_ = c.Close()
}

// alice is the client of these tests, as the server knows her.
var alice = wire.Me{ID: "g-alice", Name: "alice", Role: parley.RoleGuest}

const aliceToken parley.Token = "p-alice"

// bob is somebody else.
var bob = wire.Person{ID: "g-bob", Name: "bob"}

func welcome() wire.Welcome { return wire.Welcome{You: alice, Token: aliceToken} }

// lobbyAt is the answer to a join where so much has happened.
func lobbyAt(last parley.Seq) wire.Joined {
	return wire.Joined{ID: "join", Room: "lobby", Kind: parley.RoomPublic, First: 1, Last: last,
		Members: []wire.Person{{ID: alice.ID, Name: alice.Name}, bob}, Count: 2}
}

// entry is what an event of bob's begins with.
func entry(room wire.Place, n parley.Seq) wire.Entry {
	return wire.Entry{Room: room, Number: n, ID: parley.MessageID("b" + strings.Repeat("x", int(n))), By: bob}
}

// saidBy is a message of bob's.
func said(n parley.Seq, text string) wire.Message {
	return wire.Message{Entry: entry("lobby", n), Content: wire.Content{Text: wire.Text(text)}}
}

// echo is what the room is shown of a post.
func echo(p wire.Post, n parley.Seq) wire.Message {
	by := wire.Person{ID: alice.ID, Name: alice.Name}
	return wire.Message{Entry: wire.Entry{Room: p.Room, Number: n, ID: p.ID, By: by}, Content: wire.Content{Text: p.Text}}
}

// after is the number to resume from.
func after(n parley.Seq) *parley.Seq { return &n }

// joinWeb connects alice, who enters the lobby behind event 7.
func joinWeb(t *testing.T, change ...func(*Options)) (*joined, *webServed, *webServer) {
	t.Helper()
	server := listenWeb(t)
	o := Options{Target: server.target(), Name: "alice"}
	for _, f := range change {
		f(&o)
	}
	j := join(t, o)
	c := server.accept()
	if o.Token == "" {
		c.expect(wire.Hello{Name: "alice", Keep: true, Client: "parley join"})
	} else {
		c.expect(wire.Hello{Token: o.Token, Client: "parley join"})
	}
	c.says(welcome())
	c.expect(wire.Join{ID: "join", Resume: wire.Resume{Room: "lobby"}})
	c.says(lobbyAt(7))
	j.expectConnected()
	j.do(j.Await(t.Context()))
	return j, c, server
}

// comeBack lets alice come back to a lobby where so much has happened, and says from where she goes on.
func (s *webServer) comeBack(j *joined, from, last parley.Seq) *webServed {
	s.t.Helper()
	c := s.accept()
	c.expect(wire.Hello{Token: aliceToken, Client: "parley join"})
	c.says(wire.Welcome{You: alice})
	c.expect(wire.Join{ID: "join", Resume: wire.Resume{Room: "lobby", After: after(from)}})
	c.says(lobbyAt(last))
	j.expectConnected()
	return c
}
