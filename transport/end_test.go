package transport

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

// Close sends what is queued, to the last byte, and then the end.
func TestCloseSendsWhatIsQueued(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{QueueLimit: 64 << 20, CloseTimeout: time.Hour})
		stuff(c)
		send(c, "the last line\n")
		c.Close(nil)
		send(c, "after Close: never sent")
		got, err := io.ReadAll(peer)
		const last = "the last line\n"
		if err != nil || len(got) != stuffing+len(last) || !strings.HasSuffix(string(got), last) {
			t.Errorf("the peer read %d bytes and %v", len(got), err)
		}
		_ = peer.Close()
		<-c.Done()
	})
}

// Close gives a peer that does not read CloseTimeout, no more.
func TestCloseTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := overPipe(t, ConnOptions{})
		send(c, "unread")
		began := time.Now()
		c.Close(parley.Errorf(parley.CodeShutdown, "the server is stopping"))
		<-c.Done()
		if took := time.Since(began); took != DefaultCloseTimeout {
			t.Errorf("gone after %v", took)
		}
		wantCode(t, c.Reason(), parley.CodeShutdown)
	})
	everywhere(t, func(t *testing.T, connect maker) {
		c, _ := connect(t, ConnOptions{QueueLimit: 64 << 20, CloseTimeout: time.Millisecond})
		stuff(c)
		c.Close(nil)
		<-c.Done()
	})
}

// Closing a connection while the peer is still sending does not destroy what was sent to it.
func TestCloseLeavesTimeToRead(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{})
		if _, ok := peer.(interface{ CloseWrite() error }); !ok {
			return // without halves there is nothing to wait for
		}
		c.terms.linger = time.Hour
		_, _ = peer.Write([]byte("POST / HTTP/1.1\r\n"))
		if _, err := c.Next(); err != nil {
			t.Fatal(err)
		}
		_, _ = peer.Write([]byte("Content-Length: 100000\r\n\r\n")) // never read by the handler
		send(c, "this is not a web server\n")
		c.Close(nil)
		for range 10 {
			if _, err := peer.Write(make([]byte, 10_000)); err != nil {
				t.Fatal("the connection was reset:", err)
			}
		}
		wantEnd(t, peer, "this is not a web server\n")
		_ = peer.Close()
		<-c.Done()
	})
}

// What Next gave last stays as it was while the connection lingers: its handler may still be working on it.
func TestLingerLeavesBytesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		c := NewConn(halfPipe{ours}, ConnOptions{})
		go func() {
			_, _ = theirs.Write([]byte("the question"))
			_, _ = theirs.Write([]byte("XXXXXXXXXXXX"))
			_ = theirs.Close()
		}()
		p, err := c.Next()
		if err != nil {
			t.Fatal(err)
		}
		c.Close(nil)
		<-c.Done()
		if string(p) != "the question" {
			t.Errorf("it became %q", p)
		}
	})
}

// Cut waits for nobody, also when TLS would have a last word to a peer that does not read.
func TestCutDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := overTLSPipe(t, ConnOptions{})
		began := time.Now()
		c.Cut(nil)
		<-c.Done()
		if took := time.Since(began); took != 0 {
			t.Errorf("it took %v", took)
		}
	})
}

// halfPipe is one end of a pipe whose CloseWrite succeeds and does nothing: a peer that does not care.
type halfPipe struct{ net.Conn }

func (halfPipe) CloseWrite() error { return nil }

// A peer that goes on when it is told the end, silent or talking, is left after a second.
func TestLingerEnds(t *testing.T) {
	for name, talk := range map[string]func(net.Conn){
		"silent": func(net.Conn) {},
		"talking": func(peer net.Conn) {
			for range 100 {
				<-time.After(lingerTimeout / 10)
				if _, err := peer.Write([]byte("and another thing")); err != nil {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				defer theirs.Close()
				c := NewConn(halfPipe{ours}, ConnOptions{})
				var talking sync.WaitGroup
				talking.Go(func() { talk(theirs) })
				defer talking.Wait()
				began := time.Now()
				c.Close(nil)
				<-c.Done()
				if took := time.Since(began); took != lingerTimeout {
					t.Errorf("gone after %v", took)
				}
			})
		})
	}
}

// A peer that sends without end is not read from without end.
func TestLingerReadsNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		c := NewConn(halfPipe{ours}, ConnOptions{})
		sent := make(chan int)
		go func() {
			n := 0
			for {
				m, err := theirs.Write(make([]byte, 1000))
				n += m
				if err != nil {
					sent <- n
					return
				}
			}
		}()
		c.Close(nil)
		<-c.Done()
		if n := <-sent; n > lingerLimit+largeBuffer {
			t.Errorf("read %d bytes of it", n)
		}
	})
}

// Whoever is cut for a reason is told, if the socket takes it at once; whoever is cut for none is not.
func TestFarewell(t *testing.T) {
	farewell := func(err *parley.Error) []byte { return []byte("error: " + err.Sentence + "\n") }
	c, peer := overTCP(t, ConnOptions{Farewell: farewell})
	send(c, "hello\n")
	c.Cut(parley.Errorf(parley.CodeShutdown, "the server is stopping"))
	wantEnd(t, peer, "hello\nerror: the server is stopping\n")

	c, peer = overTCP(t, ConnOptions{Farewell: farewell})
	c.Cut(nil)
	wantEnd(t, peer, "")

	c, peer = overTCP(t, ConnOptions{Farewell: farewell, QueueLimit: 64 << 20})
	stuff(c)
	c.Cut(parley.Errorf(parley.CodeShutdown, "the server is stopping")) // a full socket: no waiting
	<-c.Done()
	_ = peer.Close()
}
