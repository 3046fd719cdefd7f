package hub_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"parley"
	"parley/hub"
)

// says has somebody say texts in a room, one after the other.
func (w *town) says(by parley.Identity, room parley.Room, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		_, err := w.Do(w.t.Context(), by, parley.MessagePosted{Message: parley.Message{Room: room.ID, Text: text}})
		check(w.t, err)
	}
}

// saysMany has somebody say "1", "2" and so on.
func (w *town) saysMany(by parley.Identity, room parley.Room, n int) {
	w.t.Helper()
	for i := range n {
		w.says(by, room, fmt.Sprint(i+1))
	}
}

// joins has somebody join a room, and shows what they are told first in one line on their screen.
func joins(t *testing.T, s *hub.Session, out *screen, room parley.Room, after parley.Seq) hub.Joined {
	t.Helper()
	joined, err := s.Join(t.Context(), room.ID, after, func(j hub.Joined, block []byte) error {
		if block == nil {
			var members []hub.Person
			for _, p := range j.Members {
				members = append(members, *p)
			}
			block = fmt.Appendf(nil, "%s to %d with %s\n", j.Room.Name, j.Room.Last, shown(members))
		}
		out.Send([][]byte{block})
		return nil
	})
	check(t, err)
	return joined
}

func TestWhoJoinsIsGivenWhatTheyMissedAndThenWhatHappens(t *testing.T) {
	w := newTown(t)
	alice := w.account("alice", parley.RoleMember)
	w.says(alice, games, "one", "two", "three")
	session, alices := w.connect(games, alice, w.form)
	bob, bobs := w.connect(parley.Room{}, parley.Identity{Name: "bob"}, w.form)
	joined := joins(t, bob, bobs, games, 1)
	if joined.More || joined.Room.First != 1 || joined.Room.Last != 3 {
		t.Errorf("joined: %+v", joined)
	}
	check(t, session.Post(t.Context(), "four"))
	_, err := bob.Do(t.Context(), parley.MessagePosted{Message: parley.Message{Room: games.ID, Text: "five"}})
	check(t, err)
	bobs.wait(t, "games to 3 with alice bob\nalice: two\nalice: three\nalice: four\n")
	alices.wait(t, "+bob\nbob: five\n")
	bob.Part(games.ID)
	check(t, session.Post(t.Context(), "six"))
	alices.wait(t, "+bob\nbob: five\n-bob\n")
	if got := shown(w.Present(games.ID)); got != "alice" {
		t.Errorf("present: %s", got)
	}
	bobs.wait(t, "games to 3 with alice bob\nalice: two\nalice: three\nalice: four\n")
}

func TestFromWhereOneJoins(t *testing.T) {
	w := newTown(t)
	w.journal.rooms[games.ID] = parley.Room{ID: games.ID, Name: "games", Kind: parley.RoomPublic, First: 2}
	w.saysMany(parley.Operator(), games, 3)
	for after, want := range map[parley.Seq]string{
		hub.FromNow: "", -7: "server: 2\nserver: 3\n", 0: "server: 2\nserver: 3\n", 2: "server: 3\n", 3: "", 1000: "",
	} {
		s, out := w.connect(parley.Room{}, parley.Identity{Name: "bob"}, w.form)
		joins(t, s, out, games, after)
		want = "games to 3 with bob\n" + want
		out.wait(t, want)
		s.Leave()
	}
}

func TestWhoIsFarBehindIsGivenAPageAndAsksAgain(t *testing.T) {
	w := newTown(t)
	w.saysMany(parley.Operator(), games, 600)
	bob, bobs := w.connect(parley.Room{}, parley.Identity{Name: "bob"}, w.form)
	var calls []string
	for after, more := parley.Seq(0), true; more; {
		j := joins(t, bob, bobs, games, after)
		calls = append(calls, fmt.Sprint(j.More, j.Next))
		if j.More && len(w.Present(games.ID)) > 0 {
			t.Error("bob is there already")
		}
		after, more = j.Next, j.More
	}
	if got := strings.Join(calls, ", "); got != "true 256, true 512, false 0" {
		t.Errorf("joined: %s", got)
	}
	bobs.waitFor(t, func(text string) bool {
		return strings.Contains(text, "server: 256\ngames to 600 with \nserver: 257\n") &&
			strings.HasSuffix(text, "server: 512\ngames to 600 with bob\n"+lastLines(513, 600))
	})
}

// lastLines gives what the server says, from one number to another.
func lastLines(from, to int) string {
	var b strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintf(&b, "server: %d\n", i)
	}
	return b.String()
}

// Long texts make a page short, and then it is still no burst.
func TestAPageThatIsCutShortIsAsGoodAsAFullOne(t *testing.T) {
	w := newTown(t)
	w.journal.brief = 10
	w.saysMany(parley.Operator(), games, 15)
	bob, bobs := w.connect(parley.Room{}, parley.Identity{Name: "bob"}, w.form)
	if j := joins(t, bob, bobs, games, 0); !j.More || j.Next != 10 {
		t.Errorf("joined: %+v", j)
	}
	if j := joins(t, bob, bobs, games, 10); j.More {
		t.Errorf("joined: %+v", j)
	}
	bobs.wait(t, "games to 15 with \n"+lastLines(1, 10)+"games to 15 with bob\n"+lastLines(11, 15))
}

// What is committed but not delivered when somebody joins is in history, and would come once more when it is delivered.
func TestWhatIsBeingDeliveredIsNotDoubled(t *testing.T) {
	w := newTown(t)
	applied, deliver := make(chan struct{}), make(chan struct{})
	w.journal.between = func() { close(applied); <-deliver }
	var saying sync.WaitGroup
	saying.Go(func() { w.says(parley.Operator(), games, "once") })
	<-applied
	bob, bobs := w.connect(parley.Room{}, parley.Identity{Name: "bob"}, w.form)
	saying.Go(func() { joins(t, bob, bobs, games, 0) })
	close(deliver)
	saying.Wait()
	w.journal.between = nil
	w.says(parley.Operator(), games, "twice")
	bobs.wait(t, "games to 1 with bob\nserver: once\nserver: twice\n")
}

func TestNothingIsLostOrDoubledWhoeverJoinsWhen(t *testing.T) {
	const speakers, each, readers = 4, 300, 8
	w := newTown(t)
	var all sync.WaitGroup
	for n := range speakers {
		who := w.account(parley.Name(fmt.Sprint("p", n)), parley.RoleMember)
		all.Go(func() { w.saysMany(who, games, each) })
	}
	screens := make([]*screen, readers)
	for n := range readers {
		bob, bobs := w.connect(parley.Room{}, parley.Identity{Name: parley.Name(fmt.Sprint("r", n))}, &lines{gathers: true})
		screens[n] = bobs
		all.Go(func() {
			j := hub.Joined{More: true}
			for j.More {
				j = joins(t, bob, bobs, games, j.Next)
			}
		})
	}
	all.Wait()
	w.Stop()
	want := ""
	for _, e := range w.journal.events[games.ID] {
		m := e.Event.(parley.MessagePosted).Message
		want += m.By.Name + ": " + m.Text + "\n"
	}
	for _, s := range screens {
		var got strings.Builder
		for line := range strings.Lines(s.shows()) {
			if strings.HasPrefix(line, "p") {
				got.WriteString(line)
			}
		}
		if got.String() != want {
			t.Fatalf("somebody was shown %d bytes, not %d", got.Len(), len(want))
		}
	}
}

// One session joins room after room while people talk in all of them.
func TestManyRoomsAreJoinedWhileAllOfThemTalk(t *testing.T) {
	const rooms, each = 6, 200
	w := newTown(t)
	bob, bobs := w.person("bob", w.form)
	var talking sync.WaitGroup
	all := make([]parley.Room, rooms)
	for n := range all {
		who := w.account(parley.Name(fmt.Sprint("p", n)), parley.RoleMember)
		room, err := w.OpenRoom(t.Context(), who, parley.Room{Name: parley.RoomName(fmt.Sprint("r", n)), Kind: parley.RoomPublic})
		check(t, err)
		all[n] = room
		talking.Go(func() { w.saysMany(who, room, each) })
	}
	for _, room := range all {
		for j := (hub.Joined{More: true}); j.More; {
			j = joins(t, bob, bobs, room, j.Next)
		}
	}
	talking.Wait()
	w.Stop()
	next := make(map[string]int)
	for line := range strings.Lines(bobs.shows()) {
		if who, said, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			if next[who]++; said != fmt.Sprint(next[who]) {
				t.Fatalf("%s's message %d came as %s", who, next[who], said)
			}
		}
	}
	for n := range rooms {
		if who := fmt.Sprint("p", n); next[who] != each {
			t.Errorf("%d messages of %s", next[who], who)
		}
	}
}

func TestOtherRoomsWaitForAJoin(t *testing.T) {
	w := newTown(t)
	w.says(parley.Operator(), games, "past")
	bob, bobs := w.person("bob", w.form)
	carol, _ := w.person("carol", w.form)
	bobs.wait(t, "+carol\n")
	_, err := bob.Join(t.Context(), games.ID, 0, func(_ hub.Joined, block []byte) error {
		check(t, carol.Post(t.Context(), "in the lobby"))
		w.says(parley.Operator(), games, "in here")
		bobs.Send([][]byte{block})
		return nil
	})
	check(t, err)
	bobs.wait(t, "+carol\nserver: past\n"+strings.Repeat("carol: in the lobby\nserver: in here\n", 2))
}

func TestWhoTakesTooLongToReadWhatTheyMissedIsLetGo(t *testing.T) {
	w := newTown(t)
	bob, bobs := w.person("bob", w.form)
	_, err := bob.Join(t.Context(), games.ID, 0, func(hub.Joined, []byte) error {
		for range 20 {
			w.says(parley.Operator(), lobby, strings.Repeat("x", parley.MaxText))
		}
		bobs.waitFor(t, func(text string) bool { return text != "" })
		return nil
	})
	check(t, err)
	w.says(parley.Operator(), lobby, "after")
	bobs.waitFor(t, func(text string) bool {
		return strings.HasPrefix(text, "closed, slow-reader: too slow, more than 1048576 bytes wait\n")
	})
}

func TestWhoMayNotJoin(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	bob, bobs := w.person("bob", w.form)
	write := func(hub.Joined, []byte) error { return errors.New("nothing should be written") }
	w.does(parley.Operator(), games, parley.MemberBanned, sender(bob))
	for room, code := range map[parley.RoomID]parley.Code{
		games.ID:  parley.CodeBanned,
		cellar.ID: parley.CodeNoSuchRoom,
		"r-none":  parley.CodeNoSuchRoom,
		parley.DirectRoom("g-somebody", "g-else"): parley.CodeNoSuchRoom,
	} {
		_, err := bob.Join(ctx, room, 0, write)
		refused(t, string(room), err, code)
		if code == parley.CodeNoSuchRoom && parley.Sentence(err) != "there is no such room" {
			t.Errorf("%s: %v tells more than it may", room, err)
		}
	}
	w.says(parley.Operator(), lobby, "bob is still here")
	bobs.wait(t, "server: bob is still here\n")
	w.does(parley.Operator(), cellar, parley.MemberInvited, sender(bob))
	joins(t, bob, bobs, cellar, hub.FromNow)
}

// An answer from before a ban lets nobody in after it.
func TestWhoIsBannedWhileTheyJoinIsNotIn(t *testing.T) {
	w := newTown(t)
	bob, _ := w.person("bob", w.form)
	var once sync.Once
	w.journal.asked = func() {
		once.Do(func() { w.does(parley.Operator(), games, parley.MemberBanned, sender(bob)) })
	}
	_, err := bob.Join(t.Context(), games.ID, 0, func(hub.Joined, []byte) error { return nil })
	refused(t, "joining", err, parley.CodeBanned)
	if got := w.Present(games.ID); len(got) > 0 {
		t.Errorf("present: %v", got)
	}
}

func TestAJoinThatFails(t *testing.T) {
	w := newTown(t)
	w.says(parley.Operator(), games, "past")
	bob, bobs := w.person("bob", w.form)
	lost := parley.Errorf(parley.CodeStore, "the database is closed")
	w.journal.unread = lost
	_, err := bob.Join(t.Context(), games.ID, 0, func(hub.Joined, []byte) error { return nil })
	refused(t, "without history", err, parley.CodeStore)
	w.journal.unread = nil
	w.says(parley.Operator(), lobby, "nothing has changed")
	bobs.wait(t, "server: nothing has changed\n")

	gone := parley.Errorf(parley.CodeClosed, "gone")
	_, err = bob.Join(t.Context(), games.ID, 0, func(hub.Joined, []byte) error { return gone })
	refused(t, "with a writer that gives up", err, parley.CodeClosed)
	w.says(parley.Operator(), lobby, "nothing comes any more")
	bob.Leave()
	if got := len(w.Connections()); got != 0 {
		t.Errorf("%d connections", got)
	}
	w.Stop()
	bobs.wait(t, "server: nothing has changed\n")
	carol, _ := w.person("carol", w.form)
	_, err = carol.Join(context.Background(), cellar.ID, 0, nil)
	refused(t, "when the server stops", err, parley.CodeNoSuchRoom)
	_, err = carol.Join(context.Background(), games.ID, 0, nil)
	refused(t, "when the server stops", err, parley.CodeShutdown)
}
