package sqlite

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		speakUntilKilled(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// noon is when the messages of tests are sent.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 123456000, time.UTC)

var (
	alice = parley.Sender{ID: "g-alice", Name: "alice"}
	bob   = parley.Sender{ID: "g-bob", Name: "127.0.0.1 : 49525"}
)

// openStore opens a store in dir that is closed with the test.
func openStore(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	o.Log = testLog(t)
	s, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	closeWithTest(t, s)
	return s
}

// startStore opens a store that delivers to nobody.
func startStore(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s := openStore(t, dir, o)
	s.Start(func([]parley.Applied) {})
	return s
}

func closeWithTest(t testing.TB, s *Store) {
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func testLog(t testing.TB) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

// openLobby makes the room that most tests talk in.
func openLobby(t testing.TB, s *Store) parley.RoomID {
	t.Helper()
	return openRoom(t, s, parley.Lobby)
}

// openRoom makes a room.
func openRoom(t testing.TB, s *Store, name parley.RoomName) parley.RoomID {
	t.Helper()
	room := parley.Room{ID: parley.NewRoomID(), Name: name, Kind: parley.RoomPublic}
	if o := appendOne(t, s, parley.RoomOpened{Room: room}); o.Err != nil {
		t.Fatal(o.Err)
	}
	return room.ID
}

// said makes the event of a message.
func said(room parley.RoomID, by parley.Sender, id parley.MessageID, text string) parley.MessagePosted {
	return parley.MessagePosted{Message: parley.Message{Room: room, ID: id, By: by, At: noon, Text: text}}
}

// sent makes the event of a file's message.
func sent(room parley.RoomID, by parley.Sender, id parley.MessageID, f parley.File) parley.MessagePosted {
	return parley.MessagePosted{Message: parley.Message{Room: room, ID: id, By: by, At: noon, File: &f}}
}

// appendOne appends one event, which must not fail but may be refused.
func appendOne(t testing.TB, s *Store, e parley.Event) parley.Outcome {
	t.Helper()
	return appendAll(t, s, e)[0]
}

// appendAll appends events in one batch.
func appendAll(t testing.TB, s *Store, events ...parley.Event) []parley.Outcome {
	t.Helper()
	outcomes, err := s.Append(t.Context(), events...)
	if err != nil {
		t.Fatal(err)
	}
	if len(outcomes) != len(events) {
		t.Fatalf("%d outcomes for %d events", len(outcomes), len(events))
	}
	return outcomes
}

// history gives all of a room's messages.
func history(t testing.TB, s *Store, room parley.RoomID) []parley.Message {
	t.Helper()
	var all []parley.Message
	for after := parley.Seq(0); ; after = all[len(all)-1].Seq {
		page, err := s.Messages(t.Context(), room, parley.Page{After: after, Limit: parley.MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// noGaps checks that messages have the numbers 1, 2, 3, ….
func noGaps(t testing.TB, messages []parley.Message) {
	t.Helper()
	for i, m := range messages {
		if m.Seq != parley.Seq(i+1) {
			t.Fatalf("message %d of the room has number %d", i+1, m.Seq)
		}
	}
}

// waitForQueue returns when n requests wait for the writer.
func waitForQueue(s *Store, n int) {
	waitUntil(func() bool { return s.queue.length() == n })
}

// waitUntil lets other goroutines run until something is so.
func waitUntil(so func() bool) {
	for !so() {
		runtime.Gosched()
	}
}

// id makes the nth id of a test.
func id(n int) parley.MessageID { return parley.MessageID(fmt.Sprintf("id-%06d", n)) }
