package sqlite

import (
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"parley"
)

// Counts is what a Store has done since it was opened, and what it has on the disk.
type Counts struct {
	Applied map[parley.EventType]int64 // events that were done: neither refused nor repeated
	Events  Spread                     // in one commit, the refused and repeated ones too
	Seconds Spread                     // that one commit took, the wait for the disk included
	Failed  map[parley.Code]int64      // commits that failed: CodeDiskFull, CodeStore

	Log  int64 // bytes in the file of the write-ahead log
	Free int64 // bytes that may still be written on the disk; -1 where it does not tell
}

// Counts gives the counts. It asks the system for two of them.
func (s *Store) Counts() Counts {
	c := s.writer.figures.counts()
	if info, err := os.Stat(s.db.path + "-wal"); err == nil {
		c.Log = info.Size()
	}
	var err error
	if c.Free, err = s.writer.space.free(s.writer.space.dir); err != nil {
		c.Free = -1
	}
	return c
}

// figures counts what the writer does.
type figures struct {
	mu sync.Mutex
	Counts
}

func newFigures() figures {
	return figures{Counts: Counts{
		Applied: make(map[parley.EventType]int64),
		Events:  newSpread(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, maxEvents),
		Seconds: newSpread(.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5),
		Failed:  make(map[parley.Code]int64),
	}}
}

// committed counts a commit of so many events, or one that failed.
func (f *figures) committed(events int, took time.Duration, failure *parley.Error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if failure != nil {
		f.Failed[failure.Code]++
		return
	}
	f.Events.add(float64(events))
	f.Seconds.add(took.Seconds())
}

// applied counts events. Those of one type come in runs, so hardly any of them costs a look into the map.
func (f *figures) applied(events []parley.Applied) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(events) > 0 {
		kind, n := events[0].Event.Type(), 1
		for n < len(events) && events[n].Event.Type() == kind {
			n++
		}
		f.Applied[kind] += int64(n)
		events = events[n:]
	}
}

// counts gives a copy.
func (f *figures) counts() Counts {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.Counts
	c.Applied, c.Failed = maps.Clone(c.Applied), maps.Clone(c.Failed)
	c.Events.Counts, c.Seconds.Counts = slices.Clone(c.Events.Counts), slices.Clone(c.Seconds.Counts)
	return c
}
