package hub_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/hub"
)

// inTown runs a test on a clock of its own.
func inTown(t *testing.T, test func(t *testing.T, w *town)) {
	synctest.Test(t, func(t *testing.T) { test(t, newTown(t)) })
}

// sees checks what is on a screen when all is quiet, and empties it.
func (s *screen) sees(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.text.Reset()
	if got := s.text.String(); got != want {
		t.Errorf("shown\n%swant\n%s", got, want)
	}
}

func pass(d time.Duration) { <-time.After(d) }

func TestTheFirstChangeIsToldAtOnceAndTheRestTogether(t *testing.T) {
	inTown(t, func(t *testing.T, w *town) {
		_, alices := w.person("alice", w.form)
		_, watchers := w.person("watcher", &lines{gathers: true})
		alices.sees(t, "+watcher\n")
		pass(time.Second)
		bob, bobs := w.person("bob", w.form)
		alices.sees(t, "+bob\n")
		watchers.sees(t, "left [] joined [bob]\n")
		w.person("carol", w.form)
		bob.Leave()
		dora, _ := w.person("dora", w.form)
		pass(49 * time.Millisecond)
		alices.sees(t, "")
		pass(time.Millisecond)
		alices.sees(t, "+carol\n-bob\n+dora\n")
		watchers.sees(t, "left [bob] joined [carol dora]\n")
		bobs.sees(t, "")
		dora.Leave()
		pass(49 * time.Millisecond)
		alices.sees(t, "") // gathering goes on while there is something to gather
		pass(time.Second)
		alices.sees(t, "-dora\n")
		w.person("emil", w.form)
		alices.sees(t, "+emil\n")
	})
}

func TestWhoComesAndGoesWithinAMomentWasNotThere(t *testing.T) {
	inTown(t, func(t *testing.T, w *town) {
		_, alices := w.person("alice", w.form)
		bob, _ := w.person("bob", w.form)
		for range 3 {
			carol, _ := w.person("carol", w.form)
			carol.Leave()
		}
		bob.Leave()
		w.person("bob", w.form) // somebody else
		pass(time.Second)
		alices.sees(t, "+bob\n-bob\n+bob\n")
	})
}

func TestNobodySpeaksBeforeTheyAreSeenToHaveCome(t *testing.T) {
	inTown(t, func(t *testing.T, w *town) {
		_, alices := w.person("alice", w.form)
		w.person("bob", w.form)
		carol, carols := w.person("carol", w.form)
		check(t, carol.Post(t.Context(), "hello"))
		dora, _ := w.person("dora", w.form)
		check(t, dora.Direct(t.Context(), "alice", "psst"))
		alices.sees(t, "+bob\n+carol\ncarol: hello\n+dora\ndora privately: psst\n")
		carols.sees(t, "+dora\n") // and nothing from before she came
	})
}

// counting is a form that counts how many people it is asked to show.
type counting struct {
	lines
	people atomic.Int64
}

func (c *counting) AppendItem(dst []byte, item *hub.Item) []byte {
	c.people.Add(int64(len(item.Joined) + len(item.Left)))
	return c.lines.AppendItem(dst, item)
}

// A thousand people who come at once are shown once each, and not each to each who came before.
func TestAThousandArrivalsCostAThousandEncodings(t *testing.T) {
	inTown(t, func(t *testing.T, w *town) {
		const n = 1000
		singly, together := &counting{}, &counting{lines: lines{gathers: true}}
		first, out := w.person("first", singly)
		_, second := w.person("second", together)
		for i := range n {
			w.person(parley.Name(fmt.Sprint("p", i)), []hub.Form{singly, together}[i%2])
		}
		pass(time.Second)
		for _, form := range []*counting{singly, together} {
			if got := form.people.Load(); got > 2*(n+2) {
				t.Errorf("%d people shown", got)
			}
		}
		if got := len(first.Online()); got != n+2 {
			t.Errorf("%d online", got)
		}
		if out.shows() == "" || second.shows() == "" {
			t.Error("nobody was shown")
		}
	})
}

func TestAPersonIsThereOnceByHoweverManyConnections(t *testing.T) {
	inTown(t, func(t *testing.T, w *town) {
		alice := w.account("alice", parley.RoleMember)
		_, bobs := w.person("bob", w.form)
		phone, _ := w.connect(lobby, alice, w.form)
		pass(time.Second)
		laptop, laptops := w.connect(lobby, alice, w.form)
		pass(time.Second)
		bobs.sees(t, "+alice\n")
		if got := shown(w.Present(lobby.ID)); got != "alice bob" {
			t.Errorf("present: %s", got)
		}
		if got := shown(w.Connections()); got != "alice alice bob" {
			t.Errorf("connections: %s", got)
		}
		check(t, phone.Post(t.Context(), "hello"))
		laptops.sees(t, "alice: hello\n") // her other connections are told
		phone.Leave()
		pass(time.Second)
		bobs.sees(t, "alice: hello\n")
		laptop.Leave()
		bobs.sees(t, "-alice\n")
		w.person("alice2", w.form)
		pass(10 * time.Millisecond)
	}) // the hub is closed while changes are being gathered
}

func TestTypingIsToldNowAndThen(t *testing.T) {
	inTown(t, func(t *testing.T, w *town) {
		alice, alices := w.person("alice", w.form)
		bob, bobs := w.person("bob", w.form)
		pass(time.Second)
		alices.sees(t, "+bob\n")
		for range 39 {
			check(t, bob.Typing(lobby.ID))
			pass(50 * time.Millisecond)
		}
		alices.sees(t, "typing: bob\n")
		bobs.sees(t, "")
		pass(50 * time.Millisecond)
		check(t, bob.Typing(lobby.ID))
		alices.sees(t, "typing: bob\n")
		check(t, bob.Post(t.Context(), "done"))
		pass(50 * time.Millisecond)
		check(t, bob.Typing(lobby.ID)) // again, so it is told again
		alices.sees(t, "bob: done\ntyping: bob\n")
		check(t, alice.Typing(lobby.ID))
		check(t, alice.Post(t.Context(), "never mind")) // before it was told that she types
		pass(time.Second)
		bobs.sees(t, "alice: never mind\n")
		refused(t, "typing elsewhere", bob.Typing(games.ID), parley.CodeNoSuchRoom)
	})
}

func TestTypingInAConversation(t *testing.T) {
	inTown(t, func(t *testing.T, w *town) {
		alice, alices := w.person("alice", w.form)
		bob, _ := w.person("bob", w.form)
		carol, carols := w.person("carol", w.form)
		pass(time.Second)
		alices.sees(t, "+bob\n+carol\n")
		between := parley.DirectRoom(alice.Person().ID, bob.Person().ID)
		check(t, bob.Typing(between))
		alices.sees(t, "typing: bob\n")
		refused(t, "typing in others' conversation", carol.Typing(between), parley.CodeNoSuchRoom)
		carols.sees(t, "")
	})
}
