package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"parley"
)

// childDir, in the environment, makes the test binary a process that speaks into the store in that folder until it is
// killed.
const childDir = "PARLEY_TEST_SPEAK_IN"

// crashRoom is where it speaks.
const crashRoom parley.RoomID = "r-crash"

// speakUntilKilled prints "SEQ ID" for each message as it is acknowledged.
func speakUntilKilled(dir string) {
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	s.Start(func([]parley.Applied) {})
	room := parley.Room{ID: crashRoom, Name: parley.Lobby, Kind: parley.RoomPublic}
	if _, err := s.Append(context.Background(), parley.RoomOpened{Room: room}); err != nil { // refused after the first time
		fmt.Println(err)
		os.Exit(1)
	}
	var all sync.WaitGroup
	for range 16 {
		by := parley.Sender{ID: parley.NewGuestID(), Name: "somebody"}
		all.Go(func() {
			for {
				m := said(crashRoom, by, parley.NewMessageID(time.Now()), "as long as I live")
				outcomes, err := s.Append(context.Background(), m)
				if err == nil {
					err = outcomes[0].Err
				}
				if err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				fmt.Println(outcomes[0].Seq, m.Message.ID)
			}
		})
	}
	all.Wait()
}

// TestKilledUnderLoad: whatever a process acknowledged before kill -9 is there afterwards, and no number is missing.
func TestKilledUnderLoad(t *testing.T) {
	dir := t.TempDir()
	acknowledged := 0
	for round := range 3 {
		numbers := speakAndDie(t, dir, 300)
		acknowledged += len(numbers)
		s := openStore(t, dir, Options{})
		messages := history(t, s, crashRoom)
		noGaps(t, messages)
		if len(messages) < acknowledged {
			t.Fatalf("round %d: %d messages were acknowledged, %d are there", round, acknowledged, len(messages))
		}
		for seq, id := range numbers {
			if messages[seq-1].ID != id {
				t.Fatalf("number %d was acknowledged to %s and is now %s", seq, id, messages[seq-1].ID)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// speakAndDie runs speakUntilKilled, kills it when it has been acknowledged so many messages, and gives all it heard.
func speakAndDie(t *testing.T, dir string, enough int) map[parley.Seq]parley.MessageID {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), childDir+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	numbers := make(map[parley.Seq]parley.MessageID)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var seq parley.Seq
		var id parley.MessageID
		if _, err := fmt.Sscan(lines.Text(), &seq, &id); err != nil {
			t.Errorf("the child says %q", lines.Text())
			continue
		}
		numbers[seq] = id
		if len(numbers) == enough {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // it says that it was killed
	if len(numbers) < enough {
		t.Fatalf("the child ended after %d messages", len(numbers))
	}
	return numbers
}
