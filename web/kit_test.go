package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"go.uber.org/goleak"

	"parley"
	"parley/accounts"
	"parley/hub"
	"parley/sqlite"
	"parley/transport"
	"parley/web"
	"parley/web/frame"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a server with nothing but an HTTP door, on real sockets and a real database.
type house struct {
	t     *testing.T
	at    string // host and port
	hub   *hub.Hub
	store *sqlite.Store
	desk  *accounts.Desk
	door  *web.Server
	lobby parley.Room
	stop  func() // stops the server in order; the end of the test does too
}

// newHouse opens a server that admits whom admit says, and closes it with the test.
func newHouse(t *testing.T, admit accounts.Admission, change ...func(*web.Config)) *house {
	t.Helper()
	ctx := context.Background()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	store, err := sqlite.Open(ctx, t.TempDir(), sqlite.Options{Volatile: true, Log: log})
	must(t, err)
	h := &house{t: t, store: store}
	h.hub = hub.New(hub.Config{Journal: store, State: store, MakeRooms: parley.RoleMember, Log: log})
	store.Start(h.hub.Deliver)
	h.desk = accounts.New(accounts.Config{State: store, Journal: store, Admit: admit, Log: log})
	h.lobby = h.room("lobby", parley.RoomPublic)
	config := web.Config{
		URL: "http://127.0.0.1:0", Hub: h.hub, Accounts: h.desk, State: store, Room: h.lobby, Version: "test", Log: log,
	}
	for _, f := range change {
		f(&config)
	}
	door := web.New(config)
	h.door = door
	listener, err := transport.Listen(ctx, "127.0.0.1:0", transport.Options{Refuse: door.Refuse, Log: log})
	must(t, err)
	h.at = listener.Addr().String()
	var serving sync.WaitGroup
	serving.Go(func() { _ = listener.Serve(door.Handle) })
	h.stop = sync.OnceFunc(func() {
		_ = listener.Close()
		over, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		door.Dismiss(over, parley.Errorf(parley.CodeShutdown, "the server is stopping"))
		listener.Drain(over)
		door.Close()
		serving.Wait()
		h.hub.Stop()
		must(t, store.Close())
		h.hub.Close()
	})
	t.Cleanup(h.stop)
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// room makes a room that nobody owns.
func (h *house) room(name parley.RoomName, kind parley.RoomKind) parley.Room {
	h.t.Helper()
	room := parley.Room{ID: parley.NewRoomID(), Name: name, Kind: kind, First: 1}
	outcomes, err := h.store.Append(context.Background(), parley.RoomOpened{Room: room, At: time.Now()})
	must(h.t, err)
	if outcomes[0].Err != nil {
		h.t.Fatal(outcomes[0].Err)
	}
	return room
}

// account makes an account whose password is its name, three times.
func (h *house) account(name string, role parley.Role) parley.Account {
	h.t.Helper()
	account, err := h.desk.Add(context.Background(), name, strings.Repeat(name, 3), role)
	must(h.t, err)
	return account
}

// person is somebody on a WebSocket.
type person struct {
	t      *testing.T
	conn   net.Conn
	frames frame.Reader
	buf    []byte
	heard  []string // messages that came and were not yet expected
	closed ws.StatusCode
}

// connect opens a WebSocket and says nothing.
func (h *house) connect() *person {
	h.t.Helper()
	conn, early, _, err := ws.Dialer{}.Dial(context.Background(), "ws://"+h.at+"/v1/socket")
	must(h.t, err)
	p := &person{t: h.t, conn: conn, frames: frame.Reader{Limit: 1 << 22}, buf: make([]byte, 16<<10)}
	if early != nil {
		h.t.Fatal("the server speaks first")
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	return p
}

// enter connects somebody by a hello, given as JSON without its type.
func (h *house) enter(hello string) *person {
	h.t.Helper()
	p := h.connect()
	p.say(`{"type":"hello"` + comma(hello) + `}`)
	return p
}

// guest is somebody in the lobby under a name, who has been welcomed and joined.
func (h *house) guest(name string) *person {
	h.t.Helper()
	p := h.enter(`"name":"` + name + `","rooms":[{"room":"lobby"}]`)
	p.expect(`"type":"welcome"`)
	p.expect(`"type":"joined"`)
	return p
}

func comma(fields string) string {
	if fields == "" {
		return ""
	}
	return "," + fields
}

// say sends texts, each as one frame.
func (p *person) say(texts ...string) {
	p.t.Helper()
	var out []byte
	for _, text := range texts {
		out = frame.AppendMasked(out, ws.OpText, []byte(text), ws.NewMask())
	}
	if _, err := p.conn.Write(out); err != nil {
		p.t.Fatal(err)
	}
}

// post posts a text in a room under an id.
func (p *person) post(id, room, text string) {
	p.t.Helper()
	quoted, err := json.Marshal(text)
	must(p.t, err)
	p.say(fmt.Sprintf(`{"type":"post","id":%q,"room":%q,"text":%s}`, id, room, quoted))
}

// next gives the next message that comes; "" when the connection was closed.
func (p *person) next() string {
	p.t.Helper()
	for len(p.heard) == 0 {
		must(p.t, p.conn.SetReadDeadline(time.Now().Add(20*time.Second)))
		n, err := p.conn.Read(p.buf)
		if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
			return ""
		}
		must(p.t, err)
		p.take(p.buf[:n])
		if p.closed != 0 && len(p.heard) == 0 {
			return ""
		}
	}
	text := p.heard[0]
	p.heard = p.heard[1:]
	return text
}

func (p *person) take(b []byte) {
	p.t.Helper()
	p.frames.Feed(b)
	for {
		m, ok, err := p.frames.Next()
		must(p.t, err)
		switch {
		case !ok:
			return
		case m.Kind == frame.Text:
			p.heard = append(p.heard, string(m.Payload))
		case m.Kind == frame.Close:
			p.closed = m.Code
		}
	}
}

// expect waits for a message in which all the parts stand, and passes over none but presence.
func (p *person) expect(parts ...string) string {
	p.t.Helper()
	for {
		text := p.next()
		if missing := lacks(text, parts); missing == "" {
			return text
		} else if text == "" || !strings.Contains(text, `"type":"presence"`) {
			p.t.Fatalf("heard %s\nwhich lacks %s", text, missing)
		}
	}
}

// await waits for a message in which all the parts stand, and passes over all others.
func (p *person) await(parts ...string) string {
	p.t.Helper()
	for {
		text := p.next()
		if lacks(text, parts) == "" {
			return text
		}
		if text == "" {
			p.t.Fatalf("the connection was closed (%d) before there was %q", p.closed, parts)
		}
	}
}

// gone waits for the end of the connection, and gives the last message before it.
func (p *person) gone() string {
	p.t.Helper()
	last := ""
	for {
		text := p.next()
		if text == "" {
			return last
		}
		last = text
	}
}

func lacks(text string, parts []string) string {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return part
		}
	}
	return ""
}

// answer is what came of a request.
type answer struct {
	*http.Response
	text string
}

// ask sends a request with a token, "" for none, and a body, "" for none.
func (h *house) ask(method, path, token, body string, change ...func(*http.Request)) answer {
	h.t.Helper()
	r, err := http.NewRequest(method, "http://"+h.at+path, strings.NewReader(body))
	must(h.t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, f := range change {
		f(r)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(r)
	must(h.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(h.t, err)
	return answer{response, string(text)}
}

// want holds an answer to a status and to parts of its text.
func (a answer) want(t *testing.T, status int, parts ...string) answer {
	t.Helper()
	if a.StatusCode != status || lacks(a.text, parts) != "" {
		t.Fatalf("%s %s: %s %s\nwant %d and %q", a.Request.Method, a.Request.URL.Path, a.Status, a.text, status, parts)
	}
	return a
}

// token logs somebody in over REST, and gives the token; no password makes a guest.
func (h *house) token(name, password string) string {
	h.t.Helper()
	login, err := json.Marshal(map[string]string{"name": name, "password": password})
	must(h.t, err)
	if password == "" {
		login = []byte(fmt.Sprintf(`{"name":%q}`, name))
	}
	a := h.ask("POST", "/v1/sessions", "", string(login)).want(h.t, http.StatusCreated)
	return field(h.t, a.text, "token")
}

// tokenOf makes an account with a role, and gives a token of it.
func (h *house) tokenOf(name string, role parley.Role) string {
	h.t.Helper()
	h.account(name, role)
	return h.token(name, strings.Repeat(name, 3))
}

// field gives a field of a JSON text, wherever it stands.
func field(t *testing.T, text, name string) string {
	t.Helper()
	m := regexp.MustCompile(`"` + name + `":"?([^",}]+)`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no %s in %s", name, text)
	}
	return m[1]
}
