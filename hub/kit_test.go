package hub_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
	"parley/hub"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	lobby  = parley.Room{ID: "r-lobby", Name: parley.Lobby, Kind: parley.RoomPublic}
	games  = parley.Room{ID: "r-games", Name: "games", Kind: parley.RoomPublic}
	cellar = parley.Room{ID: "r-cellar", Name: "cellar", Kind: parley.RoomPrivate}
)

// lines is a form for tests: one line an item.
type lines struct{ echo, gathers bool }

func (f *lines) Echo() bool    { return f.echo }
func (f *lines) Gathers() bool { return f.gathers }

func (f *lines) AppendItem(dst []byte, item *hub.Item) []byte {
	switch item.Kind {
	case hub.ItemPresence:
		return f.appendPresence(dst, item)
	case hub.ItemTyping:
		return fmt.Appendf(dst, "typing: %s\n", shown(item.Typing))
	case hub.ItemRead:
		return fmt.Appendf(dst, "read %s to %d\n", item.Room.Name, item.Read)
	}
	return f.appendEvent(dst, item)
}

func (f *lines) appendPresence(dst []byte, item *hub.Item) []byte {
	if f.gathers {
		return fmt.Appendf(dst, "left [%s] joined [%s]\n", shown(item.Left), shown(item.Joined))
	}
	for _, p := range item.Left {
		dst = fmt.Appendf(dst, "-%s\n", p.Shown)
	}
	for _, p := range item.Joined {
		dst = fmt.Appendf(dst, "+%s\n", p.Shown)
	}
	return dst
}

func (f *lines) appendEvent(dst []byte, item *hub.Item) []byte {
	by := item.Event.Head().By.Name
	switch e := item.Event.(type) {
	case parley.MessagePosted:
		if item.Room.Kind == parley.RoomDirect {
			by += " privately"
		}
		return fmt.Appendf(dst, "%s: %s\n", by, e.Message.Text)
	case parley.MessageEdited:
		return fmt.Appendf(dst, "%s edits %d: %s\n", by, e.Target, e.Text)
	case parley.MemberChanged:
		return fmt.Appendf(dst, "%s: %s %s\n", by, e.Change, e.Who.Name)
	case parley.RoomChanged:
		return fmt.Appendf(dst, "%s: topic %q, %s\n", by, e.Topic, e.Kind)
	}
	return fmt.Appendf(dst, "%s: %s\n", by, item.Event.Type())
}

// shown gives the names of people.
func shown(people []hub.Person) string {
	names := make([]string, len(people))
	for i, p := range people {
		names[i] = p.Shown
	}
	return strings.Join(names, " ")
}

// screen is what one person has been sent.
type screen struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{}
}

func newScreen() *screen { return &screen{changed: make(chan struct{}, 1)} }

func (s *screen) Send(parts [][]byte) {
	s.mu.Lock()
	for _, p := range parts {
		s.text.Write(p)
	}
	s.mu.Unlock()
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *screen) Close(reason error) {
	s.Send([][]byte{fmt.Appendf(nil, "closed, %s: %s\n", parley.CodeOf(reason), parley.Sentence(reason))})
}

func (s *screen) shows() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// wait returns when the screen shows exactly want.
func (s *screen) wait(t *testing.T, want string) {
	t.Helper()
	s.waitFor(t, func(text string) bool { return text == want })
}

// waitFor returns when what the screen shows is good.
func (s *screen) waitFor(t *testing.T, good func(string) bool) {
	t.Helper()
	timeout := time.After(10 * time.Second)
	for !good(s.shows()) {
		select {
		case <-s.changed:
		case <-timeout:
			t.Fatalf("the screen still shows\n%s", s.shows())
		}
	}
}

// town is a hub with its journal, and people to connect.
type town struct {
	*hub.Hub
	t       *testing.T
	journal *memory
	form    *lines
	port    uint16
}

func newTown(t *testing.T) *town {
	journal := newMemory(lobby, games, cellar)
	h := hub.New(hub.Config{Journal: journal, State: journal, Log: slog.New(slog.DiscardHandler)})
	journal.deliver = h.Deliver
	t.Cleanup(h.Close)
	return &town{Hub: h, t: t, journal: journal, form: &lines{}, port: 1000}
}

// person connects a guest to the lobby; nobody's name means that they have picked none.
func (w *town) person(name parley.Name, form hub.Form) (*hub.Session, *screen) {
	w.t.Helper()
	return w.connect(lobby, parley.Identity{Name: name}, form)
}

// connect connects somebody to a room, or to none.
func (w *town) connect(room parley.Room, who parley.Identity, form hub.Form) (*hub.Session, *screen) {
	w.t.Helper()
	w.port++
	address := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), w.port)
	out := newScreen()
	nameless := fmt.Sprintf("%s : %d", address.Addr(), address.Port())
	s, err := w.Connect(w.t.Context(), room, hub.Profile{Identity: who, Shown: nameless, Address: address}, form, out)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(s.Leave)
	return s, out
}

// named is the profile of a guest.
func named(name parley.Name) hub.Profile { return hub.Profile{Identity: parley.Identity{Name: name}} }

// account makes an account, and gives its identity.
func (w *town) account(name parley.Name, role parley.Role) parley.Identity {
	a := parley.Account{ID: parley.SenderID("a-" + name), Name: name, Role: role}
	w.append(parley.AccountAdded{Account: a, Key: name.Key()})
	return parley.Identity{ID: a.ID, Name: name, Role: role}
}

// append has events happen, as others than the hub do.
func (w *town) append(events ...parley.Event) {
	w.t.Helper()
	outcomes, err := w.journal.Append(context.Background(), events...)
	check(w.t, err)
	for _, o := range outcomes {
		check(w.t, o.Err)
	}
}

// does has a person do something to somebody in a room, by another door.
func (w *town) does(by parley.Identity, room parley.Room, change parley.MemberChange, who parley.Sender) {
	w.t.Helper()
	e := parley.MemberChanged{Entry: parley.Entry{Room: room.ID}, Who: who, Change: change}
	if change == parley.MemberAppointed {
		e.Role = parley.RoleModerator
	}
	_, err := w.Do(w.t.Context(), by, e)
	check(w.t, err)
}

// sender is a person as they are named in an event.
func sender(s *hub.Session) parley.Sender {
	return parley.Sender{ID: s.Person().ID, Name: s.Person().Shown}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks that something was refused with a code.
func refused(t *testing.T, what string, err error, code parley.Code) {
	t.Helper()
	if parley.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}
