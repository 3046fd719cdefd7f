package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

// Serve runs the handler for each client, and closes the connection when the handler returns.
func TestServe(t *testing.T) {
	for name, config := range map[string]*tls.Config{"plain": nil, "tls": serverTLS(t)} {
		t.Run(name, func(t *testing.T) {
			l := listen(t, Options{TLS: config})
			serve(t, l, func(c *Conn) {
				p, _ := c.Next()
				send(c, strings.ToUpper(string(p)))
			})
			for range 3 {
				var nc net.Conn = dial(t, l)
				if config != nil {
					nc = tls.Client(nc, clientTLS)
				}
				_, _ = nc.Write([]byte("hello"))
				wantEnd(t, nc, "HELLO")
				_ = nc.Close()
			}
		})
	}
}

// A full listener tells the next client so, and takes another when one has left.
func TestListenerIsFull(t *testing.T) {
	l := listen(t, Options{Clients: 2, Refuse: refusal})
	serve(t, l, greet)
	first, second := dial(t, l), dial(t, l)
	wantText(t, first, "hello\n")
	wantText(t, second, "hello\n")
	wantEnd(t, dial(t, l), "server is full (2 clients)\n")

	_ = first.Close()
	for { // until the server has noticed
		next := dial(t, l)
		greeting := make([]byte, 6)
		if _, err := io.ReadFull(next, greeting); err != nil {
			t.Fatal(err)
		}
		if string(greeting) == "hello\n" {
			break
		}
		_ = next.Close()
	}
}

// The 257th connection from one address is refused. Thousands more are, without a goroutine for each, and whoever is
// being served does not notice.
func TestTooManyFromOneAddress(t *testing.T) {
	const limit = 256
	l := listen(t, Options{PerAddress: limit, Refuse: refusal})
	serve(t, l, func(c *Conn) {
		send(c, "hello\n")
		for {
			p, err := c.Next()
			if err != nil {
				return
			}
			send(c, string(p))
		}
	})
	var last net.Conn
	for range limit {
		last = dial(t, l)
		wantText(t, last, "hello\n")
	}
	before := runtime.NumGoroutine()
	refused := make([]net.Conn, 5000-limit)
	for i := range refused {
		refused[i] = dial(t, l)
	}
	if more := runtime.NumGoroutine() - before; more > 10 {
		t.Errorf("%d goroutines more", more)
	}
	for _, nc := range refused {
		wantEnd(t, nc, "too many connections from 127.0.0.1 (limit 256)\n")
		_ = nc.Close()
	}
	_, _ = last.Write([]byte("still here\n"))
	wantText(t, last, "still here\n")
}

// A refused client that sends something all the same is not reset, so that it can read why it was refused.
func TestRefusalIsReadable(t *testing.T) {
	l := listen(t, Options{Clients: 1, Refuse: refusal})
	l.terms.linger = time.Hour
	serve(t, l, greet)
	wantText(t, dial(t, l), "hello\n")
	nc := dial(t, l)
	_, _ = nc.Write([]byte("alice"))
	wantEnd(t, nc, "server is full (1 clients)\n")
	for range 10 {
		if _, err := nc.Write(make([]byte, 1000)); err != nil {
			t.Fatal("the connection was reset:", err)
		}
	}
	_ = nc.Close()
}

// While refused clients do not leave, some are kept for a second at most, and the rest are closed.
func TestRefusalsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newListener(newFakeSocket(), Options{Clients: 1, Refuse: refusal})
		l.refusals.open()
		began := time.Now()
		for range 10 * maxLingering {
			ours, theirs := net.Pipe()
			go func() { _, _ = io.ReadFull(theirs, make([]byte, 5)) }()
			l.refuse(ours, addrPort(nil).Addr(), parley.Errorf(parley.CodeFull, "full"))
		}
		l.refusals.close()
		if took := time.Since(began); took > 2*lingerTimeout {
			t.Errorf("%d refusals took %v", 10*maxLingering, took)
		}
	})
}

// In serial mode a second client connects, and is served when the first has left.
func TestSerial(t *testing.T) {
	l := listen(t, Options{Serial: true})
	serving := make(chan string, 4)
	serve(t, l, func(c *Conn) {
		serving <- c.RemoteAddr().String()
		greet(c)
		serving <- "left"
	})
	first, second := dial(t, l), dial(t, l)
	wantText(t, first, "hello\n")
	_ = first.Close()
	wantText(t, second, "hello\n")
	for _, want := range []string{first.LocalAddr().String(), "left", second.LocalAddr().String()} {
		if got := <-serving; got != want {
			t.Errorf("served %s, want %s", got, want)
		}
	}
}

// Close stops a serial listener also while a client is being served.
func TestSerialStops(t *testing.T) {
	l := listen(t, Options{Serial: true})
	served := make(chan error)
	go func() { served <- l.Serve(whole(greet)) }()
	nc := dial(t, l)
	wantText(t, nc, "hello\n")
	_ = l.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
	_ = nc.Close()
	l.Drain(t.Context())
}

// A client that never begins its handshake keeps nobody waiting, and is cut when its time is up.
func TestHandshakeThatNeverComes(t *testing.T) {
	l := listen(t, Options{TLS: serverTLS(t), HandshakeTimeout: time.Hour})
	serve(t, l, greet)
	silent := dial(t, l)
	secure := tls.Client(dial(t, l), clientTLS)
	wantText(t, secure, "hello\n")
	l.Each(func(c *Conn) {
		if c.RemoteAddr() == addrPort(silent.LocalAddr()) {
			t.Error("Each shows a connection that is not served yet")
		}
	})

	hasty := listen(t, Options{TLS: serverTLS(t), HandshakeTimeout: time.Millisecond})
	serve(t, hasty, greet)
	wantEnd(t, dial(t, hasty), "")
}

// Whoever does not speak TLS to a TLS listener is told in the clear; garbage is not answered at all.
func TestGarbageInsteadOfTLS(t *testing.T) {
	l := listen(t, Options{TLS: serverTLS(t), Refuse: refusal})
	serve(t, l, func(*Conn) { t.Error("the handler was called") })
	nc := dial(t, l)
	_, _ = nc.Write([]byte("hello everybody\n"))
	wantEnd(t, nc, "this listener speaks TLS only\n")
	garbage := dial(t, l)
	_, _ = garbage.Write([]byte("\x16\x03\x01\x00\x05garbage and more garbage"))
	got, _ := io.ReadAll(garbage)
	if bytes.Contains(got, []byte("TLS")) {
		t.Errorf("garbage was answered by %q", got)
	}
}

// What a client began with, instead of TLS, is there for whoever words the refusal: HTTP is answered in HTTP.
func TestRefusalKnowsWhatCame(t *testing.T) {
	l := listen(t, Options{TLS: serverTLS(t), Refuse: func(err *parley.Error) []byte {
		if foreign, ok := errors.AsType[tls.RecordHeaderError](err); ok && string(foreign.RecordHeader[:]) == "GET /" {
			return []byte("HTTP/1.1 400 Bad Request\r\n\r\n")
		}
		return nil
	}})
	serve(t, l, func(*Conn) { t.Error("the handler was called") })
	nc := dial(t, l)
	_, _ = nc.Write([]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
	wantEnd(t, nc, "HTTP/1.1 400 Bad Request\r\n\r\n")
}

// A TLS client over the limit is closed without a word in the clear.
func TestRefusalUnderTLS(t *testing.T) {
	l := listen(t, Options{Clients: 1, TLS: serverTLS(t), Refuse: refusal})
	serve(t, l, greet)
	wantText(t, tls.Client(dial(t, l), clientTLS), "hello\n")
	wantEnd(t, dial(t, l), "")
}

// After Close those who are connected go on; Drain waits for them.
func TestDrainWaits(t *testing.T) {
	l := listen(t, Options{})
	served := make(chan error)
	go func() { served <- l.Serve(whole(greet)) }()
	nc := dial(t, l)
	wantText(t, nc, "hello\n")
	_ = l.Close()
	_ = l.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
	if err := l.Serve(whole(greet)); err != nil {
		t.Error("Serve after Close:", err)
	}
	l.Each(func(c *Conn) {
		send(c, "the server is stopping\n")
		c.Close(errShutdown)
	})
	wantEnd(t, nc, "the server is stopping\n")
	_ = nc.Close()
	l.Drain(context.Background())
}

// When its context ends, Drain cuts who is left: those who stay, and those still in their handshake.
func TestDrainCuts(t *testing.T) {
	l := listen(t, Options{TLS: serverTLS(t), HandshakeTimeout: time.Hour})
	served := make(chan error)
	reasons := make(chan error, 1)
	go func() {
		served <- l.Serve(whole(func(c *Conn) {
			greet(c)
			reasons <- c.Reason()
		}))
	}()
	silent := dial(t, l)
	nc := tls.Client(dial(t, l), clientTLS)
	wantText(t, nc, "hello\n")
	_ = l.Close()
	<-served
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l.Drain(ctx)
	wantCode(t, <-reasons, parley.CodeShutdown)
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("the handshake goes on")
	}
}

// Whoever comes out of the handshake after Close is not served any more: Drain need not wait until its context ends.
func TestHandshakeEndsAfterClose(t *testing.T) {
	began, goOn := make(chan struct{}), make(chan struct{})
	config := serverTLS(t)
	config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		close(began)
		<-goOn
		return nil, nil
	}
	l := listen(t, Options{TLS: config})
	served := make(chan error)
	go func() {
		served <- l.Serve(whole(func(c *Conn) {
			t.Error("the handler was called")
			greet(c)
		}))
	}()
	client := tls.Client(dial(t, l), clientTLS)
	shaken := make(chan error)
	go func() { shaken <- client.Handshake() }()
	<-began
	_ = l.Close()
	<-served
	l.Each(func(c *Conn) { t.Error("Each shows a connection that is not served") })
	conn := l.clients.list(false)[0]
	close(goOn)
	if err := <-shaken; err != nil {
		t.Log("the client's handshake:", err) // cut before or after its last byte
	}
	<-conn.Done() // before Drain, which would cut a handshake itself
	wantCode(t, conn.Reason(), parley.CodeShutdown)
	l.Drain(t.Context())
}

// Drain waits for what is still being sent after the handler has returned.
func TestDrainWaitsForTheQueue(t *testing.T) {
	l := listen(t, Options{QueueLimit: 2 * stuffing, CloseTimeout: time.Hour})
	served := make(chan error)
	conns := make(chan *Conn, 1)
	go func() {
		served <- l.Serve(whole(func(c *Conn) {
			conns <- c
			stuff(c)
		}))
	}()
	nc := dial(t, l)
	c := <-conns
	_ = l.Close()
	<-served
	go func() {
		_, _ = io.Copy(io.Discard, nc)
		_ = nc.Close()
	}()
	l.Drain(t.Context())
	select {
	case <-c.Done():
	default:
		t.Error("the connection is not gone")
	}
}

// The deadline of the handshake ends with the handshake.
func TestHandshakeDeadlineEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		socket := newFakeSocket()
		l := newListener(socket, Options{TLS: serverTLS(t)})
		go func() {
			_ = l.Serve(whole(func(c *Conn) {
				p, _ := c.Next()
				send(c, string(p))
			}))
		}()
		ours, theirs := net.Pipe()
		socket.conns <- ours
		client := tls.Client(theirs, clientTLS)
		if err := client.Handshake(); err != nil {
			t.Fatal(err)
		}
		<-time.After(2 * DefaultHandshakeTimeout)
		_, _ = client.Write([]byte("late"))
		wantText(t, client, "late")
		_ = theirs.Close()
		_ = l.Close()
		l.Drain(t.Context())
	})
}

// fakeSocket accepts what is put into it.
type fakeSocket struct {
	conns  chan net.Conn
	errs   chan error
	closed chan struct{}
}

func newFakeSocket() *fakeSocket {
	return &fakeSocket{make(chan net.Conn), make(chan error), make(chan struct{})}
}

func (s *fakeSocket) Accept() (net.Conn, error) {
	select {
	case nc := <-s.conns:
		return nc, nil
	case err := <-s.errs:
		return nil, &net.OpError{Op: "accept", Err: err}
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *fakeSocket) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8001} }

func (s *fakeSocket) Close() error {
	close(s.closed)
	return nil
}

// A process without descriptors left goes on accepting when it has some again; meanwhile it tries less and less often.
func TestAcceptFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		socket := newFakeSocket()
		l := newListener(socket, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		served := make(chan error)
		go func() { served <- l.Serve(whole(greet)) }()
		began := time.Now()
		for range 20 {
			socket.errs <- syscall.EMFILE
		}
		ours, theirs := net.Pipe()
		socket.conns <- ours
		wantText(t, theirs, "hello\n")
		if took := time.Since(began); took < 10*time.Second || took > 20*time.Second {
			t.Errorf("20 failures took %v", took)
		}
		if n := strings.Count(log.String(), "too many open files"); n != 20 {
			t.Errorf("%d lines in the log: %s", n, &log)
		}
		_ = theirs.Close()
		socket.errs <- syscall.EMFILE // and while it waits:
		if err := errors.Join(l.Close(), <-served); err != nil {
			t.Error(err)
		}
		l.Drain(t.Context())
	})
}

// Refusals are logged at most once a second, with the number of those that were not.
func TestRefusalsDoNotFloodTheLog(t *testing.T) {
	var log bytes.Buffer
	d := refusals{log: slog.New(slog.NewTextHandler(&log, nil))}
	now := time.Now()
	full := parley.Errorf(parley.CodeFull, "server is full (1 clients)")
	for range 1000 {
		d.note(addrPort(nil).Addr(), full, now)
	}
	d.note(addrPort(nil).Addr(), full, now.Add(time.Second))
	if got := log.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "unlogged=999") {
		t.Error(got)
	}
}
