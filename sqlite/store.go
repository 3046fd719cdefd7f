// Package sqlite keeps what must last in one SQLite database, and is the journal of a server on one machine: it puts
// events in order, makes them durable, applies them, and only then has them delivered and acknowledged.
//
// Use Open, then Start once somebody can take deliveries, then Append from any goroutine; reading works from Open on.
// It is the only package that knows SQL. It decides nothing that a rule in the root decides, and keeps no file's
// content.
//
// A database that this version wrote can be read by every later one; an older one refuses it with a sentence. DESIGN.md
// tells why it is built this way.
package sqlite

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"time"

	"parley"
	"parley/disk"
)

// DefaultReserve is what is kept free on the disk, in bytes, so that a full disk can be told to people and what they
// have can still be deleted.
const DefaultReserve = 64 << 20

// Options says how a Store keeps its data.
type Options struct {
	Volatile bool         // do not wait for the disk: a power cut may take back what was acknowledged
	Reserve  int64        // bytes kept free on the disk; 0 means DefaultReserve, a negative number none
	Log      *slog.Logger // nil for none
}

// Store is the state and the journal. Its methods may be called from any goroutine.
type Store struct {
	db      *database
	queue   *queue
	writer  *writer
	running sync.WaitGroup // the writer and the checkpointer
	start   sync.Once
	close   sync.Once
	closed  error // what the first Close said
}

// freeSpace tells how many bytes may be written on the disk of a path.
type freeSpace func(path string) (int64, error)

// Open opens the database parley.db in dir, which must exist, and makes it where there is none. The error is an
// *parley.Error: CodeStore when dir cannot be written, or holds what a newer version wrote. The caller sees to it
// that no other process uses dir.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	return open(ctx, dir, o, disk.Free)
}

// open is Open with a disk whose free space can be made up.
func open(ctx context.Context, dir string, o Options, free freeSpace) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Reserve == 0 {
		o.Reserve = DefaultReserve
	}
	if err := probe(dir); err != nil {
		return nil, cannot("write in the data directory", dir, err)
	}
	db, err := openDatabase(ctx, dir, o.Volatile)
	if err = ForOperator(err); err != nil {
		if parley.CodeOf(err) != parley.CodeInternal {
			return nil, err
		}
		return nil, cannot("open the database in", dir, err)
	}
	s := &Store{db: db, queue: newQueue()}
	s.writer = &writer{
		db:          db,
		queue:       s.queue,
		log:         o.Log,
		space:       space{dir: dir, reserve: o.Reserve, free: free},
		checkpoints: newCheckpointer(db, o.Log),
		now:         time.Now,
		figures:     newFigures(),
		health:      health{every: tryAgain},
	}
	return s, nil
}

// probe reports whether a file can be made in dir, with the system's own reason. SQLite would only say that it cannot
// open the database.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return err
	}
	_ = f.Close()
	return os.Remove(f.Name())
}

// Start begins to take what Append brings. deliver gets what was done, in order, on the writer's goroutine: after each
// commit, and before the Appends of that commit return. It may keep the slice, and may block; nothing is committed
// meanwhile. Events that were refused or repeated are not among them. Only the first call counts.
func (s *Store) Start(deliver func([]parley.Applied)) {
	s.start.Do(func() {
		s.writer.deliver = deliver
		s.running.Go(s.writer.checkpoints.run)
		s.running.Go(s.writer.run)
	})
}

// Append gives each event its place, and returns when all of them are durable, applied and delivered: one Outcome an
// event, in their order. Either all of them are in one commit, or the error says why nothing of them has happened: an
// *parley.Error of CodeDiskFull, CodeStore or CodeShutdown, or ctx's. ctx counts until the writer takes the events;
// then they are not held up any more. Events appended before Start wait for it. With no events it writes nothing, and
// returns when all that was appended before has been delivered.
func (s *Store) Append(ctx context.Context, events ...parley.Event) ([]parley.Outcome, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := newRequest(events)
	if !s.queue.put(r) {
		r.err = parley.Errorf(parley.CodeShutdown, sentenceStopping)
		return r.result()
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		if s.queue.withdraw(r) {
			r.err = ctx.Err()
		} else {
			<-r.done
		}
	}
	return r.result()
}

// Ready tells whether what is appended now will be stored, as far as anybody knows: nil, or what the last commit failed
// with, an *parley.Error of CodeDiskFull or CodeStore, until one works again. While they fail, the store itself tries
// every few seconds. From Close on it is CodeShutdown. It waits for nothing.
func (s *Store) Ready() error {
	if s.queue.isClosed() {
		return parley.Errorf(parley.CodeShutdown, sentenceStopping)
	}
	if failure := s.writer.health.failure.Load(); failure != nil {
		return failure
	}
	return nil
}

// Close commits and delivers what was accepted, and closes the database. Appends that come later, or that waited for
// a Start that never came, fail with CodeShutdown. Every call waits, and gives the same error.
func (s *Store) Close() error {
	s.close.Do(func() {
		s.queue.close()
		s.start.Do(func() { s.writer.refuse(parley.Errorf(parley.CodeShutdown, sentenceStopping)) })
		s.running.Wait()
		s.closed = s.db.shut()
	})
	return s.closed
}
