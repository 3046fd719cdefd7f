package sqlite

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
)

func barrier(t *testing.T, o Options) {
	s := openStore(t, t.TempDir(), o)
	both := parley.DirectRoom(alice.ID, bob.ID)
	busy, release := make(chan struct{}), make(chan struct{})
	var delivered atomic.Int64
	s.Start(func(done []parley.Applied) {
		busy <- struct{}{}
		<-release
		delivered.Add(int64(len(done)))
	})
	var all sync.WaitGroup
	say := func(n int) {
		if _, err := s.Append(t.Context(), said(both, alice, id(n), "x")); err != nil {
			t.Error(err)
		}
	}
	all.Go(func() { say(1) })
	<-busy // the writer has the first; what comes now waits
	all.Go(func() { say(2) })
	waitForQueue(s, 1)
	passed := make(chan int64, 1)
	all.Go(func() {
		if outcomes, err := s.Append(t.Context()); err != nil || len(outcomes) != 0 {
			t.Errorf("of nothing: %v, %v", outcomes, err)
		}
		passed <- delivered.Load()
	})
	waitForQueue(s, 2)
	release <- struct{}{}
	<-busy
	if len(passed) > 0 {
		t.Error("it did not wait")
	}
	release <- struct{}{}
	if n := <-passed; n != 2 {
		t.Errorf("it waited for %d of 2", n)
	}
	all.Wait()
}

func closeCommits(t *testing.T, o Options) {
	dir := t.TempDir()
	s := openStore(t, dir, o)
	busy, release := make(chan struct{}), make(chan struct{})
	s.Start(func([]parley.Applied) {
		busy <- struct{}{}
		<-release
	})
	lobby := parley.DirectRoom(alice.ID, bob.ID)
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() {
			if _, err := s.Append(t.Context(), said(lobby, alice, id(i), "x")); err != nil {
				t.Error(err)
			}
		})
		if i == 0 {
			<-busy // the writer has the first; the others wait
		}
	}
	waitForQueue(s, 2)
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	close(release)
	<-busy
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if got := history(t, startStore(t, dir, o), lobby); len(got) != 3 {
		t.Fatalf("kept %v", got)
	}
}

// closeLeavesOneFile: SQLite removes the log when the last connection has closed, so a log would mean that one is left.
func closeLeavesOneFile(t *testing.T, o Options) {
	dir := t.TempDir()
	s := startStore(t, dir, o)
	history(t, s, openLobby(t, s))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "parley.db" {
		t.Fatalf("left %v, %v", left, err)
	}
}

func appendAfterClose(t *testing.T, o Options) {
	s := startStore(t, t.TempDir(), o)
	lobby := openLobby(t, s)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Append(t.Context(), said(lobby, alice, id(1), "x")); parley.CodeOf(err) != parley.CodeShutdown {
		t.Fatalf("Append: %v", err)
	}
	if _, err := s.Messages(t.Context(), lobby, parley.Page{Limit: 1}); parley.CodeOf(err) != parley.CodeStore {
		t.Fatalf("Messages: %v", err)
	}

	s = openStore(t, t.TempDir(), o) // and one that is never started
	failed := make(chan error)
	go func() {
		_, err := s.Append(t.Context(), said(lobby, alice, id(1), "x"))
		failed <- err
	}()
	waitForQueue(s, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; parley.CodeOf(err) != parley.CodeShutdown {
		t.Fatalf("Append without Start: %v", err)
	}
}

func cancelWhileWaiting(t *testing.T, o Options) {
	s := openStore(t, t.TempDir(), o)
	both := parley.DirectRoom(alice.ID, bob.ID)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := s.Append(ctx, said(both, alice, id(1), "never mind"))
		failed <- err
	}()
	waitForQueue(s, 1)
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	s.Start(func([]parley.Applied) {})
	if o := appendOne(t, s, said(both, bob, id(2), "hello")); o.Seq != 1 {
		t.Fatalf("the first message has number %d", o.Seq)
	}
	if _, err := s.Append(ctx, said(both, bob, id(3), "x")); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func cancelWhileCommitting(t *testing.T, o Options) {
	s := openStore(t, t.TempDir(), o)
	ctx, cancel := context.WithCancel(t.Context())
	s.Start(func([]parley.Applied) { cancel() })
	both := parley.DirectRoom(alice.ID, bob.ID)
	outcomes, err := s.Append(ctx, said(both, alice, id(1), "too late to stop"))
	if err != nil || outcomes[0].Seq != 1 {
		t.Fatalf("%v, %v", outcomes, err)
	}
}
