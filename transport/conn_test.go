package transport

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"parley"
)

// What the peer writes comes out of Next, whole and in order, however it was split.
func TestNextGivesWhatThePeerWrote(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{})
		want := make([]byte, 300<<10)
		_, _ = rand.Read(want)
		go func() {
			for i := range 100 { // byte by byte at first
				_, _ = peer.Write(want[i : i+1])
			}
			_, _ = peer.Write(want[100:])
			_ = peer.Close()
		}()
		got, err := collect(c)
		if err != io.EOF || !bytes.Equal(got, want) {
			t.Errorf("got %d bytes (as written: %v) and %v", len(got), bytes.Equal(got, want), err)
		}
	})
}

// atOnce gives its bytes together with the end, as a net.Conn may.
type atOnce struct {
	net.Conn
	io.Reader
}

func (a atOnce) Read(p []byte) (int, error) { return a.Reader.Read(p) }

// Bytes that come with an error are not lost.
func TestNextGivesBytesBeforeTheirError(t *testing.T) {
	ours, _ := net.Pipe()
	c := own(t, NewConn(atOnce{ours, iotest.DataErrReader(strings.NewReader("last words"))}, ConnOptions{}))
	if got, err := collect(c); string(got) != "last words" || err != io.EOF {
		t.Errorf("got %q and %v", got, err)
	}
}

// A deadline ends one Next, not the connection. It can be moved while Next waits.
func TestReadDeadline(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{})
		for range 2 {
			if err := c.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Next(); err != os.ErrDeadlineExceeded {
				t.Fatal("past the deadline:", err)
			}
		}
		_ = c.SetReadDeadline(time.Now().Add(time.Hour))
		ended := make(chan error)
		go func() {
			_, err := c.Next()
			ended <- err
		}()
		_ = c.SetReadDeadline(time.Now().Add(-time.Second))
		if err := <-ended; err != os.ErrDeadlineExceeded {
			t.Fatal("moved deadline:", err)
		}
		_ = c.SetReadDeadline(time.Time{})
		go func() { _, _ = peer.Write([]byte("late")) }()
		if p, err := c.Next(); string(p) != "late" || c.Reason() != nil {
			t.Errorf("after the deadline: %q, %v, reason %v", p, err, c.Reason())
		}
	})
}

// When the peer shuts its writing side, Next gives io.EOF, again and again, and what is sent still arrives.
func TestHalfClose(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{})
		half, ok := peer.(interface{ CloseWrite() error })
		if !ok {
			return // net.Pipe has no half
		}
		_, _ = peer.Write([]byte("last words"))
		_ = half.CloseWrite()
		if got, err := collect(c); string(got) != "last words" || err != io.EOF {
			t.Fatalf("got %q and %v", got, err)
		}
		if _, err := c.Next(); err != io.EOF {
			t.Error("a second time:", err)
		}
		send(c, "an answer")
		c.Close(nil)
		wantEnd(t, peer, "an answer")
		<-c.Done()
	})
}

// Close and Cut wake a Next that waits, with the reason; the first reason stays.
func TestNextGivesTheReason(t *testing.T) {
	idle := parley.Errorf(parley.CodeIdle, "idle for 120s")
	ends := map[string]func(c *Conn){
		"close": func(c *Conn) { c.Close(idle) },
		"cut":   func(c *Conn) { c.Cut(idle) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, connect maker) {
				c, peer := connect(t, ConnOptions{})
				ended := make(chan error)
				go func() {
					_, err := c.Next()
					ended <- err
				}()
				if c.Reason() != nil {
					t.Error("a reason before the end:", c.Reason())
				}
				end(c)
				if err := <-ended; err != idle {
					t.Error("Next that waited:", err)
				}
				_ = peer.Close()
				<-c.Done()
				c.Close(errors.New("another"))
				c.Cut(nil)
				if _, err := c.Next(); err != idle || c.Reason() != idle || c.SetReadDeadline(time.Time{}) != idle {
					t.Errorf("afterwards: %v, %v", err, c.Reason())
				}
			})
		})
	}
}

// An end without a reason has one all the same, so that Reason tells the living from the dead.
func TestEndWithoutReason(t *testing.T) {
	c, _ := overPipe(t, ConnOptions{})
	c.Cut(nil)
	wantCode(t, c.Reason(), parley.CodeClosed)
}

// A peer that resets the connection ends it as CodeClosed.
func TestPeerResets(t *testing.T) {
	c, peer := overTCP(t, ConnOptions{})
	_ = peer.(*net.TCPConn).SetLinger(0)
	_ = peer.Close()
	_, err := c.Next()
	wantCode(t, err, parley.CodeClosed)
	if err.Error() == parley.Sentence(err) {
		t.Error("the cause is lost:", err)
	}
}

// A peer that says something and leaves without reading is heard, although sending to it fails before it is read.
func TestLastWordsBeforeReset(t *testing.T) {
	c, peer := overTCP(t, ConnOptions{CloseTimeout: time.Hour})
	_, _ = peer.Write([]byte("bye"))
	_ = peer.(*net.TCPConn).SetLinger(0)
	_ = peer.Close()
	for c.Reason() == nil {
		send(c, "are you there?")
	}
	wantCode(t, c.Reason(), parley.CodeClosed)
	got, err := c.Next()
	if string(got) != "bye" {
		t.Errorf("heard %q, %v", got, err)
	}
	if _, err := c.Next(); err == nil {
		t.Error("no error after the reset")
	}
	c.Close(nil) // nothing can be sent any more: this ends it at once
	<-c.Done()
}

// A connection over a dual-stack socket shows an IPv4 peer's address as IPv4.
func TestAddressesAreUnmapped(t *testing.T) {
	mapped := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1).To16(), Port: 49525}
	if got := addrPort(mapped).String(); got != "127.0.0.1:49525" {
		t.Error("got", got)
	}
	c, peer := overTCP(t, ConnOptions{})
	if c.RemoteAddr() != addrPort(peer.LocalAddr()) || c.LocalAddr() != addrPort(peer.RemoteAddr()) {
		t.Errorf("remote %v, local %v", c.RemoteAddr(), c.LocalAddr())
	}
	if c, _ := overPipe(t, ConnOptions{}); c.RemoteAddr().IsValid() {
		t.Error("a pipe has an address:", c.RemoteAddr())
	}
}
