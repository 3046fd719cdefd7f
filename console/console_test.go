package console_test

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"parley"
	"parley/console"
	"parley/hub"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	lobby = parley.Room{ID: "r-lobby", Name: parley.Lobby, Kind: parley.RoomPublic}
	games = parley.Room{ID: "r-games", Name: "games", Kind: parley.RoomPublic}
)

func TestWhatHappensIsShownWithListenerAndAddress(t *testing.T) {
	d := newDesk(t)
	alice := d.connect("alice", "plain://127.0.0.1:8001?echo=1", "127.0.0.1:49525")
	d.shows("* alice joined (plain 127.0.0.1:49525)")
	d.post(alice, "hello")
	d.shows("alice (plain 127.0.0.1:49525): hello")
	if err := alice.PostFile(t.Context(), parley.File{Name: "出师表.txt", Size: 1864}); err != nil {
		t.Fatal(err)
	}
	d.shows("alice (plain 127.0.0.1:49525): [file 出师表.txt 1864 bytes]")
	alice.Leave()
	d.shows("* alice left (plain 127.0.0.1:49525)")
}

func TestEachLineOfATextNamesItsSender(t *testing.T) {
	d := newDesk(t)
	mallory := d.connect("mallory", "plain://127.0.0.1:8001", "127.0.0.1:6666")
	d.shows("* mallory joined (plain 127.0.0.1:6666)")
	d.post(mallory, "hi\nalice (plain 127.0.0.1:49525): I resign\n\x1b[2Jgone")
	d.shows("mallory (plain 127.0.0.1:6666): hi",
		"mallory (plain 127.0.0.1:6666): alice (plain 127.0.0.1:49525): I resign",
		"mallory (plain 127.0.0.1:6666): \uFFFD[2Jgone")
}

func TestListenersOfOneSchemeAreToldApart(t *testing.T) {
	d := newDesk(t, func(c *console.Config) {
		c.Listeners = []string{"plain://127.0.0.1:8001?idle=60s", "plain://127.0.0.1:8002", "roster://127.0.0.1:5000"}
	})
	d.connect("alice", "plain://127.0.0.1:8001?idle=60s", "127.0.0.1:49525")
	d.shows("* alice joined (plain://127.0.0.1:8001 127.0.0.1:49525)")
	d.connect("bob", "roster://127.0.0.1:5000", "[::1]:5001")
	d.shows("* bob joined (roster [::1]:5001)")
}

func TestOtherRoomsAreShownWithTheirName(t *testing.T) {
	d := newDesk(t, func(c *console.Config) { c.Rooms = append(c.Rooms, games) })
	carol := d.connectTo(games, "carol", "plain://127.0.0.1:8002", "127.0.0.1:49540")
	d.shows("* [games] carol joined (plain 127.0.0.1:49540)")
	d.post(carol, "anyone for chess?")
	d.shows("[games] carol (plain 127.0.0.1:49540): anyone for chess?")
}

func TestWhatBecomesOfMessagesPeopleAndRoomsIsShown(t *testing.T) {
	d := newDesk(t, func(c *console.Config) { c.Rooms = append(c.Rooms, games) })
	alice := d.connectTo(games, "alice", "plain://127.0.0.1:8001", "127.0.0.1:49525")
	d.shows("* [games] alice joined (plain 127.0.0.1:49525)")
	entry := parley.Entry{Room: games.ID}
	bob := parley.Sender{ID: "g-1", Name: "bob"}
	for _, e := range []parley.RoomEvent{
		parley.MessageEdited{Entry: entry, Text: "one\ntwo"},
		parley.MessageDeleted{Entry: entry},
		parley.MessageReacted{Entry: entry, Emoji: "x", On: true},
		parley.MemberChanged{Entry: entry, Who: bob, Change: parley.MemberInvited},
		parley.MemberChanged{Entry: entry, Who: bob, Change: parley.MemberAppointed, Role: parley.RoleModerator},
		parley.MemberChanged{Entry: entry, Who: bob, Change: parley.MemberBanned},
		parley.MemberChanged{Entry: entry, Who: bob, Change: parley.MemberUnbanned},
		parley.MemberChanged{Entry: entry, Who: bob, Change: parley.MemberLeft},
		parley.RoomChanged{Entry: entry, Kind: parley.RoomPublic},
	} {
		if _, err := alice.Do(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	d.shows("[games] alice (plain 127.0.0.1:49525): [edit] one", "[games] alice (plain 127.0.0.1:49525): [edit] two",
		"[games] alice (plain 127.0.0.1:49525): [deleted a message]", "* [games] bob was invited by alice",
		"* [games] bob was made moderator by alice", "* [games] bob was banned by alice",
		"* [games] bob was let back in by alice", "* [games] bob gave up this room",
		"* [games] alice made this room public, without a topic")
}

func TestTheOperatorSpeaksAsServer(t *testing.T) {
	d := newDesk(t)
	alice := d.connect("alice", "plain://127.0.0.1:8001", "127.0.0.1:49525")
	d.shows("* alice joined (plain 127.0.0.1:49525)")
	d.types("welcome, everyone\r\n\n   \n#ls\n")
	d.shows("* online: alice (plain 127.0.0.1:49525), server")
	d.types("@alice: a word\n")
	d.heard(alice, "server: welcome, everyone", "server to alice alone: a word")
	d.types("@bob: are you there?\n")
	d.shows("* error: nobody here is called bob")
}

// TestAnAtWithoutAColonIsAnOrdinaryText: it was taken for a private message without a text.
func TestAnAtWithoutAColonIsAnOrdinaryText(t *testing.T) {
	d := newDesk(t)
	alice := d.connect("alice", "plain://127.0.0.1:8001", "127.0.0.1:49525")
	d.shows("* alice joined (plain 127.0.0.1:49525)")
	d.types("@here everybody\n")
	d.heard(alice, "server: @here everybody")
}

func TestOnlyTheOperatorsOwnPrivateMessagesAreShown(t *testing.T) {
	d := newDesk(t)
	alice := d.connect("alice", "plain://127.0.0.1:8001", "127.0.0.1:49525")
	bob := d.connect("bob", "plain://127.0.0.1:8001", "127.0.0.1:49526")
	d.shows("* alice joined (plain 127.0.0.1:49525)", "* bob joined (plain 127.0.0.1:49526)")
	d.direct(alice, "bob", "between us")
	d.direct(bob, "server", "please help")
	d.shows("bob (private, plain 127.0.0.1:49526): please help")
}

func TestQuestionsAreAnsweredOldestFirst(t *testing.T) {
	d := newDesk(t)
	answers := make(chan string, 3)
	ask := func(who, text string) func() {
		return d.console.Ask(hub.Person{Shown: who}, text, func(line string) { answers <- who + " gets " + line })
	}
	ask("127.0.0.1 : 49525", "what is the time?")
	gone := ask("bob", "anybody?")
	ask("carol", "two\nlines")
	d.shows("? 127.0.0.1 : 49525 asks: what is the time?", "? bob asks: anybody?",
		"? carol asks: two", "? carol asks: lines")
	d.types("half past \x1b nine\n")
	d.shows("* answered 127.0.0.1 : 49525", "? bob asks: anybody?")
	gone()
	gone()
	d.shows("* bob no longer waits for an answer")
	d.types("yes, two\n")
	d.shows("* answered carol")
	for _, want := range []string{"127.0.0.1 : 49525 gets half past \uFFFD nine", "carol gets yes, two"} {
		if got := <-answers; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCommandsAreNoAnswers(t *testing.T) {
	d := newDesk(t)
	alice := d.connect("alice", "plain://127.0.0.1:8001", "127.0.0.1:49525")
	d.shows("* alice joined (plain 127.0.0.1:49525)")
	d.console.Ask(hub.Person{Shown: "bob"}, "anybody?", func(line string) { t.Errorf("bob was told %q", line) })
	d.types("@alice: ssh\n@carol: not for bob\n#ls\n")
	d.shows("? bob asks: anybody?", "* error: nobody here is called carol",
		"* online: alice (plain 127.0.0.1:49525), server")
	d.heard(alice, "server to alice alone: ssh")
}

func TestTooManyQuestionsAreRefused(t *testing.T) {
	d := newDesk(t)
	refused := 0
	for range 1001 {
		d.console.Ask(hub.Person{Shown: "bob"}, "?", func(string) { refused++ })
	}
	if refused != 1 {
		t.Errorf("%d of 1001 questions were refused, want 1", refused)
	}
}

func TestQuitAndExitStopTheServer(t *testing.T) {
	for _, word := range []string{"quit\n", " exit \r\n", "exit"} {
		stopped := make(chan struct{})
		d := newDesk(t, func(c *console.Config) { c.Stop = func() { close(stopped) } })
		d.types(word)
		_ = d.keyboard.Close()
		<-stopped
	}
}

func TestAtTheEndOfTheInputTheConsoleGoesOnShowing(t *testing.T) {
	d := newDesk(t)
	_ = d.keyboard.Close()
	d.shows("* the input has ended; this console goes on showing")
	d.connect("alice", "plain://127.0.0.1:8001", "127.0.0.1:49525")
	d.shows("* alice joined (plain 127.0.0.1:49525)")
}

func TestAnEndlessLineIsRefusedAndTheNextOneTaken(t *testing.T) {
	d := newDesk(t)
	d.types(strings.Repeat("x", 3*parley.MaxText) + "\n#ls\n")
	d.shows("* error: message too long (limit 65536 bytes)", "* online: server")
}

// The end may be asked for before the console has started: that was reported as a failure to start.
func TestAnEndThatIsAskedForAtOnceIsNoFailure(t *testing.T) {
	d := newDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	second := console.New(console.Config{Out: io.Discard, Hub: d.hub, Rooms: []parley.Room{lobby}})
	if err := second.Start(ctx); err != nil {
		t.Fatal(err)
	}
	second.Close()
}

func TestNobodyElseIsTheServer(t *testing.T) {
	d := newDesk(t)
	profile := hub.Profile{Identity: parley.Identity{Name: parley.ServerName}}
	_, err := d.hub.Connect(t.Context(), lobby, profile, &hearing{}, newScreen())
	if parley.CodeOf(err) != parley.CodeNameTaken {
		t.Errorf("a second server: %v", err)
	}
}

// desk is a console with a hub behind it, a keyboard and a screen.
type desk struct {
	t        *testing.T
	hub      *hub.Hub
	console  *console.Console
	keyboard *io.PipeWriter
	screen   *screen
	heardBy  map[*hub.Session]*screen
}

func newDesk(t *testing.T, options ...func(*console.Config)) *desk {
	t.Helper()
	in, keyboard := io.Pipe()
	journal := &journal{}
	d := &desk{t: t, keyboard: keyboard, screen: newScreen(), heardBy: make(map[*hub.Session]*screen)}
	d.hub = hub.New(hub.Config{Journal: journal, State: journal, Log: slog.New(slog.DiscardHandler)})
	journal.deliver = d.hub.Deliver
	config := console.Config{In: in, Out: d.screen, Hub: d.hub, Rooms: []parley.Room{lobby}, Stop: func() {}}
	for _, option := range options {
		option(&config)
	}
	d.console = console.New(config)
	if err := d.console.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.console.Close()
		_ = in.Close()
		d.hub.Close()
	})
	return d
}

func (d *desk) connect(name parley.Name, listener, address string) *hub.Session {
	d.t.Helper()
	return d.connectTo(lobby, name, listener, address)
}

func (d *desk) connectTo(room parley.Room, name parley.Name, listener, address string) *hub.Session {
	d.t.Helper()
	who := parley.Identity{Name: name}
	profile := hub.Profile{Identity: who, Address: netip.MustParseAddrPort(address), Listener: listener}
	out := newScreen()
	s, err := d.hub.Connect(d.t.Context(), room, profile, &hearing{}, out)
	if err != nil {
		d.t.Fatal(err)
	}
	d.heardBy[s] = out
	d.t.Cleanup(s.Leave)
	return s
}

func (d *desk) post(s *hub.Session, text string) {
	d.t.Helper()
	if err := s.Post(d.t.Context(), text); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) direct(s *hub.Session, to, text string) {
	d.t.Helper()
	if err := s.Direct(d.t.Context(), to, text); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) types(text string) {
	d.t.Helper()
	if _, err := io.WriteString(d.keyboard, text); err != nil {
		d.t.Fatal(err)
	}
}

// shows waits for the next lines on the operator's screen, which must be exactly these.
func (d *desk) shows(lines ...string) {
	d.t.Helper()
	d.screen.next(d.t, lines)
}

// heard waits for the next lines that s was sent.
func (d *desk) heard(s *hub.Session, lines ...string) {
	d.t.Helper()
	d.heardBy[s].next(d.t, lines)
}

// hearing is a form for everybody but the operator: what was said, and to whom.
type hearing struct{ hub.Form }

func (*hearing) Echo() bool { return false }

func (*hearing) AppendItem(dst []byte, item *hub.Item) []byte {
	posted, ok := item.Event.(parley.MessagePosted)
	switch {
	case !ok:
		return dst
	case item.Room.Kind == parley.RoomDirect:
		return append(dst, posted.Message.By.Name+" to alice alone: "+posted.Message.Text+"\n"...)
	}
	return append(dst, posted.Message.By.Name+": "+posted.Message.Text+"\n"...)
}

// screen keeps the lines that are written to it or sent.
type screen struct {
	lines chan string
	rest  string
}

func newScreen() *screen { return &screen{lines: make(chan string, 1<<14)} }

func (s *screen) Write(b []byte) (int, error) {
	s.rest += string(b)
	for {
		line, rest, complete := strings.Cut(s.rest, "\n")
		if !complete {
			return len(b), nil
		}
		s.lines <- line
		s.rest = rest
	}
}

func (s *screen) Send(parts [][]byte) {
	for _, p := range parts {
		_, _ = s.Write(p)
	}
}

func (s *screen) Close(reason error) {
	_, _ = s.Write([]byte("closed: " + parley.Sentence(reason) + "\n"))
}

func (s *screen) next(t *testing.T, want []string) {
	t.Helper()
	for _, w := range want {
		select {
		case got := <-s.lines:
			if got != w {
				t.Fatalf("shown: %q\nwant:  %q", got, w)
			}
		case <-t.Context().Done():
			t.Fatalf("never shown: %q", w)
		}
	}
}

// journal numbers messages and hands them to the hub at once; nobody here asks for history.
type journal struct {
	strangers
	mu      sync.Mutex
	last    parley.Seq
	deliver func([]parley.Applied)
}

func (j *journal) Append(_ context.Context, events ...parley.Event) ([]parley.Outcome, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	outcomes := make([]parley.Outcome, len(events))
	applied := make([]parley.Applied, len(events))
	for i, e := range events {
		j.last++
		outcomes[i] = parley.Outcome{Seq: j.last}
		applied[i] = parley.Applied{Event: e, Outcome: outcomes[i]}
	}
	j.deliver(applied)
	return outcomes, nil
}

func (j *journal) Events(context.Context, parley.RoomID, parley.Seq, int) ([]parley.Applied, error) {
	return nil, nil
}

// strangers is a state in which every room is there, and open to everybody, and nobody has an account.
type strangers struct{}

func (strangers) RoomByID(ctx context.Context, id parley.RoomID) (parley.Room, error) {
	name := parley.RoomName(strings.TrimPrefix(string(id), "r-"))
	return parley.Room{ID: id, Name: name, Kind: parley.RoomPublic, First: 1}, ctx.Err()
}

func (strangers) Standing(context.Context, parley.RoomID, parley.SenderID) (parley.Standing, error) {
	return parley.Standing{Role: parley.RoleGuest}, nil
}

func (strangers) Account(context.Context, parley.NameKey) (parley.Account, error) {
	return parley.Account{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
}

func (strangers) AccountByID(context.Context, parley.SenderID) (parley.Account, error) {
	return parley.Account{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
}

func (strangers) Logins(context.Context, parley.SenderID) ([]parley.Login, error) { return nil, nil }
