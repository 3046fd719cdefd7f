package sqlite

import (
	"sync/atomic"
	"testing"
	"time"

	"parley"
)

// TestAStoreIsReadyAgainByItself: when the disk is full, whoever sends people here stops doing so, and nothing is
// appended that could show that there is room again.
func TestAStoreIsReadyAgainByItself(t *testing.T) {
	var free atomic.Int64
	free.Store(DefaultReserve)
	told := func(string) (int64, error) { return free.Load(), nil }
	s, err := open(t.Context(), t.TempDir(), Options{Log: testLog(t)}, told)
	if err != nil {
		t.Fatal(err)
	}
	closeWithTest(t, s)
	s.writer.health.every = time.Millisecond
	s.Start(func([]parley.Applied) {})
	lobby := openLobby(t, s)
	if err := s.Ready(); err != nil {
		t.Fatalf("at first: %v", err)
	}

	free.Store(0)
	if _, err := s.Append(t.Context(), said(lobby, alice, id(1), "lost")); parley.CodeOf(err) != parley.CodeDiskFull {
		t.Fatal(err)
	}
	afterTrials(s, 2)
	if err := s.Ready(); parley.CodeOf(err) != parley.CodeDiskFull || parley.Sentence(err) != sentenceFull {
		t.Fatalf("on a full disk: %v", err)
	}

	free.Store(DefaultReserve)
	waitUntil(func() bool { return s.Ready() == nil })
	if c := s.Counts(); c.Failed[parley.CodeDiskFull] != 1 || c.Events.Sum != 1 {
		t.Errorf("trials are counted as commits: %+v", c)
	}
	if o := appendOne(t, s, said(lobby, alice, id(1), "one")); o.Seq != 1 {
		t.Errorf("the first message has number %d", o.Seq)
	}
}

// afterTrials returns when so many trials have failed since now, or one has not.
func afterTrials(s *Store, n int) {
	for range n {
		last := s.writer.health.failure.Load()
		waitUntil(func() bool { return s.Ready() == nil || s.writer.health.failure.Load() != last })
	}
}

// TestATrialWrites: SQLite finds nothing wrong with a transaction in which nothing is written, whatever the disk does.
func TestATrialWrites(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	openLobby(t, s)
	before := s.Counts().Log
	r := &request{trial: true, done: make(chan struct{}, 1)}
	s.queue.put(r)
	<-r.done
	if after := s.Counts().Log; r.err != nil || after <= before {
		t.Errorf("a trial (%v) leaves %d bytes in the log, which had %d", r.err, after, before)
	}
}

func TestAStoreThatIsClosedIsNotReady(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(); parley.CodeOf(err) != parley.CodeShutdown {
		t.Errorf("ready: %v", err)
	}
}
