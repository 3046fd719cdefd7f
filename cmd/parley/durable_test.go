//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley"
	"parley/sqlite"
)

// TestWhatWasSeenSurvivesKill kills the server with SIGKILL under load, several times, and starts it again on the same
// data. Afterwards every message that anybody received is in the store, and its numbers have no gap.
func TestWhatWasSeenSurvivesKill(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	seen := make(map[string]bool)
	for round := range killRounds {
		for text := range talkUntilKilled(t, data, round) {
			seen[text] = true
		}
	}
	store, err := sqlite.Open(t.Context(), data, sqlite.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	store.Start(func([]parley.Applied) {})
	defer store.Close()
	kept := readAll(t, store)
	for text := range seen {
		if !kept[text] {
			t.Errorf("somebody received %q, and it is not in the store", text)
		}
	}
	t.Logf("%d messages were received, %d are in the store", len(seen), len(kept))
	if len(seen) == 0 {
		t.Error("nobody received anything")
	}
}

// talkUntilKilled runs a server on data, lets everybody talk at once, kills it when enough has been received, and gives
// everything that was received.
func talkUntilKilled(t *testing.T, data string, round int) map[string]bool {
	address := fmt.Sprintf("127.99.%d.1:8001", round+1)
	server := runServer(t, data, "plain://"+address+"?flood=off")
	heard := hearing{texts: make(map[string]bool), enough: make(chan struct{})}
	var people sync.WaitGroup
	for who := range talkers {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		people.Go(func() { heard.listen(conn) })
		people.Go(func() { talk(conn, round, who) })
	}
	<-heard.enough
	server.kill()
	people.Wait()
	return heard.texts
}

// talk says one thing after the other until the connection breaks.
func talk(conn net.Conn, round, who int) {
	for n := 0; ; n++ {
		if _, err := fmt.Fprintf(conn, "round %d, talker %d, message %d\n", round, who, n); err != nil {
			return
		}
	}
}

// hearing is what all talkers together have received.
type hearing struct {
	mu     sync.Mutex
	texts  map[string]bool
	enough chan struct{} // closed when the server may be killed
}

// listen notes every whole line that comes.
func (h *hearing) listen(conn net.Conn) {
	for r := bufio.NewReader(conn); ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		_, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "> :")
		if !ok {
			continue // the greeting
		}
		h.mu.Lock()
		if h.texts[text] = true; len(h.texts) == killAfter {
			close(h.enough)
		}
		h.mu.Unlock()
	}
}

// readAll gives every text in the lobby, and fails where a number is missing.
func readAll(t *testing.T, store *sqlite.Store) map[string]bool {
	ctx := context.Background()
	lobby, err := store.Room(ctx, parley.Lobby)
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]bool)
	last := parley.Seq(0)
	for {
		page, err := store.Messages(ctx, lobby.ID, parley.Page{After: last, Limit: parley.MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			if m.Seq != last+1 {
				t.Fatalf("after number %d comes %d", last, m.Seq)
			}
			last = m.Seq
			texts[m.Text] = true
		}
		if len(page) == 0 {
			return texts
		}
	}
}
