package sqlite

import (
	"context"
	"log/slog"
	"runtime"
	"slices"
	"time"

	"parley"
)

// A commit takes what waits, but no more than this, or one request. What it takes is delivered as one block, which must
// be far smaller than what a connection may have queued, or readers who keep up would be cut. More does not make a
// message cheaper either.
const (
	maxEvents = 1024
	maxBytes  = 256 << 10
)

// enough requests make a commit cheap; with so many waiting there is no point in letting others run first.
const enough = 128

// writer is the journal: the one goroutine that writes.
type writer struct {
	db          *database
	queue       *queue
	space       space
	log         *slog.Logger
	checkpoints *checkpointer
	deliver     func([]parley.Applied)

	now func() time.Time

	ledger  *ledger // nil before the first commit, and after a failure of the disk until the database is open again
	broken  bool    // the database has to be opened again
	figures figures
	health  health
}

// run commits until the queue is closed and empty.
func (w *writer) run() {
	var batch []*request
	for {
		w.gather()
		batch = w.queue.take(batch[:0])
		if len(batch) == 0 {
			break
		}
		w.serve(batch)
		clear(batch)
	}
	w.health.stop()
	w.checkpoints.stop()
	if w.ledger != nil {
		_ = w.ledger.close() // the database is closed next, and says what went wrong
	}
}

// gather lets those who were just answered say what they have to say next, for as long as more and more do. Else the
// first of them would have a commit of its own, and all the others would wait for that.
func (w *writer) gather() {
	for before := -1; ; {
		n := w.queue.length()
		if n <= before || n >= enough {
			return
		}
		before = n
		runtime.Gosched()
	}
}

// refuse takes the place of run where there never was one: it answers all that waits with err.
func (w *writer) refuse(err *parley.Error) {
	w.checkpoints.stop()
	for batch := w.queue.take(nil); len(batch) > 0; batch = w.queue.take(batch[:0]) {
		for _, r := range batch {
			r.answer(err)
		}
	}
}

// serve commits a batch, has it delivered, and answers it. Who only waits for what came before is answered even when the
// rest of their batch failed.
func (w *writer) serve(batch []*request) {
	var failure *parley.Error
	if slices.ContainsFunc(batch, (*request).writes) {
		failure = w.attempt(batch)
	}
	if failure == nil {
		if done := applied(batch); len(done) > 0 {
			w.figures.applied(done)
			w.deliver(done)
		}
	}
	for _, r := range batch {
		if r.writes() {
			r.answer(failure)
		} else {
			r.answer(nil)
		}
	}
}

// attempt commits a batch, and notes what came of it.
func (w *writer) attempt(batch []*request) *parley.Error {
	begin := w.now()
	failure := writeFailure(w.commit(batch))
	if n := eventsIn(batch); n > 0 {
		w.figures.committed(n, w.now().Sub(begin), failure)
	}
	w.note(failure)
	return failure
}

// note logs when committing begins to fail, begins to fail in another way, or works again. Nobody is helped by a line
// for each attempt, least of all a full disk.
func (w *writer) note(failure *parley.Error) {
	switch before := w.health.note(failure, w.queue); {
	case codeOf(failure) == codeOf(before):
	case failure == nil:
		w.log.Info("commits work again")
	default:
		w.log.Error("commits fail", "code", failure.Code, "err", failure)
	}
}

// applied gives the events of a batch that were done, in a slice that nothing else uses.
func applied(batch []*request) []parley.Applied {
	done := make([]parley.Applied, 0, eventsIn(batch))
	for _, r := range batch {
		for i, o := range r.outcomes {
			if o.Err == nil && !o.Repeat {
				done = append(done, parley.Applied{Event: r.events[i], Outcome: o})
			}
		}
	}
	return done
}

// commit applies a batch in one transaction. When it fails, nothing of the batch has happened.
func (w *writer) commit(batch []*request) error {
	ctx := context.Background()
	if err := w.space.check(); err != nil {
		return err
	}
	err := w.ready(ctx)
	if err == nil {
		err = w.ledger.apply(ctx, batch, false)
	}
	if isRepeat(err) {
		err = w.ledger.apply(ctx, batch, true)
	}
	if err != nil {
		w.broken = !isFull(err) // what SQLite thinks is on the disk may not be there
		return w.db.explain(err)
	}
	w.checkpoints.wrote(batch)
	return nil
}

// ready sees to it that the database is open and its log not too long.
func (w *writer) ready(ctx context.Context) (err error) {
	if w.broken {
		w.log.Debug("opening the database again") // that commits fail is logged already
		if w.ledger != nil {
			_ = w.ledger.close()
			w.ledger = nil
		}
		if err := w.db.reopen(ctx); err != nil {
			return err
		}
		w.broken = false
	}
	if w.ledger == nil {
		if w.ledger, err = openLedger(ctx, w.db.write); err != nil {
			return err
		}
	}
	return w.checkpoints.turn(ctx)
}
