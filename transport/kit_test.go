package transport

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"parley"
)

// maker makes a connection and its peer; both end with the test.
type maker func(testing.TB, ConnOptions) (*Conn, net.Conn)

// makers are the ways to a connection that one suite tests.
var makers = map[string]maker{
	"tcp":         overTCP,
	"recorded":    overRecordedTCP,
	"portableTCP": overPortableTCP,
	"tls":         overTLS,
	"pipe":        overPipe,
}

// everywhere runs a test on every kind of connection.
func everywhere(t *testing.T, test func(t *testing.T, connect maker)) {
	for name, connect := range makers {
		t.Run(name, func(t *testing.T) { test(t, connect) })
	}
}

// overTCP makes a connection over loopback TCP.
func overTCP(tb testing.TB, o ConnOptions) (*Conn, net.Conn) {
	ours, theirs := tcpPair(tb)
	return own(tb, NewConn(ours, o)), theirs
}

// portableTCP is a TCP connection that is not recognized as one.
type portableTCP struct{ *net.TCPConn }

// overPortableTCP makes a connection as on a system without the direct path.
func overPortableTCP(tb testing.TB, o ConnOptions) (*Conn, net.Conn) {
	ours, theirs := tcpPair(tb)
	return own(tb, NewConn(portableTCP{ours}, o)), theirs
}

// overTLS makes a connection over TLS over loopback TCP, past its handshake.
func overTLS(tb testing.TB, o ConnOptions) (*Conn, net.Conn) {
	ours, theirs := tcpPair(tb)
	return secured(tb, ours, theirs, o)
}

// overTLSPipe makes a connection over TLS in memory, past its handshake.
func overTLSPipe(tb testing.TB, o ConnOptions) (*Conn, net.Conn) {
	ours, theirs := net.Pipe()
	tb.Cleanup(func() { _ = theirs.Close() })
	return secured(tb, ours, theirs, o)
}

func secured(tb testing.TB, ours, theirs net.Conn, o ConnOptions) (*Conn, net.Conn) {
	tb.Helper()
	server, client := tls.Server(ours, serverTLS(tb)), tls.Client(theirs, clientTLS)
	shaken := make(chan error)
	go func() { shaken <- server.Handshake() }()
	if err := errors.Join(client.Handshake(), <-shaken); err != nil {
		tb.Fatal(err)
	}
	return own(tb, NewConn(server, o)), client
}

// clientTLS trusts everybody.
var clientTLS = &tls.Config{InsecureSkipVerify: true}

// overPipe makes a connection in memory.
func overPipe(tb testing.TB, o ConnOptions) (*Conn, net.Conn) {
	ours, theirs := net.Pipe()
	tb.Cleanup(func() { _ = theirs.Close() })
	return own(tb, NewConn(ours, o)), theirs
}

// own cuts c when the test ends, and waits until it is gone.
func own(tb testing.TB, c *Conn) *Conn {
	tb.Cleanup(func() {
		c.Cut(nil)
		<-c.Done()
	})
	return c
}

// tcpPair makes the two ends of a TCP connection. The second is closed when the test ends.
func tcpPair(tb testing.TB) (accepted, dialed *net.TCPConn) {
	tb.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	dialed, err = net.DialTCP("tcp", nil, l.Addr().(*net.TCPAddr))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = dialed.Close() })
	accepted, err = l.AcceptTCP()
	if err != nil {
		tb.Fatal(err)
	}
	return accepted, dialed
}

// certificate makes one certificate for all tests.
var certificate = sync.OnceValues(func() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
})

func serverTLS(tb testing.TB) *tls.Config {
	tb.Helper()
	cert, err := certificate()
	if err != nil {
		tb.Fatal(err)
	}
	// A ticket for resumption would be written by the handshake itself, to a client that need not be reading yet.
	return &tls.Config{Certificates: []tls.Certificate{cert}, SessionTicketsDisabled: true}
}

// send sends one text.
func send(c *Conn, text string) { c.Send([][]byte{[]byte(text)}) }

// wantCode checks an error's code.
func wantCode(tb testing.TB, err error, code parley.Code) {
	tb.Helper()
	if got := parley.CodeOf(err); got != code {
		tb.Errorf("error %q (%v), want code %q", got, err, code)
	}
}

// wantText reads exactly the text from a peer.
func wantText(tb testing.TB, peer io.Reader, text string) {
	tb.Helper()
	got := make([]byte, len(text))
	n, err := io.ReadFull(peer, got)
	if err != nil || string(got) != text {
		tb.Fatalf("the peer read %q (%v), want %q", got[:n], err, text)
	}
}

// wantEnd reads to the end, which must be orderly, and must come after exactly the text.
func wantEnd(tb testing.TB, peer io.Reader, text string) {
	tb.Helper()
	got, err := io.ReadAll(peer)
	if err != nil || string(got) != text {
		tb.Fatalf("the peer read %q and then %v, want %q and an orderly end", got, err, text)
	}
}

// collect gives all that Next gives until its error.
func collect(c *Conn) ([]byte, error) {
	var all []byte
	for {
		p, err := c.Next()
		if err != nil {
			return all, err
		}
		all = append(all, p...)
	}
}

// listen opens a listener on loopback.
func listen(tb testing.TB, o Options) *Listener {
	tb.Helper()
	l, err := Listen(tb.Context(), "127.0.0.1:0", o)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// whole is a handler that serves a connection in one step.
func whole(handle func(*Conn)) func(*Conn) Step {
	return func(c *Conn) Step {
		handle(c)
		return nil
	}
}

// serve runs l until the test ends, and then cuts and waits for its connections.
func serve(tb testing.TB, l *Listener, handle func(*Conn)) {
	tb.Helper()
	served := make(chan error)
	go func() { served <- l.Serve(whole(handle)) }()
	tb.Cleanup(func() {
		_ = l.Close()
		ended, end := context.WithCancel(context.Background())
		end()
		l.Drain(ended)
		if err := <-served; err != nil {
			tb.Error("Serve:", err)
		}
	})
}

// dial connects to l until the test ends.
func dial(tb testing.TB, l *Listener) *net.TCPConn {
	tb.Helper()
	nc, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(l.Addr()))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = nc.Close() })
	return nc
}

// greet is a handler that says hello and waits until the peer leaves.
func greet(c *Conn) {
	send(c, "hello\n")
	_, _ = collect(c)
}

// refusal is what refused connections are told in tests.
func refusal(err *parley.Error) []byte { return []byte(err.Sentence + "\n") }
