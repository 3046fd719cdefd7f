package sqlite

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"parley"
)

// TestTheLogStartsOver writes many times what the log may hold, with limits small enough for a test. Then a read that
// never ends keeps the log from starting over, until the log is too long and the read is ended.
func TestTheLogStartsOver(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{Volatile: true})
	c := s.writer.checkpoints
	c.limits = walLimits{passive: 1 << 30, turn: 256 << 10, most: 1 << 20} // the test itself makes the passes
	s.Start(func([]parley.Applied) {})
	lobby := openLobby(t, s)
	n := 0
	write := func() {
		t.Helper()
		n++
		appendOne(t, s, said(lobby, alice, id(n), strings.Repeat("x", 10_000)))
		if err := c.pass(); err != nil {
			t.Fatal(err)
		}
	}
	for range 500 { // 5 MB
		write()
	}
	info, err := os.Stat(s.db.path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 512<<10 {
		t.Fatalf("the log has grown to %d bytes", info.Size())
	}

	reading, left := make(chan struct{}), make(chan error, 1)
	go func() { left <- readForEver(t.Context(), s, reading) }()
	<-reading
	for len(left) == 0 {
		write()
	}
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	messages := history(t, s, lobby)
	noGaps(t, messages)
	if len(messages) != n {
		t.Fatalf("%d messages were acknowledged, %d are there", n, len(messages))
	}
}

// readForEver closes reading when it sees the database as it is then, and keeps seeing that until it has to leave.
func readForEver(ctx context.Context, s *Store, reading chan<- struct{}) error {
	return s.db.use(ctx, func(ctx context.Context) error {
		tx, err := s.db.reads.pool.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		var count int
		if err := tx.QueryRow(`SELECT count(*) FROM entries`).Scan(&count); err != nil {
			return err
		}
		close(reading)
		<-ctx.Done()
		return ctx.Err()
	})
}

// TestACheckpointIsCalledFor: enough writing wakes the checkpointer, and what it copied is in the database itself.
func TestACheckpointIsCalledFor(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{Volatile: true})
	c := s.writer.checkpoints
	c.limits.passive = 1
	s.Start(func([]parley.Applied) {})
	openLobby(t, s)
	waitUntil(func() bool { return c.length.Load() > 0 })
}
