package server

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
	"parley/hub"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quiet is an environment without an operator.
func quiet() Environment { return Environment{Log: slog.New(slog.DiscardHandler)} }

// run starts a server, and gives it and a function that stops it and checks that it stopped in order.
func run(t *testing.T, c Config) (*Server, func()) {
	t.Helper()
	return runIn(t, c, quiet())
}

// runIn is run in an environment.
func runIn(t *testing.T, c Config, env Environment) (*Server, func()) {
	t.Helper()
	s, err := New(t.Context(), c, env)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return s, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	}
}

// peer is somebody with a bare connection.
type peer struct {
	t    *testing.T
	conn net.Conn
	read *bufio.Reader
}

func dial(t *testing.T, s *Server) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", s.listeners[0].address().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	return &peer{t, conn, bufio.NewReader(conn)}
}

func (p *peer) say(line string) {
	p.t.Helper()
	if _, err := p.conn.Write([]byte(line + "\n")); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) hears(want string) {
	p.t.Helper()
	line, err := p.read.ReadString('\n')
	if err != nil || strings.TrimSuffix(line, "\n") != want {
		p.t.Fatalf("heard %q, %v, not %q", line, err, want)
	}
}

func TestStoppingTellsEverybody(t *testing.T) {
	s, stop := run(t, Config{Listen: []string{"plain://127.0.0.1:0"}, Data: t.TempDir()})
	alice, bob := dial(t, s), dial(t, s)
	alice.hears("welcome")
	bob.hears("welcome")
	alice.say("/name alice")
	alice.hears("you are alice")
	alice.say("hello")
	bob.hears("<alice> :hello")
	stop()
	alice.hears("closed: the server is stopping")
	bob.hears("closed: the server is stopping")
}

// lateTalker is a listener for datagrams that has a text still to be posted when it is closed.
type lateTalker struct {
	datagramHandler
	post func() error
	err  chan error
}

func (l *lateTalker) Close() error {
	l.err <- l.post()
	return l.datagramHandler.Close()
}

// TestWhatWasSaidOverUDPIsPostedBeforeTheEnd: participants whose texts had been taken were told that the server is
// stopping instead.
func TestWhatWasSaidOverUDPIsPostedBeforeTheEnd(t *testing.T) {
	s, err := New(t.Context(), Config{Listen: []string{"plain+udp://127.0.0.1:0"}, Data: t.TempDir()}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	room, err := s.store.Room(t.Context(), parley.Lobby)
	if err != nil {
		t.Fatal(err)
	}
	profile := hub.Profile{Identity: parley.Identity{Name: "alice"}}
	alice, err := s.hub.Connect(t.Context(), room, profile, unshown{}, unshown{})
	if err != nil {
		t.Fatal(err)
	}
	defer alice.Leave()
	udp := s.listeners[0].(*packets)
	post := func() error { return alice.Post(t.Context(), "before the end") }
	late := &lateTalker{udp.handler, post, make(chan error, 1)}
	udp.handler = late
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-late.err; err != nil {
		t.Errorf("the last text: %v", err)
	}
}

// unshown is the form and the outbox of somebody who is shown nothing.
type unshown struct{}

func (unshown) AppendItem(dst []byte, _ *hub.Item) []byte { return dst }
func (unshown) Echo() bool                                { return false }
func (unshown) Send([][]byte)                             {}
func (unshown) Close(error)                               {}

func TestADataDirectoryServesOneProcess(t *testing.T) {
	data := t.TempDir()
	_, stop := run(t, Config{Listen: []string{"plain://127.0.0.1:0"}, Data: data})
	_, err := New(t.Context(), Config{Listen: []string{"plain://127.0.0.1:0"}, Data: data}, quiet())
	if err == nil || !strings.Contains(parley.Sentence(err), "is in use by another parley serve (pid ") {
		t.Errorf("a second server on the same data: %v", err)
	}
	stop()
	_, stop = run(t, Config{Listen: []string{"plain://127.0.0.1:0"}, Data: data})
	stop()
	if _, err := os.Stat(filepath.Join(data, "parley.pid")); !os.IsNotExist(err) {
		t.Errorf("after the end there is still a parley.pid: %v", err)
	}
}

func TestVolatileDataIsRemoved(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	_, stop := run(t, Config{Listen: []string{"plain://127.0.0.1:0"}, Data: Volatile})
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) != 1 {
		t.Errorf("while it runs: %v, %v", left, err)
	}
	if info, err := left[0].Info(); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("its data can be read by others: %v, %v", info, err)
	}
	stop()
	if left, _ = os.ReadDir(os.TempDir()); len(left) != 0 {
		t.Errorf("afterwards there is still %v", left)
	}
}

func TestWhatCannotBeOpenedClosesTheRest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, stop := run(t, Config{Listen: []string{"plain://127.0.0.1:0"}, Data: t.TempDir()})
	defer stop()
	taken := "plain://" + s.listeners[0].address().String()
	for what, c := range map[string]Config{
		"a listener whose port is taken": {Listen: []string{"plain://127.0.0.1:0", taken}, Data: Volatile},
		"data in a file":                 {Listen: []string{"plain://127.0.0.1:0"}, Data: file},
		"a share that is not there":      {Listen: []string{"plain://127.0.0.1:0"}, Data: Volatile, Share: file + "x"},
		"one half of a key pair":         {Listen: []string{"plain+tls://127.0.0.1:0"}, Data: Volatile, TLSCert: file},
		"questions and no operator":      {Listen: []string{"plain://127.0.0.1:0?respond=input"}, Data: Volatile},
	} {
		if _, err := New(t.Context(), c, quiet()); err == nil || parley.Sentence(err) == parley.Sentence(errors.New("")) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestTheBannerSaysHowToJoin(t *testing.T) {
	s, err := New(t.Context(), Config{
		Listen: []string{"plain://127.0.0.1:0", "plain+udp://127.0.0.1:0", "roster+tls://0.0.0.0:0?udp=5001", "plain://0.0.0.0:0"},
		Data:   Volatile,
	}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	banner := s.Banner()
	for _, want := range []string{
		"parley join plain://127.0.0.1:", "    or    nc 127.0.0.1 ", "parley join plain+udp://127.0.0.1:", "nc -u 127.0.0.1",
		"parley join roster+tls://127.0.0.1:", "?udp=5001", "Nothing is kept", "TLS certificate: sha256:",
		"Careful: what is said on plain://0.0.0.0:", "plain+tls:// encrypts it", "Ctrl-C stops the server.\n",
	} {
		if !strings.Contains(banner, want) {
			t.Errorf("the banner does not say %q:\n%s", want, banner)
		}
	}
	if strings.Count(banner, "Careful") != 1 {
		t.Errorf("loopback and TLS are no reason for care:\n%s", banner)
	}
}

// TestVolatileDataIsRemovedFromUnderTheServer is what happens to it when the program is broken off: nothing that the
// server still does brings any of it back.
func TestVolatileDataIsRemovedFromUnderTheServer(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var remove func()
	env := quiet()
	env.Temporary = func(f func()) { remove = f }
	s, err := New(t.Context(), Config{Listen: []string{"plain://127.0.0.1:0"}, Data: Volatile}, env)
	if err != nil {
		t.Fatal(err)
	}
	alice, x := sender(t, s)
	remove()
	empty := func(when string) {
		t.Helper()
		if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
			t.Errorf("%s there is still %v, %v", when, left, err)
		}
	}
	empty("afterwards")
	_ = alice.Post(t.Context(), "said too late") // whatever comes of it
	_, err = x.Receive(t.Context(), "late.txt", 5, strings.NewReader("roses"), func(parley.File) error { return nil })
	if err == nil {
		t.Error("a file is kept where nothing is")
	}
	empty("when the server went on")
	s.Close()
	empty("when it was closed")
}
