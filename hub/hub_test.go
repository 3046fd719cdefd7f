package hub_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley"
	"parley/hub"
)

func TestAMessageReachesEveryoneButItsOwnConnection(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice, alices := w.person("alice", w.form)
	bob, bobs := w.person("bob", w.form)
	_, carols := w.person("", &lines{echo: true})
	check(t, alice.Post(ctx, "hello"))
	check(t, bob.Post(ctx, "one", "two"))
	alices.wait(t, "+bob\n+127.0.0.1 : 1003\nbob: one\nbob: two\n")
	bobs.wait(t, "+127.0.0.1 : 1003\nalice: hello\n")
	carols.wait(t, "alice: hello\nbob: one\nbob: two\n")
}

// Whoever has seen the greeting is in the room: what is said from then on reaches them, and nothing reaches them before
// it.
func TestTheGreetingComesFirst(t *testing.T) {
	w := newTown(t)
	alice, _ := w.person("alice", w.form)
	for range 100 {
		out := newScreen()
		said := make(chan error)
		go func() {
			<-out.changed
			said <- alice.Post(t.Context(), "hello")
		}()
		bob, err := w.Connect(t.Context(), lobby, hub.Profile{Identity: parley.Identity{Name: "bob"}, Greeting: []byte("welcome\n")}, w.form, out)
		check(t, err)
		check(t, <-said)
		out.wait(t, "welcome\nalice: hello\n")
		bob.Leave()
	}
}

func TestAFormMayEcho(t *testing.T) {
	w := newTown(t)
	alice, alices := w.person("alice", &lines{echo: true})
	check(t, alice.Post(t.Context(), "hello"))
	alices.wait(t, "alice: hello\n") // and nobody is told of their own arrival
}

func TestOnlyTheSendersOwnMessagesAreLeftOutOfAMixedBatch(t *testing.T) {
	w := newTown(t)
	alice, alices := w.person("alice", w.form)
	bob, bobs := w.person("bob", w.form)
	_, carols := w.person("carol", w.form)
	// Two people post at the same time, and the journal commits it all in one batch.
	w.journal.gather = &gathering{want: 4, done: make(chan struct{})}
	var posts sync.WaitGroup
	posts.Go(func() { check(t, alice.Post(t.Context(), "a1", "a2")) })
	posts.Go(func() { check(t, bob.Post(t.Context(), "b1", "b2")) })
	posts.Wait()
	alices.wait(t, "+bob\n+carol\nbob: b1\nbob: b2\n")
	bobs.wait(t, "+carol\nalice: a1\nalice: a2\n")
	carols.waitFor(t, func(text string) bool {
		return strings.Contains(text, "alice: a1\nalice: a2\n") && strings.Contains(text, "bob: b1\nbob: b2\n")
	})
}

func TestNamesAreHadOnce(t *testing.T) {
	w := newTown(t)
	alice, _ := w.person("alice", w.form)
	bob, bobs := w.person("bob", w.form)
	_, err := w.Connect(t.Context(), lobby, named("ALICE"), w.form, newScreen())
	if parley.CodeOf(err) != parley.CodeNameTaken {
		t.Errorf("a second alice: %v", err)
	}
	if err := bob.Rename("Alice"); parley.CodeOf(err) != parley.CodeNameTaken {
		t.Errorf("bob becomes alice: %v", err)
	}
	check(t, alice.Rename("Alice")) // her own name, written otherwise
	check(t, alice.Rename("carol"))
	check(t, bob.Rename("alice"))    // free again
	bobs.wait(t, "-alice\n+carol\n") // what she was called for a moment nobody has seen
	alice.Leave()
	alice.Leave()
	w.person("carol", w.form)
}

func TestOnlineIsSorted(t *testing.T) {
	w := newTown(t)
	bob, _ := w.person("bob", w.form)
	w.person("alice", w.form)
	carol, _ := w.person("carol", w.form)
	carol.Leave()
	var names []string
	for _, p := range bob.Online() {
		names = append(names, p.Shown)
	}
	if want := []string{"alice", "bob"}; !slices.Equal(names, want) {
		t.Errorf("online: %v, not %v", names, want)
	}
	if carol.Online() != nil {
		t.Error("somebody who left is told who is online")
	}
}

func TestDirectMessagesReachOnePerson(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice, alices := w.person("alice", w.form)
	bob, bobs := w.person("", w.form)
	_, carols := w.person("carol", w.form)
	check(t, alice.Direct(ctx, "127.0.0.1 : 1002", "psst"))
	check(t, bob.Direct(ctx, "ALICE", "yes?"))
	alices.wait(t, "+127.0.0.1 : 1002\n+carol\n127.0.0.1 : 1002 privately: yes?\n")
	bobs.wait(t, "+carol\nalice privately: psst\n")
	err := alice.Direct(ctx, "dora", "hi")
	if parley.CodeOf(err) != parley.CodeNoSuchUser || parley.Sentence(err) != "nobody here is called dora" {
		t.Errorf("to nobody: %v", err)
	}
	bob.Leave()
	if err := alice.Direct(ctx, "127.0.0.1 : 1002", "still there?"); parley.CodeOf(err) != parley.CodeNoSuchUser {
		t.Errorf("to somebody who left: %v", err)
	}
	check(t, alice.Post(ctx, "done"))
	carols.wait(t, "-127.0.0.1 : 1002\nalice: done\n")
}

func TestTheLongestNameBeforeAColonIsTheRecipient(t *testing.T) {
	w := newTown(t)
	alice, _ := w.person("alice", w.form)
	w.person("", w.form) // 127.0.0.1 : 1002
	w.person("bob", w.form)
	for _, c := range []struct {
		rest, to, text string
		ok             bool
	}{
		{"bob: hi", "bob", "hi", true},
		{"Bob:hi", "Bob", "hi", true},
		{"bob: a: b", "bob", "a: b", true},
		{"127.0.0.1 : 1002: hi", "127.0.0.1 : 1002", "hi", true},
		{"127.0.0.1 : 9: hi", "127.0.0.1 ", "9: hi", false},
		{"dora: hi", "dora", "hi", false},
		{"no colon", "no colon", "", false},
		{"", "", "", false},
		{strings.Repeat(":", 100_000), "", strings.Repeat(":", 99_999), false},
	} {
		to, text, ok := alice.Recipient(t.Context(), c.rest)
		if to != c.to || text != c.text || ok != c.ok {
			t.Errorf("%.40q: to %q, text %.40q, %v", c.rest, to, text, ok)
		}
	}
}

func TestTextIsCleanedAndChecked(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice, _ := w.person("alice", w.form)
	_, bobs := w.person("bob", w.form)
	err := alice.Post(ctx, "red \x1b[31m", " \n", strings.Repeat("x", parley.MaxText+1), "fine")
	if parley.CodeOf(err) != parley.CodeInvalid {
		t.Errorf("the first refusal: %v", err)
	}
	bobs.wait(t, "alice: red \uFFFD[31m\nalice: fine\n")
}

func TestNothingIsDeliveredWhenTheJournalFails(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice, _ := w.person("alice", w.form)
	_, bobs := w.person("bob", w.form)
	w.journal.fail = parley.Errorf(parley.CodeDiskFull, "the disk is full")
	if err := alice.Post(ctx, "lost?"); parley.CodeOf(err) != parley.CodeDiskFull {
		t.Errorf("posting on a full disk: %v", err)
	}
	w.journal.fail = nil
	check(t, alice.Post(ctx, "there is room again"))
	bobs.wait(t, "alice: there is room again\n")
}

func TestAWatcherSeesOtherRooms(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	operator, seen := w.connect(lobby, parley.Operator(), w.form)
	operator.Watch(games)
	operator.Watch(games)
	bob, err := w.Connect(t.Context(), games, named("bob"), w.form, newScreen())
	check(t, err)
	defer bob.Leave()
	check(t, bob.Post(ctx, "in here"))
	seen.wait(t, "+bob\nbob: in here\n")
	if online := bob.Online(); len(online) != 1 {
		t.Errorf("a watcher counts as being there: %v", online)
	}
}

func TestAPauseLosesNothingAndDoublesNothing(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice, _ := w.person("alice", w.form)
	bob, bobs := w.person("bob", w.form)
	var want strings.Builder
	say := func(n int) {
		text := fmt.Sprint("message ", n)
		check(t, alice.Post(ctx, text))
		fmt.Fprintf(&want, "alice: %s\n", text)
	}
	say(1)
	bob.Pause()
	for n := range 1000 {
		say(n)
	}
	check(t, alice.Direct(ctx, "bob", "psst"))
	resumed := bobs.shows()
	if resumed != "alice: message 1\n" {
		t.Fatalf("sent during a pause: %q", resumed)
	}
	pages := 0
	check(t, bob.Resume(ctx, func(block []byte) error {
		if pages++; pages == 2 {
			say(1001) // somebody speaks while history is being read
		}
		bobs.Send([][]byte{block})
		return nil
	}))
	say(1002)
	const direct = "alice privately: psst\n"
	bobs.waitFor(t, func(text string) bool {
		return strings.Replace(text, direct, "", 1) == want.String() && strings.Contains(text, direct)
	})
}

func TestResumeGivesUpWhenItsWriterDoes(t *testing.T) {
	w := newTown(t)
	alice, _ := w.person("alice", w.form)
	bob, _ := w.person("bob", w.form)
	bob.Pause()
	check(t, alice.Post(t.Context(), "hello"))
	gone := parley.Errorf(parley.CodeClosed, "gone")
	if err := bob.Resume(t.Context(), func([]byte) error { return gone }); parley.CodeOf(err) != parley.CodeClosed {
		t.Errorf("resume: %v", err)
	}
}

func TestManyPeopleComeTalkAndGo(t *testing.T) {
	const people, messages = 40, 50
	w := newTown(t)
	ctx := t.Context()
	_, seen := w.person("witness", w.form)
	var all sync.WaitGroup
	for p := range people {
		all.Go(func() {
			s, err := w.Connect(t.Context(), lobby, named(parley.Name(fmt.Sprint("p", p))), w.form, newScreen())
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Leave()
			for m := range messages {
				if err := s.Post(ctx, fmt.Sprint(m)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	w.Close() // delivers what it was given
	text := seen.shows()
	for p := range people {
		next := 0
		for line := range strings.Lines(text) {
			if said, ok := strings.CutPrefix(line, fmt.Sprintf("p%d: ", p)); ok {
				if said != fmt.Sprintln(next) {
					t.Fatalf("p%d's message %d came as %q", p, next, said)
				}
				next++
			}
		}
		if next != messages || strings.Count(text, fmt.Sprintf("-p%d\n", p)) != 1 {
			t.Errorf("p%d: %d messages seen", p, next)
		}
	}
}

func TestAClosedHubTakesNobody(t *testing.T) {
	w := newTown(t)
	s, _ := w.person("alice", w.form)
	s.Leave()
	w.Close()
	w.Close()
	_, err := w.Connect(t.Context(), lobby, named("bob"), w.form, newScreen())
	if parley.CodeOf(err) != parley.CodeShutdown {
		t.Errorf("connecting to a closed hub: %v", err)
	}
}

func TestAStoppingHubDeliversWhatItAccepted(t *testing.T) {
	w := newTown(t)
	alice, _ := w.person("alice", w.form)
	_, bobs := w.person("bob", w.form)
	check(t, alice.Post(t.Context(), "just in time"))
	w.Stop()
	w.Stop()
	if got := bobs.shows(); got != "alice: just in time\n" {
		t.Errorf("when Stop returns, bob has been sent %q", got)
	}
	if err := alice.Post(t.Context(), "too late"); parley.CodeOf(err) != parley.CodeShutdown {
		t.Errorf("posting afterwards: %v", err)
	}
}

// A private message is not lost because whoever sent it leaves while its reader is busy with a file.
func TestWhatWasSaidBeforeLeavingIsReadAfterAPause(t *testing.T) {
	w := newTown(t)
	alice, alices := w.person("alice", w.form)
	bob, _ := w.person("bob", w.form)
	alice.Pause()
	check(t, bob.Direct(t.Context(), "alice", "the key is under the mat"))
	bob.Leave()
	check(t, alice.Resume(t.Context(), func(block []byte) error { alices.Send([][]byte{block}); return nil }))
	alices.wait(t, "+bob\nbob privately: the key is under the mat\n")
}

// gate is an outbox whose first write waits until it is opened, so that everything after it finds the worker busy.
type gate struct {
	*screen
	entered, open chan struct{}
	once          sync.Once
}

func (g *gate) Send(parts [][]byte) {
	g.once.Do(func() { close(g.entered); <-g.open })
	g.screen.Send(parts)
}

// What somebody is shown stands in the journal's order, also across rooms and however far the worker is behind.
func TestABusyWorkerKeepsTheOrder(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice, _ := w.person("alice", w.form)
	out := &gate{screen: newScreen(), entered: make(chan struct{}), open: make(chan struct{})}
	bob, err := w.Connect(t.Context(), lobby, named("bob"), w.form, out)
	check(t, err)
	defer bob.Leave()
	check(t, alice.Post(ctx, "first"))
	<-out.entered
	for n := range 8 {
		if n%3 == 0 {
			check(t, alice.Direct(ctx, "bob", fmt.Sprint("number ", n)))
		} else {
			check(t, alice.Post(ctx, fmt.Sprint("number ", n)))
		}
	}
	close(out.open)
	out.waitFor(t, func(text string) bool { return strings.Contains(text, "number 7") })
	for n, line := range slices.Collect(strings.Lines(out.shows()))[1:] {
		if !strings.HasSuffix(line, fmt.Sprintf("number %d\n", n)) {
			t.Fatalf("line %d is %q of\n%s", n, line, out.shows())
		}
	}
}
