package transport

import (
	"bufio"
	"context"
	"maps"
	"testing"

	"parley"
)

// drained closes l, waits until the last connection has gone by itself, and gives the counts.
func drained(t *testing.T, l *Listener) Counts {
	t.Helper()
	_ = l.Close()
	l.Drain(context.Background())
	return l.Counts()
}

// wantCounts checks counts.
func wantCounts(t *testing.T, got Counts, open int, ended map[parley.Code]int64) {
	t.Helper()
	if got.Open != open || !maps.Equal(got.Ended, ended) {
		t.Errorf("%d are open and %v have ended, want %d and %v", got.Open, got.Ended, open, ended)
	}
}

// Of three who come, one does not get in, one leaves in order, and one breaks off.
func TestEveryEndIsCountedByItsReason(t *testing.T) {
	l := listen(t, Options{Clients: 2, Refuse: refusal})
	serve(t, l, greet)
	polite, rude := dial(t, l), dial(t, l)
	wantText(t, polite, "hello\n")
	wantText(t, rude, "hello\n")
	wantEnd(t, dial(t, l), "server is full (2 clients)\n")
	wantCounts(t, l.Counts(), 2, map[parley.Code]int64{parley.CodeFull: 1})

	_ = polite.CloseWrite()
	wantEnd(t, polite, "")
	_ = polite.Close()
	_ = rude.SetLinger(0) // closing resets the connection
	_ = rude.Close()
	wantCounts(t, drained(t, l), 0, map[parley.Code]int64{"": 1, parley.CodeClosed: 1, parley.CodeFull: 1})
}

func TestASlowReaderIsCounted(t *testing.T) {
	l := listen(t, Options{QueueLimit: 1 << 10})
	serve(t, l, func(c *Conn) {
		c.Send([][]byte{make([]byte, 64<<20)})
		<-c.Done()
	})
	nc := dial(t, l)
	if _, err := bufio.NewReader(nc).ReadByte(); err != nil { // what the kernel took; it has been accepted
		t.Fatal(err)
	}
	wantCounts(t, drained(t, l), 0, map[parley.Code]int64{parley.CodeSlowReader: 1})
}
