package sqlite

import (
	"context"
	"log/slog"
	"sync/atomic"
)

// walLimits says when the write-ahead log is brought into the database, in three ways, each for what the one before
// leaves undone. All are in bytes.
type walLimits struct {
	passive int   // written since the last passive checkpoint, for which nobody waits
	turn    int64 // length after that at which the writer has the rest copied as well, so that the log starts over
	most    int64 // length at which reads are ended, because a long one keeps the log from starting over
}

// defaultLimits keep the log short, because writing over what it held before is faster than making its file longer,
// and long enough that a page is copied once for many commits.
var defaultLimits = walLimits{passive: 8 << 20, turn: 8 << 20, most: 256 << 20}

const (
	frameSize      = 4096 + 24     // one page in the log (https://www.sqlite.org/fileformat2.html#walformat)
	commitOverhead = 4 * frameSize // what a commit writes besides its messages, roughly
	rowOverhead    = 256           // what a message writes besides its text, roughly
)

// checkpointer copies the write-ahead log into the database, on its own goroutine and connection.
type checkpointer struct {
	db      *database
	log     *slog.Logger
	limits  walLimits
	due     chan struct{} // holds a value when a checkpoint is called for
	ended   context.Context
	stop    context.CancelFunc
	written int          // bytes since the last call for a checkpoint; the writer's
	length  atomic.Int64 // bytes in the log, as the last checkpoint saw it; 0 when there is nothing for turn to do
}

func newCheckpointer(db *database, log *slog.Logger) *checkpointer {
	c := &checkpointer{db: db, log: log, limits: defaultLimits, due: make(chan struct{}, 1)}
	c.ended, c.stop = context.WithCancel(context.Background())
	return c
}

// wrote counts a commit, and calls for a checkpoint when one is due.
func (c *checkpointer) wrote(batch []*request) {
	c.written += commitOverhead
	for _, r := range batch {
		c.written += 2*r.bytes + rowOverhead*len(r.events)
	}
	if c.written < c.limits.passive {
		return
	}
	c.written = 0
	select {
	case c.due <- struct{}{}:
	default:
	}
}

// run checkpoints until stop is called.
func (c *checkpointer) run() {
	for {
		select {
		case <-c.ended.Done():
			return
		case <-c.due:
		}
		if err := c.pass(); err != nil && c.ended.Err() == nil {
			c.log.Warn("checkpoint failed; the log stays until the next one", "err", err)
		}
	}
}

// pass copies what it can into the database while others go on reading and writing.
func (c *checkpointer) pass() error {
	return c.db.use(c.ended, func(ctx context.Context) error {
		_, err := c.checkpoint(ctx, "PASSIVE")
		return err
	})
}

// turn is the writer's, before a commit: it keeps the log from growing for ever. Under steady load a passive
// checkpoint never reaches the end of the log, because the end moves on; but when one has just finished not much is
// left, and while the writer, which moves the end, waits here, another one does the rest. The next commit then starts
// the log over, unless somebody still reads from it.
func (c *checkpointer) turn(ctx context.Context) error {
	if c.length.Load() < c.limits.turn {
		return nil
	}
	if _, err := c.checkpoint(ctx, "PASSIVE"); err != nil {
		return err
	}
	if c.length.Swap(0) < c.limits.most {
		return nil
	}
	busy, err := c.checkpoint(ctx, "RESTART")
	if err != nil || !busy {
		return err
	}
	c.log.Warn("the write-ahead log is too long: reads that keep it from starting over are ended")
	return c.db.alone(func() error {
		_, err := c.checkpoint(ctx, "RESTART")
		return err
	})
}

// checkpoint runs one checkpoint (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint) and notes how long the
// log is. It is busy when others kept it from doing everything.
func (c *checkpointer) checkpoint(ctx context.Context, mode string) (busy bool, err error) {
	var frames, done int64
	row := c.db.check.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")")
	if err := row.Scan(&busy, &frames, &done); err != nil {
		return false, err
	}
	c.length.Store(frames * frameSize)
	return busy, nil
}
