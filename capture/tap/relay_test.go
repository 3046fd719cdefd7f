package tap

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"parley/explain"
)

// notices is what a relay said.
type notices struct {
	mu   sync.Mutex
	text string
}

func (n *notices) add(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.text += line + "\n"
}

func (n *notices) all() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text
}

// relayTo runs a relay; end ends it, and gives the file.
func relayTo(t *testing.T, target string) (at string, said *notices, end func() []byte) {
	t.Helper()
	var file bytes.Buffer
	tap, err := New(&file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	said = &notices{}
	relay, err := NewRelay(t.Context(), "127.0.0.1:0", target, said.add)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- relay.Run(ctx, tap) }()
	return relay.Addr().String(), said, func() []byte {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if _, err := tap.Close(); err != nil {
			t.Error(err)
		}
		return file.Bytes()
	}
}

// echo is a server that gives back what comes, until the end of it.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); serving.Wait() })
	return l.Addr().String()
}

func dial(t *testing.T, at string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c.(*net.TCPConn)
}

// Several programs talk to their server through the relay; not a byte is changed, the end of what is sent comes through, and both
// sides of each connection are in the file.
func TestRelay(t *testing.T) {
	server := echo(t)
	at, said, end := relayTo(t, server)
	var all sync.WaitGroup
	for range 10 {
		c := dial(t, at)
		all.Go(func() {
			data := make([]byte, 100<<10)
			_, _ = rand.Read(data)
			go func() {
				_, _ = c.Write(data)
				_ = c.CloseWrite()
			}()
			if got, err := io.ReadAll(c); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%d bytes came back, and %v", len(got), err)
			}
			_ = c.Close()
		})
	}
	all.Wait()
	file := end()
	lab := read(t, file)
	if len(lab.Connections) != 20 {
		t.Errorf("%d connections", len(lab.Connections))
	}
	for _, c := range lab.Connections {
		if c.Ends[0].Bytes != 100<<10 || c.Ends[1].Bytes != 100<<10 || c.Close != explain.CloseFIN {
			t.Errorf("%v to %v: %d and %d bytes, %s", c.Client, c.Server, c.Ends[0].Bytes, c.Ends[1].Bytes, c.Close)
		}
	}
	if got := doubts(t, file); got != "" {
		t.Error(got[:min(len(got), 1000)])
	}
	if got := strings.Count(said.all(), "is gone: 102400 bytes to the server, 102400 bytes back"); got != 10 {
		t.Error(said.all())
	}
}

// A connection that is broken is broken on the other side too.
func TestRelayPassesOnResets(t *testing.T) {
	at, said, end := relayTo(t, echo(t))
	c := dial(t, at)
	_, _ = c.Write([]byte("hello"))
	if _, err := io.ReadFull(c, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	_ = c.SetLinger(0)
	_ = c.Close()
	for !strings.Contains(said.all(), "is gone") { // until the relay has seen it
		runtime.Gosched()
	}
	lab := read(t, end())
	if got := lab.Connections[0]; got.Resets.Count != 1 || got.Close != explain.CloseReset {
		t.Errorf("%+v", got)
	}
}

// Where there is no server, the program sees the end, and the person is told why.
func TestRelayWithoutServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target := l.Addr().String()
	_ = l.Close()
	at, said, end := relayTo(t, target)
	if _, err := dial(t, at).Read(make([]byte, 1)); err != io.EOF {
		t.Error(err)
	}
	if c := read(t, end()).Connections; len(c) != 1 || c[0].FINs.Count != 1 {
		t.Errorf("%+v", c)
	}
	if got := said.all(); !strings.Contains(got, "came, but "+target+" cannot be reached: ") {
		t.Error(got)
	}
}

// The end of the relay ends whoever is connected.
func TestRelayEnds(t *testing.T) {
	at, _, end := relayTo(t, echo(t))
	c := dial(t, at)
	_, _ = c.Write([]byte("hello"))
	if _, err := io.ReadFull(c, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	end()
	if _, err := c.Read(make([]byte, 1)); err != io.EOF && !errors.Is(err, syscall.ECONNRESET) {
		t.Error(err)
	}
}

// Addresses that are none are refused in words.
func TestRelayAddresses(t *testing.T) {
	taken := echo(t)
	for _, test := range [][3]string{
		{"127.0.0.1:0", "nowhere", "the target is written HOST:PORT"},
		{"9001", "127.0.0.1:8001", "where to listen is written HOST:PORT"},
		{taken, "127.0.0.1:8001", "cannot listen on " + taken + ": "},
	} {
		if _, err := NewRelay(t.Context(), test[0], test[1], nil); err == nil || !strings.Contains(err.Error(), test[2]) {
			t.Errorf("%q: %v", test, err)
		}
	}
}
