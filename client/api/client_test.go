package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/client/api"
	"parley/web/wire"
)

// asked is one request that came.
type asked struct{ method, path, query, body string }

// server answers each request by the next of its answers, the last one again and again, and notes what was asked.
type server struct {
	t       *testing.T
	answers []http.HandlerFunc
	waited  []time.Duration

	mu   sync.Mutex
	come []asked
}

// asked gives what has been asked.
func (s *server) asked() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.come)
}

// client starts s and gives a client of it, for which time passes at once.
func (s *server) client(patience time.Duration) *api.Client {
	running := httptest.NewServer(s)
	s.t.Cleanup(running.Close)
	return &api.Client{
		Base: running.URL, HTTP: running.Client(), Token: "p-token", Patience: patience,
		Wait: func(_ context.Context, d time.Duration) error { s.waited = append(s.waited, d); return nil },
	}
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.come = append(s.come, asked{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body)})
	n := len(s.come)
	s.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer p-token" {
		s.t.Errorf("%s %s came with %q", r.Method, r.URL, r.Header)
	}
	s.answers[min(n, len(s.answers))-1](w, r)
}

func gives(body any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(body) }
}

func refuses(code parley.Code, retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(wire.StatusOf(code))
		_ = json.NewEncoder(w).Encode(wire.ProblemOf(parley.Errorf(code, "it is %s", code)))
	}
}

func breaks(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestWhatIsAskedFor(t *testing.T) {
	ctx := t.Context()
	for want, ask := range map[asked]func(*api.Client) error{
		{"POST", "/v1/sessions", "", `{"name":"alice","password":"x"}`}: func(c *api.Client) error {
			_, err := c.Login(ctx, wire.Login{Name: "alice", Password: "x"})
			return err
		},
		{"POST", "/v1/sessions", "", `{"name":"bob","invite":"ABC","use":"u"}`}: func(c *api.Client) error {
			_, err := c.Login(ctx, wire.Login{Name: "bob", Ticket: wire.Ticket{Invite: "ABC", Use: "u"}})
			return err
		},
		{"POST", "/v1/accounts", "", `{"name":"bob","password":"x","invite":"ABC"}`}: func(c *api.Client) error {
			_, err := c.AddAccount(ctx, wire.NewAccount{Name: "bob", Password: "x", Ticket: wire.Ticket{Invite: "ABC"}})
			return err
		},
		{"GET", "/v1/invites/by-code/A%2FB", "", ""}: func(c *api.Client) error { _, err := c.OpenInvite(ctx, "A/B"); return err },
		{"DELETE", "/v1/invites/i-1", "", ""}:        func(c *api.Client) error { return c.RevokeInvite(ctx, "i-1") },
		{"POST", "/v1/invites", "", `{"kind":"guest","lasts":60}`}: func(c *api.Client) error {
			_, err := c.MakeInvite(ctx, wire.NewInvite{Kind: parley.InviteGuest, Lasts: 60})
			return err
		},
		{"GET", "/v1/invites", "", ""}: func(c *api.Client) error { _, err := c.Invites(ctx); return err },
		{"POST", "/v1/me/account", "", `{"password":"x"}`}: func(c *api.Client) error {
			_, err := c.Claim(ctx, wire.NewClaim{Password: "x"})
			return err
		},
		{"DELETE", "/v1/sessions/current", "", ""}: func(c *api.Client) error { return c.Logout(ctx) },
		{"GET", "/v1/rooms/lobby/events", "after=7&limit=1000", ""}: func(c *api.Client) error {
			_, err := c.Events(ctx, "lobby", 7, 1000)
			return err
		},
		{"GET", "/v1/direct/%E5%87%BA%2F../messages", "before=9&order=newest", ""}: func(c *api.Client) error {
			_, err := c.Messages(ctx, "@出/..", api.Page{Before: 9, Newest: true})
			return err
		},
		{"POST", "/v1/direct/bob/messages", "", `{"id":"1","text":"hi"}`}: func(c *api.Client) error {
			_, err := c.Post(ctx, "@bob", wire.NewMessage{ID: "1", Words: wire.Words{Text: "hi"}})
			return err
		},
		{"PATCH", "/v1/rooms/lobby/members/%2E%2E", "", `{"banned":true}`}: func(c *api.Client) error {
			_, err := c.Ban(ctx, "lobby", "..", true)
			return err
		},
	} {
		s := &server{t: t, answers: []http.HandlerFunc{gives(struct{}{})}}
		if err := ask(s.client(0)); err != nil || !slices.Equal(s.asked(), []asked{want}) {
			t.Errorf("asked %+v, %v, want %+v", s.asked(), err, want)
		}
	}
}

// A message is asked for again by its id, until the server has it; what cannot be asked twice is asked once.
func TestPatience(t *testing.T) {
	s := &server{t: t, answers: []http.HandlerFunc{breaks, refuses(parley.CodeStore, "3"), breaks, gives(wire.Receipt{Number: 8})}}
	r, err := s.client(time.Minute).Post(t.Context(), "lobby", wire.NewMessage{ID: "1", Words: wire.Words{Text: "hi"}})
	if err != nil || r.Number != 8 || len(s.asked()) != 4 || s.waited[1] != 3*time.Second {
		t.Errorf("%+v, %v, waited %v", r, err, s.waited)
	}
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		patience time.Duration
		id       parley.MessageID
		times    int
		code     parley.Code
	}{
		"without patience":              {breaks, 0, "1", 1, parley.CodeClosed},
		"what is forbidden":             {refuses(parley.CodeForbidden, ""), time.Hour, "1", 1, parley.CodeForbidden},
		"without an id":                 {breaks, time.Hour, "", 1, parley.CodeClosed},
		"without an id, as asked for":   {refuses(parley.CodeThrottled, "30"), time.Minute, "", 3, parley.CodeThrottled},
		"longer than there is patience": {refuses(parley.CodeThrottled, "61"), time.Minute, "1", 1, parley.CodeThrottled},
	} {
		s := &server{t: t, answers: []http.HandlerFunc{c.answer}}
		_, err := s.client(c.patience).Post(t.Context(), "lobby", wire.NewMessage{ID: c.id, Words: wire.Words{Text: "hi"}})
		if parley.CodeOf(err) != c.code || len(s.asked()) != c.times {
			t.Errorf("%s: %v, asked %d times", name, err, len(s.asked()))
		}
	}
}

func TestErrorsAreTheServersOwn(t *testing.T) {
	s := &server{t: t, answers: []http.HandlerFunc{refuses(parley.CodeNoSuchRoom, "")}}
	if _, err := s.client(0).Room(t.Context(), "nowhere"); parley.Sentence(err) != "it is no-such-room" {
		t.Error(err)
	}
	s = &server{t: t, answers: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) { http.NotFound(w, nil) }}}
	if _, err := s.client(0).Me(t.Context()); parley.CodeOf(err) != parley.CodeWrongProtocol {
		t.Error(err)
	}
	c := &api.Client{Base: "http://127.0.0.1:1", HTTP: http.DefaultClient}
	if _, err := c.Me(t.Context()); parley.CodeOf(err) != parley.CodeClosed {
		t.Error(err)
	}
}
