package sqlite

import (
	"strings"
	"testing"

	"parley"
)

// TestOneCommitIsFarSmallerThanAConnectionsQueue: a commit is delivered as one block, and when 64 people had pasted
// 60 KB each at once, readers who kept up were cut because of its 4 MiB.
func TestOneCommitIsFarSmallerThanAConnectionsQueue(t *testing.T) {
	pasted := strings.Repeat("x", 60_000)
	narrow := strings.Repeat("x\n", parley.MaxLines)
	long := parley.Sender{ID: "g-long", Name: strings.Repeat("字", parley.MaxName)}
	for _, c := range []struct {
		name  string
		event parley.Event
		taken int
	}{
		{"pasted texts", said("r", alice, id(1), pasted), 4},
		{"texts of many lines, each of which has the name before it", said("r", long, id(1), narrow), 2},
		{"files", sent("r", alice, id(1), parley.File{Name: "a"}), 64},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := newQueue()
			for range 64 {
				q.put(newRequest([]parley.Event{c.event}))
			}
			if got := len(q.take(nil)); got != c.taken {
				t.Errorf("of 64 one commit takes %d, want %d", got, c.taken)
			}
		})
	}
}

func TestOneRequestIsTakenHoweverLargeItIs(t *testing.T) {
	q := newQueue()
	var events []parley.Event
	for n := range 10 {
		events = append(events, said("r", alice, id(n), strings.Repeat("x", parley.MaxText)))
	}
	q.put(newRequest(events))
	q.put(newRequest(events[:1]))
	for range 2 {
		if got := len(q.take(nil)); got != 1 {
			t.Errorf("%d requests were taken, want 1", got)
		}
	}
}
