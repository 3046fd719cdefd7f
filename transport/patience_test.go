package transport

import (
	"bytes"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

// One Send may be more than the limit: who reads it all the same gets all of it.
func TestBurstToAHealthyReader(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		const limit = 1 << 20
		c, peer := connect(t, ConnOptions{QueueLimit: limit, Patience: time.Hour})
		burst := bytes.Repeat([]byte("0123456789abcdef"), 6*limit/16)
		c.Send([][]byte{burst})
		got := make([]byte, len(burst))
		if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, burst) {
			t.Errorf("it came changed, or not (%v, reason %v)", err, c.Reason())
		}
		if err := c.Flush(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// With too much queued, a peer that takes nothing is cut although nothing more is sent to it.
func TestPatienceEnds(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, _ := connect(t, ConnOptions{QueueLimit: stuffing / 4, Patience: time.Millisecond})
		stuff(c)
		<-c.Done()
		wantCode(t, c.Reason(), parley.CodeSlowReader)
		if got := parley.Sentence(c.Reason()); !strings.HasPrefix(got, "too slow, ") { // the protocols say what it is
			t.Errorf("the reason is %q", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		c, _ := overPipe(t, ConnOptions{})
		began := time.Now()
		c.Send([][]byte{make([]byte, 2*DefaultQueueLimit)})
		<-c.Done()
		if took := time.Since(began); took != DefaultPatience {
			t.Errorf("gone after %v", took)
		}
	})
}

// A peer that is slow, but reads, is not cut; when it stops reading, it is, after two Patience at most.
func TestSlowIsNotStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, peer := overPipe(t, ConnOptions{})
		c.Send([][]byte{make([]byte, 4*DefaultQueueLimit)})
		step := make([]byte, largeBuffer)
		for range 20 {
			<-time.After(DefaultPatience * 9 / 10)
			if _, err := io.ReadFull(peer, step); err != nil {
				t.Fatal(err, c.Reason())
			}
		}
		stopped := time.Now()
		<-c.Done()
		if took := time.Since(stopped); took > 2*DefaultPatience {
			t.Errorf("gone after %v", took)
		}
		wantCode(t, c.Reason(), parley.CodeSlowReader)
	})
}

// Up to the limit, bytes wait for as long as the peer likes; also when there was too much once.
func TestPatienceIsForTooMuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, peer := overPipe(t, ConnOptions{})
		c.Send([][]byte{make([]byte, 2*DefaultQueueLimit)})
		for range 2 {
			if _, err := io.ReadFull(peer, make([]byte, DefaultQueueLimit+largeBuffer)); err != nil {
				t.Fatal(err)
			}
			<-time.After(10 * DefaultPatience)
			if err := c.Reason(); err != nil {
				t.Fatal(err)
			}
			c.Send([][]byte{make([]byte, DefaultQueueLimit/2)})
		}
		c.Send([][]byte{make([]byte, 2*DefaultQueueLimit)}) // too much again
		<-c.Done()
		wantCode(t, c.Reason(), parley.CodeSlowReader)
	})
}

// Closing has a time of its own, and is not cut short.
func TestPatienceAndClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := overPipe(t, ConnOptions{})
		began := time.Now()
		c.Send([][]byte{make([]byte, 2*DefaultQueueLimit)})
		c.Close(nil)
		<-c.Done()
		if took := time.Since(began); took != DefaultCloseTimeout {
			t.Errorf("gone after %v", took)
		}
	})
}

// A peer that is taking a file is taking something, however much waits behind it.
func TestPatienceDuringCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, peer := overPipe(t, ConnOptions{})
		copied := make(chan error)
		go func() { copied <- c.Copy(t.Context(), endless{}, 20*largeBuffer) }()
		synctest.Wait()
		c.Send([][]byte{make([]byte, 2*DefaultQueueLimit)})
		for range 20 {
			<-time.After(DefaultPatience * 9 / 10)
			wantText(t, peer, strings.Repeat("\x00", largeBuffer))
		}
		if err := <-copied; err != nil {
			t.Error(err)
		}
	})
}

// kernel is a link whose kernel has taken all that it can, and sends it on, little by little.
type kernel struct {
	stream
	left atomic.Int32
}

func (k *kernel) unacknowledged() int { return int(k.left.Load()) }

// A full kernel takes nothing for a long while, since it waits until there is much room; but it knows whether the peer
// takes something meanwhile.
func TestFullKernelOfASlowPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := overPipe(t, ConnOptions{})
		k := &kernel{stream: stream{Conn: c.link}}
		k.left.Store(1 << 20)
		c.link = k
		c.Send([][]byte{make([]byte, 2*DefaultQueueLimit)})
		for range 10 {
			<-time.After(DefaultPatience * 9 / 10)
			k.left.Add(-1000)
			if err := c.Reason(); err != nil {
				t.Fatal(err)
			}
		}
		<-c.Done()
		wantCode(t, c.Reason(), parley.CodeSlowReader)
	})
}
