package transport

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
)

// memory is a Recording that remembers.
type memory struct {
	mu             sync.Mutex
	received, sent bytes.Buffer
	ends           []string
	closed         bool
}

func (m *memory) Received(p []byte, err error) { m.note(&m.received, p, "received", err) }
func (m *memory) Sent(p []byte, err error)     { m.note(&m.sent, p, "sent", err) }

func (m *memory) note(b *bytes.Buffer, p []byte, way string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b.Write(p)
	if err == io.EOF {
		m.ends = append(m.ends, way)
	}
}

func (m *memory) Closed() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
}

// said gives both directions, and the ends.
func (m *memory) said() (received, sent, ends string, closed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.received.String(), m.sent.String(), strings.Join(m.ends, " "), m.closed
}

// overRecordedTCP makes a connection over loopback TCP that is recorded.
func overRecordedTCP(tb testing.TB, o ConnOptions) (*Conn, net.Conn) {
	o.Tap = func(netip.AddrPort, netip.AddrPort) Recording { return new(memory) }
	return overTCP(tb, o)
}

// Whatever goes over a connection is told, complete and as it was before it was encrypted: what is queued for a slow reader, a
// file, and the ends of both sides.
func TestRecording(t *testing.T) {
	for name, config := range map[string]*tls.Config{"plain": nil, "tls": serverTLS(t)} {
		t.Run(name, func(t *testing.T) {
			var told memory
			l := listen(t, Options{TLS: config, QueueLimit: 8 << 20, Tap: func(local, remote netip.AddrPort) Recording {
				if !local.IsValid() || !remote.IsValid() {
					t.Error("no addresses")
				}
				return &told
			}})
			file, err := os.CreateTemp(t.TempDir(), "")
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			content := strings.Repeat("file ", 100<<10)
			if _, err := file.WriteString(content); err != nil {
				t.Fatal(err)
			}
			_, _ = file.Seek(0, io.SeekStart)
			gone := make(chan *Conn, 1)
			much := strings.Repeat("much ", 300<<10)
			serve(t, l, func(c *Conn) {
				p, _ := c.Next()
				c.Send([][]byte{p[:1], p[1:]})
				send(c, much)
				if err := c.Copy(t.Context(), file, int64(len(content))); err != nil {
					t.Error(err)
				}
				gone <- c
			})
			var nc net.Conn = dial(t, l)
			if config != nil {
				nc = tls.Client(nc, clientTLS)
			}
			_, _ = nc.Write([]byte("hello\n"))
			wantEnd(t, nc, "hello\n"+much+content)
			_ = nc.Close()
			<-(<-gone).Done()
			received, sent, ends, closed := told.said()
			if received != "hello\n" || sent != "hello\n"+much+content || ends != "sent received" || !closed {
				t.Errorf("%q, %d bytes, %q, %v", received, len(sent), ends, closed)
			}
		})
	}
}

// Who is refused, or cut, was told something: that is told as well.
func TestRecordingOfRefusals(t *testing.T) {
	var mu sync.Mutex
	var all []*memory
	l := listen(t, Options{Clients: 1, Refuse: refusal, Farewell: refusal, Tap: func(netip.AddrPort, netip.AddrPort) Recording {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, new(memory))
		return all[len(all)-1]
	}})
	conns := make(chan *Conn, 1)
	serve(t, l, func(c *Conn) { conns <- c; greet(c) })
	first := dial(t, l)
	wantText(t, first, "hello\n")
	wantEnd(t, dial(t, l), "server is full (1 clients)\n")
	c := <-conns
	c.Cut(errShutdown)
	wantEnd(t, first, "the server is stopping\n")
	<-c.Done()
	mu.Lock()
	defer mu.Unlock()
	for i, want := range []string{"hello\nthe server is stopping\n", "server is full (1 clients)\n"} {
		if _, sent, _, closed := all[i].said(); sent != want || !closed {
			t.Errorf("%q, %v", sent, closed)
		}
	}
}
