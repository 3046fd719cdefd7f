package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"parley"
)

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
}

// TestFullDiskIsToldBeforeItIsFull takes the room away and gives it back. Nothing is written meanwhile, reading
// works, and no number is left out.
func TestFullDiskIsToldBeforeItIsFull(t *testing.T) {
	var free atomic.Int64
	free.Store(DefaultReserve)
	told := func(string) (int64, error) { return free.Load(), nil }
	s, err := open(t.Context(), t.TempDir(), Options{Log: testLog(t)}, told)
	if err != nil {
		t.Fatal(err)
	}
	closeWithTest(t, s)
	s.Start(func([]parley.Applied) {})
	lobby := openLobby(t, s)
	appendOne(t, s, said(lobby, alice, id(1), "one"))

	free.Store(DefaultReserve - 1)
	_, err = s.Append(t.Context(), said(lobby, alice, id(2), "lost"))
	if parley.CodeOf(err) != parley.CodeDiskFull || parley.Sentence(err) != sentenceFull {
		t.Fatalf("on a full disk: %v", err)
	}
	if got := history(t, s, lobby); len(got) != 1 {
		t.Fatalf("reading on a full disk: %v", got)
	}
	if _, err := s.Append(t.Context()); err != nil {
		t.Fatalf("waiting on a full disk: %v", err)
	}

	free.Store(DefaultReserve)
	if o := appendOne(t, s, said(lobby, alice, id(2), "two")); o.Seq != 2 || o.Repeat {
		t.Fatalf("when there is room again: %v", o)
	}
}

func TestADiskThatDoesNotTellIsNotFull(t *testing.T) {
	unknown := func(string) (int64, error) { return 0, errors.ErrUnsupported }
	s, err := open(t.Context(), t.TempDir(), Options{Log: testLog(t)}, unknown)
	if err != nil {
		t.Fatal(err)
	}
	closeWithTest(t, s)
	s.Start(func([]parley.Applied) {})
	openLobby(t, s)
}

// TestANewerSchemaIsRefused: what a later version wrote is not touched, and the sentence says what to do.
func TestANewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := openStore(t, dir, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (7, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), dir, Options{Log: testLog(t)})
	want := fmt.Sprintf("the data in %s was written by a newer parley (schema 7, this one knows %d); ", dir, newestSchema(t)) +
		"use that version, or another data directory"
	if parley.CodeOf(err) != parley.CodeStore || parley.Sentence(err) != want {
		t.Fatalf("refused with %v", err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, "parley.db")); err != nil || string(after) != string(before) {
		t.Fatalf("the newer database was changed (%v)", err)
	}
}

func TestWhatIsNoDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	garbage := strings.Repeat("no database ", 1000)
	if err := os.WriteFile(filepath.Join(dir, "parley.db"), []byte(garbage), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{Log: testLog(t)})
	want := "the database " + filepath.Join(dir, "parley.db") + " is damaged: file is not a database (26); move it away, " +
		"and parley.db-wal and parley.db-shm with it if they are there, then restore a copy or start with an empty one"
	if parley.CodeOf(err) != parley.CodeStore || parley.Sentence(err) != want {
		t.Fatalf("refused with %v", err)
	}
}

func TestAMissingDirectoryIsToldInOneSentence(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing")
	_, err := Open(t.Context(), dir, Options{Log: testLog(t)})
	want := "cannot write in the data directory " + dir + ": " + syscall.ENOENT.Error()
	if parley.CodeOf(err) != parley.CodeStore || parley.Sentence(err) != want {
		t.Fatalf("told %v", err)
	}
	if !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("the log does not learn why: %v", err)
	}
}

// TestReadsLeaveWhenTheWriterNeedsTheDatabase: a read that is under way is ended, and one that comes meanwhile waits.
func TestReadsLeaveWhenTheWriterNeedsTheDatabase(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	reading, left := make(chan struct{}), make(chan error)
	go func() {
		left <- s.db.use(t.Context(), func(ctx context.Context) error {
			close(reading)
			<-ctx.Done()
			return ctx.Err()
		})
	}()
	<-reading
	if err := s.db.alone(func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Fatalf("left with %v", err)
	}
	if got := readFailure(t.Context(), context.Canceled); parley.CodeOf(got) != parley.CodeStore {
		t.Fatalf("a read that was ended is told %v", got)
	}
	if err := s.db.use(t.Context(), func(ctx context.Context) error { return ctx.Err() }); err != nil {
		t.Fatalf("the next read: %v", err)
	}
}

// TestAWaitDoesNotShareAFailure: who waits in the same batch for what came before them has asked for nothing that could
// fail.
func TestAWaitDoesNotShareAFailure(t *testing.T) {
	var free atomic.Int64
	free.Store(DefaultReserve)
	told := func(string) (int64, error) { return free.Load(), nil }
	s, err := open(t.Context(), t.TempDir(), Options{Log: testLog(t)}, told)
	if err != nil {
		t.Fatal(err)
	}
	closeWithTest(t, s)
	busy, release := make(chan struct{}), make(chan struct{})
	s.Start(func([]parley.Applied) {
		close(busy)
		<-release
	})
	results := make(map[string]chan error)
	ask := func(name string, events ...parley.Event) {
		done := make(chan error, 1)
		results[name] = done
		go func() {
			_, err := s.Append(t.Context(), events...)
			done <- err
		}()
	}
	both := parley.DirectRoom(alice.ID, bob.ID)
	ask("first", said(both, alice, id(1), "x"))
	<-busy
	free.Store(0)
	ask("lost", said(both, alice, id(2), "x"))
	ask("wait")
	waitForQueue(s, 2)
	close(release)
	for name, code := range map[string]parley.Code{"first": "", "lost": parley.CodeDiskFull, "wait": ""} {
		if err := <-results[name]; parley.CodeOf(err) != code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
