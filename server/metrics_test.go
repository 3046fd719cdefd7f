package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"parley"
	"parley/hub"
)

// watched is a server whose figures somebody looks at.
type watched struct {
	*Server
	t     *testing.T
	token parley.Token // an owner's
}

// watch runs a server with a listener of each kind: the first, plain://, for two clients at a time.
func watch(t *testing.T) *watched {
	t.Helper()
	s, stop := run(t, Config{Data: t.TempDir(), Version: "1.2.3", Listen: []string{
		"plain://127.0.0.1:0?clients=2&flood=off&room=cellar", "http://127.0.0.1:0", "plain+udp://127.0.0.1:0",
	}})
	t.Cleanup(stop)
	account, err := s.accounts.Add(t.Context(), "olga", "correct horse", parley.RoleOwner)
	if err != nil {
		t.Fatal(err)
	}
	identity := parley.Identity{ID: account.ID, Name: account.Name, Role: account.Role}
	token, _, _, err := s.accounts.Open(t.Context(), identity)
	if err != nil {
		t.Fatal(err)
	}
	return &watched{s, t, token}
}

// ask sends a request to the HTTP door, and gives the status and the text of the answer.
func (w *watched) ask(method, path, body string) (int, string) {
	w.t.Helper()
	r, err := http.NewRequest(method, "http://"+w.listeners[1].address().String()+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+string(w.token))
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	answer, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// scrape gives the figures that have exactly these values of labels besides those of a listener, added up.
func (w *watched) scrape(name string, labels ...string) float64 {
	w.t.Helper()
	status, text := w.ask("GET", "/metrics", "")
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil || status != http.StatusOK || families[name] == nil {
		w.t.Fatalf("%d, %v, no %s in\n%s", status, err, name, text)
	}
	sum := 0.0
	for _, m := range families[name].GetMetric() {
		var have []string
		for _, l := range m.GetLabel() {
			if l.GetName() != "listener" {
				have = append(have, l.GetValue())
			}
		}
		if strings.Join(have, " ") == strings.Join(labels, " ") { // the parser keeps their order
			sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return sum
}

// sees waits until a figure is what is wanted, and fails when it is more.
func (w *watched) sees(want float64, name string, labels ...string) {
	w.t.Helper()
	got := w.scrape(name, labels...)
	for got < want {
		got = w.scrape(name, labels...)
	}
	if got > want {
		w.t.Errorf("%s%q is %v, want %v", name, labels, got, want)
	}
}

func TestTheFiguresMoveWhenSomethingHappens(t *testing.T) {
	w := watch(t)
	w.sees(0, "parley_connections", "plain")
	w.sees(1, "parley_ready")
	alice, bob := dial(t, w.Server), dial(t, w.Server)
	alice.hears("welcome")
	bob.hears("welcome")
	w.sees(2, "parley_connections", "plain")
	w.sees(2, "parley_people")

	full := dial(t, w.Server)
	full.hears("server is full (2 clients)")
	w.sees(1, "parley_connections_ended_total", "plain", "server-full")
	w.sees(3, "parley_connections_accepted_total", "plain")

	before := w.scrape("parley_deliveries_total")
	alice.say("hello")
	_, err := bob.read.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	w.sees(1, "parley_events_applied_total", "message-posted.1")
	w.sees(before+1, "parley_deliveries_total")
	if commits := w.scrape("parley_commits_total"); w.scrape("parley_commit_duration_seconds") != commits || commits == 0 {
		t.Errorf("%v commits", commits)
	}

	if err := alice.conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	w.sees(1, "parley_connections_ended_total", "plain", "ordinary")
	w.sees(1, "parley_connections", "plain")
}

func TestWrongPasswordsAndAnswersAreSeen(t *testing.T) {
	w := watch(t)
	if status, _ := w.ask("POST", "/v1/sessions", `{"name":"olga","password":"wrong"}`); status != http.StatusUnauthorized {
		t.Fatal(status)
	}
	w.sees(1, "parley_passwords_total", "wrong")
	w.sees(0, "parley_passwords_total", "right")
	w.sees(1, "parley_http_requests_total", "openSession", "http", "401")
	w.sees(0, "parley_datagrams_dropped_total", "plain+udp", "forged")
}

// Somebody stops reading while others talk. That they were cut, and for what, is seen in the figures.
func TestACutReaderIsSeen(t *testing.T) {
	w := watch(t)
	idle := dial(t, w.Server)
	idle.hears("welcome")
	room, err := w.store.Room(t.Context(), "cellar")
	if err != nil {
		t.Fatal(err)
	}
	talker, err := w.hub.Connect(t.Context(), room, hub.Profile{Identity: parley.Identity{Name: "talker"},
		Address: netip.MustParseAddrPort("127.0.0.1:1")}, unshown{}, unshown{})
	if err != nil {
		t.Fatal(err)
	}
	defer talker.Leave()
	text := strings.Repeat(strings.Repeat("x", 1023)+"\n", 63)
	for w.scrape("parley_connections_ended_total", "plain", "slow-reader") == 0 {
		for range 64 {
			if err := talker.Post(context.Background(), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.sees(0, "parley_connections", "plain")
}

// What people are called, where they come from, where they are and what they say is nobody's business who only watches.
func TestNoFigureTellsOfAnybody(t *testing.T) {
	w := watch(t)
	alice := dial(t, w.Server)
	alice.hears("welcome")
	alice.say("/name alice")
	alice.hears("you are alice")
	alice.say("a word")
	w.sees(1, "parley_events_applied_total", "message-posted.1")
	_, text := w.ask("GET", "/metrics", "")
	for _, secret := range []string{"alice", "olga", "cellar", "lobby", "a word", alice.conn.LocalAddr().String()} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in the figures", secret)
		}
	}
	for _, l := range w.listeners {
		if name := l.url().base(l.address()); !strings.Contains(text, `listener="`+name+`"`) {
			t.Errorf("there is nothing of the listener %s", name)
		}
	}
}
