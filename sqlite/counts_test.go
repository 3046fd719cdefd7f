package sqlite

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"parley"
)

// TestWhatIsCommittedIsCounted: two commits, of one event and of three, one of which is refused and one a repeat. Each
// takes 3 ms by the clock.
func TestWhatIsCommittedIsCounted(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	clock := noon
	s.writer.now = func() time.Time {
		clock = clock.Add(3 * time.Millisecond)
		return clock
	}
	s.Start(func([]parley.Applied) {})
	lobby := openLobby(t, s)
	appendAll(t, s, said(lobby, alice, id(1), "one"), said("r-nowhere", alice, id(2), "lost"), said(lobby, alice, id(1), "one"))
	if _, err := s.Append(t.Context()); err != nil { // writes nothing, and is no commit
		t.Fatal(err)
	}

	c := s.Counts()
	if want := map[parley.EventType]int64{parley.EventRoomOpened: 1, parley.EventMessagePosted: 1}; !maps.Equal(c.Applied, want) {
		t.Errorf("applied %v, want %v", c.Applied, want)
	}
	if want := []int64{1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}; !slices.Equal(c.Events.Counts, want) || c.Events.Sum != 4 {
		t.Errorf("events a commit: %+v", c.Events)
	}
	if want := []int64{0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}; !slices.Equal(c.Seconds.Counts, want) || c.Seconds.Sum != .006 {
		t.Errorf("time a commit: %+v", c.Seconds)
	}
	if len(c.Failed) > 0 || c.Log == 0 || c.Free <= 0 {
		t.Errorf("%v failed, %d bytes in the log, %d free", c.Failed, c.Log, c.Free)
	}
}

func TestFailedCommitsAndADiskThatDoesNotTellAreCounted(t *testing.T) {
	space, unknown := int64(0), error(nil)
	s, err := open(t.Context(), t.TempDir(), Options{Log: testLog(t)}, func(string) (int64, error) { return space, unknown })
	if err != nil {
		t.Fatal(err)
	}
	closeWithTest(t, s)
	s.writer.health.every = time.Hour // no trials: the disk is not to be looked at from two sides
	s.Start(func([]parley.Applied) {})
	for range 2 {
		_, err := s.Append(t.Context(), parley.RoomOpened{Room: parley.Room{ID: parley.NewRoomID(), Name: parley.Lobby}})
		if parley.CodeOf(err) != parley.CodeDiskFull {
			t.Fatal(err)
		}
	}
	c := s.Counts()
	if want := (map[parley.Code]int64{parley.CodeDiskFull: 2}); !maps.Equal(c.Failed, want) || c.Free != 0 {
		t.Errorf("failed %v, want %v; %d bytes free", c.Failed, want, c.Free)
	}
	unknown = errors.ErrUnsupported
	if c := s.Counts(); c.Free != -1 {
		t.Errorf("a disk that does not tell has %d bytes free", c.Free)
	}
}
