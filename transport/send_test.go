package transport

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
)

// What several goroutines send arrives whole, and in order for each of them.
func TestSendFromManyGoroutines(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		const senders, each = 8, 200
		c, peer := connect(t, ConnOptions{})
		for s := range senders {
			go func() {
				for i := range each {
					line := fmt.Appendf(nil, "%d %d\n", s, i)
					c.Send([][]byte{line[:1], line[1:2], nil, line[2:]})
				}
			}()
		}
		var next [senders]int
		lines := bufio.NewScanner(peer)
		for range senders * each {
			var s, i int
			lines.Scan()
			if _, err := fmt.Sscanf(lines.Text(), "%d %d", &s, &i); err != nil || i != next[s] {
				t.Fatalf("line %q, want number %d", lines.Text(), next[s])
			}
			next[s]++
		}
	})
}

// What the peer does not take at once is queued, and arrives when it reads.
func TestSendQueues(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{QueueLimit: 64 << 20})
		block := bytes.Repeat([]byte("0123456789abcdef"), 1<<10)
		const blocks = 1024 // more than any socket buffer
		for range blocks {
			c.Send([][]byte{block[:100], block[100:]})
		}
		flushed := make(chan error)
		go func() { flushed <- c.Flush(t.Context()) }()
		got := make([]byte, len(block))
		for i := range blocks {
			if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, block) {
				t.Fatalf("block %d came changed, or not (%v)", i, err)
			}
		}
		if err := <-flushed; err != nil {
			t.Error("Flush:", err)
		}
	})
}

// Parts without bytes, or no parts at all, send nothing.
func TestSendNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{})
		c.Send(nil)
		c.Send([][]byte{nil, {}})
		c.Send(make([][]byte, 3*maxParts))
		c.Send(append(make([][]byte, 3*maxParts), []byte("x")))
		wantText(t, peer, "x")
		if err := c.Flush(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// There may be more parts than one system call takes.
func TestSendManyParts(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{})
		text := strings.Repeat("0123456789", 300)
		var parts [][]byte
		for i := range text {
			parts = append(parts, []byte(text[i:i+1]))
		}
		c.Send(parts)
		c.Send(parts)
		wantText(t, peer, text+text)
	})
}

// However patient we are, a reader that stops is cut when its queue passes 8 times the limit. Its memory is bounded,
// and nobody else notices.
func TestSlowReaderIsCut(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		const limit = 16 << 10
		slow, _ := connect(t, ConnOptions{QueueLimit: limit, Patience: time.Hour})
		other, peer := connect(t, ConnOptions{})
		line := []byte(strings.Repeat("x", 99) + "\n")
		sent := make(chan int, 1)
		go func() {
			n := 0
			for ; slow.Reason() == nil; n++ {
				if cost := queued(slow); cost > overload*limit {
					t.Errorf("%d bytes queued, over 8 times the limit of %d", cost, limit)
				}
				slow.Send([][]byte{line})
				other.Send([][]byte{line})
				if err := other.Flush(t.Context()); err != nil {
					t.Error(err)
				}
			}
			other.Close(nil)
			sent <- n
		}()
		got, err := io.Copy(io.Discard, peer)
		if n := <-sent; err != nil || got != int64(n*len(line)) {
			t.Errorf("the other got %d bytes of %d messages, %v", got, n, err)
		}
		wantCode(t, slow.Reason(), parley.CodeSlowReader)
		if _, err := slow.Next(); err != slow.Reason() {
			t.Error("Next:", err)
		}
		<-slow.Done()
	})
}

// queued gives what the queue of c counts.
func queued(c *Conn) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.queue == nil {
		return 0
	}
	return c.queue.cost
}

// Very many very small parts do not outwit the limit.
func TestSmallPartsCount(t *testing.T) {
	c, _ := overPipe(t, ConnOptions{QueueLimit: 1 << 17, Patience: time.Hour})
	x := []byte("x")
	n := 0
	for ; c.Reason() == nil; n++ {
		c.Send([][]byte{x})
	}
	if most := overload<<17/itemCost + maxParts; n > most {
		t.Errorf("%d parts were queued, more than %d", n, most)
	}
}

// Flush gives up with its context, and with the connection.
func TestFlushGivesUp(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, _ := connect(t, ConnOptions{QueueLimit: 64 << 20})
		stuff(c)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Flush(ctx); err != context.Canceled {
			t.Error("with the context:", err)
		}
		ended := make(chan error)
		go func() { ended <- c.Flush(t.Context()) }()
		c.Cut(parley.Errorf(parley.CodeShutdown, "the server is stopping"))
		wantCode(t, <-ended, parley.CodeShutdown)
		wantCode(t, c.Flush(t.Context()), parley.CodeShutdown)
	})
}

// stuffing is more than a peer that does not read can take, in bytes.
const stuffing = 16 << 20

// stuff sends that much.
func stuff(c *Conn) {
	block := make([]byte, stuffing/16)
	for range 16 {
		c.Send([][]byte{block})
	}
}

// Sending, closing, cutting, flushing and reading all at once ends the connection, and nothing else.
func TestEverythingAtOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		for round := range 50 {
			c, peer := connect(t, ConnOptions{})
			go func() { _, _ = io.Copy(io.Discard, peer) }()
			var all sync.WaitGroup
			start := make(chan struct{})
			together := func(f func()) {
				all.Go(func() {
					<-start
					f()
				})
			}
			for range 3 {
				together(func() {
					for range 100 {
						c.Send([][]byte{[]byte("some text"), []byte("and more")})
					}
				})
			}
			together(func() { _, _ = collect(c) })
			together(func() { _ = c.Flush(t.Context()) })
			together(func() { _ = c.Copy(t.Context(), strings.NewReader("a file"), 6) })
			together(func() { c.Close(nil) })
			if round%2 == 0 {
				together(func() { c.Cut(nil) })
			}
			together(func() { _ = peer.Close() })
			close(start)
			all.Wait()
			<-c.Done()
			wantCode(t, c.Reason(), parley.CodeClosed)
		}
	})
}

// Bytes never reach a stranger: a descriptor number that was freed by Cut, and taken by another connection, is not
// written to.
func TestNothingReachesAStranger(t *testing.T) {
	var strangers []net.Conn
	for range 50 {
		c, _ := overTCP(t, ConnOptions{})
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for c.Reason() == nil {
					send(c, "not for you")
				}
				for range 10 {
					send(c, "not for you")
				}
			})
		}
		c.Cut(nil)
		ours, theirs := tcpPair(t) // very likely under the number that c had
		all.Wait()
		_ = ours.Close()
		strangers = append(strangers, theirs)
	}
	for _, s := range strangers {
		wantEnd(t, s, "")
	}
}
