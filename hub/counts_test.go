package hub_test

import (
	"strings"
	"testing"

	"parley"
)

// What is counted as delivered is what people have on their screens, each item a line there.
func TestWhatIsDeliveredIsCounted(t *testing.T) {
	w := newTown(t)
	alice, alices := w.person("alice", w.form)
	_, bobs := w.person("bob", w.form)
	_, carols := w.person("carol", &lines{echo: true})
	check(t, alice.Post(t.Context(), "hello", "there"))
	w.Stop()
	alices.wait(t, "+bob\n+carol\n")
	all := alices.shows() + bobs.shows() + carols.shows()
	got := w.Counts()
	if lines := strings.Count(all, "\n"); got.Delivered != int64(lines) || got.Bytes != int64(len(all)) {
		t.Errorf("%d items of %d bytes were delivered, and people see %d of %d:\n%s", got.Delivered, got.Bytes, lines, len(all), all)
	}
}

func TestPeopleAreCountedOnceAndSessionsEach(t *testing.T) {
	w := newTown(t)
	want := func(people, sessions int) {
		t.Helper()
		if got := w.Counts(); got.People != people || got.Sessions != sessions {
			t.Errorf("%d people in %d sessions, want %d in %d", got.People, got.Sessions, people, sessions)
		}
	}
	want(0, 0)
	ann := w.account("ann", parley.RoleMember)
	here, _ := w.connect(lobby, ann, w.form)
	there, _ := w.connect(games, ann, w.form)
	w.person("bob", w.form)
	want(2, 3)
	here.Leave()
	want(2, 2)
	there.Leave()
	want(1, 1)
}

func TestAHubThatStopsIsNotReady(t *testing.T) {
	w := newTown(t)
	check(t, w.Ready())
	w.Stop()
	refused(t, "after Stop", w.Ready(), parley.CodeShutdown)
}
