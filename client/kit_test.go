package client

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what must come. Nothing is measured with it.
const patience = 45 * time.Second

// fakeServer is a server whose every byte a test decides about.
type fakeServer struct {
	t *testing.T
	net.Listener
}

// listen starts a fake server on an address such as 127.0.0.1:0.
func listen(t *testing.T, address string) *fakeServer {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return &fakeServer{t, l}
}

// target gives how to join the server.
func (s *fakeServer) target(scheme Scheme) Target {
	address := netip.MustParseAddrPort(s.Addr().String())
	return Target{Scheme: scheme, Host: address.Addr().String(), Port: address.Port()}
}

// accept waits for the next client.
func (s *fakeServer) accept() *served {
	s.t.Helper()
	_ = s.Listener.(*net.TCPListener).SetDeadline(time.Now().Add(patience))
	conn, err := s.Accept()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	return &served{s.t, conn}
}

// served is one client, as the server sees it.
type served struct {
	t *testing.T
	net.Conn
}

// say sends a text just as it is.
func (c *served) say(text string) {
	c.t.Helper()
	_ = c.SetWriteDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c.Conn, text); err != nil {
		c.t.Fatal(err)
	}
}

// expect waits for exactly this text.
func (c *served) expect(text string) {
	c.t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	got := make([]byte, len(text))
	n, err := io.ReadFull(c.Conn, got)
	if err != nil || string(got) != text {
		c.t.Fatalf("the client sent %q, %v, want %q", got[:n], err, text)
	}
}

// expectEnd waits for the client to close its side, with nothing before.
func (c *served) expectEnd() {
	c.t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	if rest, err := io.ReadAll(c.Conn); err != nil || len(rest) > 0 {
		c.t.Fatalf("the client sent %q, %v, want its end", rest, err)
	}
}

// reset cuts the connection as when the server's machine has lost it.
func (c *served) reset() {
	_ = c.Conn.(*net.TCPConn).SetLinger(0)
	_ = c.Close()
}

// joined is a client, and what it has told.
type joined struct {
	t *testing.T
	*Client
}

// join connects a client. It comes back without waiting.
func join(t *testing.T, o Options) *joined {
	t.Helper()
	if o.Files == nil {
		o.Files = NewFolder(t.TempDir())
	}
	c := newClient(o, outside{
		connect: o.dial,
		wait:    func(context.Context, time.Duration) error { return t.Context().Err() }, // nil until the test ends
		random:  func() float64 { return 1 },
	})
	conn, err := o.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.start(conn)
	t.Cleanup(func() {
		go drain(c)
		c.Close()
	})
	return &joined{t, c}
}

// drain takes all events that are left.
func drain(c *Client) {
	for range c.Events() {
	}
}

// next waits for the next event.
func (j *joined) next() Event {
	j.t.Helper()
	select {
	case e, ok := <-j.Events():
		if !ok {
			j.t.Fatalf("the client has ended: %v", j.Err())
		}
		return e
	case <-time.After(patience):
		j.t.Fatal("nothing happens")
	}
	return nil
}

// expect waits for exactly these events.
func (j *joined) expect(events ...Event) {
	j.t.Helper()
	for _, want := range events {
		if got := j.next(); !reflect.DeepEqual(got, want) {
			j.t.Fatalf("%T %+v, want %T %+v", got, got, want, want)
		}
	}
}

// expectConnected waits for the event that there is a connection.
func (j *joined) expectConnected() {
	j.t.Helper()
	if got, ok := j.next().(Connected); !ok {
		j.t.Fatalf("%T %+v, want Connected", got, got)
	}
}

// expectLost waits for the event that the connection is lost, for a reason.
func (j *joined) expectLost(reason string) {
	j.t.Helper()
	e := j.next()
	if got, ok := e.(Lost); !ok || !strings.Contains(got.Reason, reason) {
		j.t.Fatalf("%T %+v, want Lost because %q", e, e, reason)
	}
}

// expectProblem waits for a problem.
func (j *joined) expectProblem(sentence string) {
	j.t.Helper()
	e := j.next()
	if got, ok := e.(Problem); !ok || !strings.Contains(got.Err.Error(), sentence) {
		j.t.Fatalf("%T %+v, want the problem %q", e, e, sentence)
	}
}

// expectEnd waits for the end of the client.
func (j *joined) expectEnd() error {
	j.t.Helper()
	select {
	case e, ok := <-j.Events():
		if ok {
			j.t.Fatalf("%T %+v, want the end", e, e)
		}
	case <-time.After(patience):
		j.t.Fatal("the client does not end")
	}
	return j.Err()
}

// do calls f, which must succeed.
func (j *joined) do(err error) {
	j.t.Helper()
	if err != nil {
		j.t.Fatal(err)
	}
}

// shown collects what is printed, and lets a test wait for it.
type shown struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newShown() *shown { return &shown{more: make(chan struct{}, 1)} }

// Write adds p.
func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.more <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

// String gives everything so far.
func (s *shown) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// expect waits until a line is shown.
func (s *shown) expect(t *testing.T, line string) {
	t.Helper()
	late := time.After(patience)
	for !slices.Contains(strings.Split(s.String(), "\n"), line) {
		select {
		case <-s.more:
		case <-late:
			t.Fatalf("%q is not shown, but:\n%s", line, s)
		}
	}
}

// person is somebody in front of a LineMode.
type person struct {
	t        *testing.T
	in       *io.PipeWriter
	out, err *shown
	left     chan error
	stop     context.CancelFunc
}

// sit puts somebody in front of a LineMode.
func sit(t *testing.T, o Options, change ...func(*LineMode)) *person {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	p := &person{t: t, in: w, out: newShown(), err: newShown(), left: make(chan error, 1), stop: stop}
	mode := LineMode{Input: ReadInput(ctx, r), Screen: &Screen{Out: p.out, Err: p.err}}
	for _, f := range change {
		f(&mode)
	}
	if o.Files == nil {
		o.Files = NewFolder(t.TempDir())
	}
	o.Meter = mode.Screen
	c := newClient(o, outside{
		connect: o.dial,
		wait:    func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		random:  func() float64 { return 1 },
	})
	conn, err := o.dial(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c.start(conn)
	go func() { p.left <- mode.Run(ctx, c) }()
	t.Cleanup(func() {
		stop()
		_ = w.Close()
	})
	return p
}

// types types lines.
func (p *person) types(lines ...string) {
	p.t.Helper()
	for _, line := range lines {
		if _, err := io.WriteString(p.in, line+"\n"); err != nil {
			p.t.Fatal(err)
		}
	}
}

// expectLeft waits until it is over, and gives the reason.
func (p *person) expectLeft() error {
	p.t.Helper()
	select {
	case err := <-p.left:
		return err
	case <-time.After(patience):
		p.t.Fatalf("it does not end:\n%s%s", p.out, p.err)
	}
	return nil
}

// writeFile makes a file.
func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}
