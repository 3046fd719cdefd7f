package peer

import (
	"errors"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley"
)

// roster is who is where, as a server has told it.
var roster = map[netip.Addr]string{
	netip.MustParseAddr("127.0.0.11"): "alice",
	netip.MustParseAddr("127.0.0.12"): "bob",
}

func nameOf(a netip.Addr) string { return roster[a] }

// collect gives Options whose callbacks end in the channels.
func collect() (Options, chan Direct, chan string) {
	direct, notices := make(chan Direct, 1000), make(chan string, 1000)
	return Options{
		NameOf:  nameOf,
		Deliver: func(d Direct) { direct <- d },
		Notice:  func(s string) { notices <- s },
	}, direct, notices
}

// listen opens a Peer that the test closes.
func listen(t *testing.T, address string, port uint16, o Options) *Peer {
	t.Helper()
	p, err := Listen(t.Context(), netip.AddrPortFrom(netip.MustParseAddr(address), port), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// needManyLoopbacks ends the test where 127.0.0.11 is nobody's address: everywhere but on Linux and Windows, the
// loopback interface has 127.0.0.1 alone until the administrator adds others.
func needManyLoopbacks(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" && runtime.GOOS != "windows" {
		t.Skip("needs 127.0.0.11 and its neighbours: on macOS, `sudo ifconfig lo0 alias 127.0.0.11` and so on")
	}
}

func TestDirectMessageGoesFromPeerToPeer(t *testing.T) {
	needManyLoopbacks(t)
	options, received, _ := collect()
	bob := listen(t, "127.0.0.12", 0, options)
	alice := listen(t, "127.0.0.11", bob.Port(), Options{})

	if err := alice.Send(netip.MustParseAddr("127.0.0.12"), "hi, 出师表"); err != nil {
		t.Fatal(err)
	}
	want := Direct{From: "alice", Address: netip.MustParseAddr("127.0.0.11"), Text: "hi, 出师表"}
	if got := <-received; got != want {
		t.Errorf("bob received %+v, want %+v", got, want)
	}
}

func TestSenderWhomTheRosterDoesNotHaveIsNonRegistered(t *testing.T) {
	needManyLoopbacks(t)
	options, received, _ := collect()
	bob := listen(t, "127.0.0.12", 0, options)
	stranger := listen(t, "127.0.0.13", bob.Port(), Options{})

	if err := stranger.Send(netip.MustParseAddr("127.0.0.12"), "psst"); err != nil {
		t.Fatal(err)
	}
	if got := <-received; got.From != "Non-registered" || got.Text != "psst" {
		t.Errorf("bob received %+v", got)
	}
}

func TestPortInUseIsNamed(t *testing.T) {
	first := listen(t, "127.0.0.1", 0, Options{})
	_, err := Listen(t.Context(), netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), first.Port()), Options{})
	if err == nil || !strings.Contains(parley.Sentence(err), "(UDP) on 127.0.0.1 cannot be used: ") {
		t.Errorf("the error is %v", err)
	}
}

func TestSendRefusesWhatNoDatagramCanCarry(t *testing.T) {
	p := listen(t, "127.0.0.1", 0, Options{})
	for text, want := range map[string]parley.Code{
		" ":                                 parley.CodeInvalid,
		strings.Repeat("x", MaxText+1):      parley.CodeTooLong,
		strings.Repeat("x", 64<<10+1):       parley.CodeTooLong,
		strings.Repeat("x", parley.MaxText): parley.CodeTooLong,
	} {
		if err := p.Send(netip.MustParseAddr("127.0.0.1"), text); parley.CodeOf(err) != want {
			t.Errorf("sending %d bytes: %v, want %s", len(text), err, want)
		}
	}
}

// fakeSocket is a socket whose datagrams come from a test.
type fakeSocket struct {
	in     chan datagram
	closed chan struct{}
}

type datagram struct {
	from string
	text string
	err  error
}

func newFakeSocket() *fakeSocket {
	return &fakeSocket{in: make(chan datagram), closed: make(chan struct{})}
}

func (s *fakeSocket) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	select {
	case d := <-s.in:
		if d.err != nil {
			return 0, netip.AddrPort{}, d.err
		}
		return copy(b, d.text), netip.AddrPortFrom(netip.MustParseAddr(d.from), 5000), nil
	case <-s.closed:
		return 0, netip.AddrPort{}, net.ErrClosed
	}
}

func (s *fakeSocket) WriteToUDPAddrPort(b []byte, _ netip.AddrPort) (int, error) { return len(b), nil }

func (s *fakeSocket) Close() error { close(s.closed); return nil }

// stopped is a clock that stands.
func stopped() time.Time { return time.Unix(1_700_000_000, 0) }

func TestHostileDatagrams(t *testing.T) {
	options, received, _ := collect()
	socket := newFakeSocket()
	p := start(socket, 5000, options, stopped)
	defer func() { _ = p.Close() }()

	longest := strings.Repeat("x", 64<<10-29)
	for _, text := range []string{"", "   ", "\n\n", "\xff\xfe", "\x1b[2J\x1b]0;owned\x07", "two\r\nlines\n", longest} {
		socket.in <- datagram{from: "127.0.0.11", text: text}
	}
	for _, want := range []string{"\uFFFD\uFFFD", "\uFFFD[2J\uFFFD]0;owned\uFFFD", "two\nlines", longest} {
		if got := <-received; got.Text != want {
			t.Errorf("received %.40q, want %.40q", got.Text, want)
		}
	}
}

func TestFloodOfStrangersDoesNotSilenceTheRegistered(t *testing.T) {
	options, received, notices := collect()
	socket := newFakeSocket()
	p := start(socket, 5000, options, stopped)
	defer func() { _ = p.Close() }()

	for i := range 10_000 {
		socket.in <- datagram{from: netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}).String(), text: "buy"}
	}
	socket.in <- datagram{from: "127.0.0.12", text: "are you there?"}

	strangers := 0
	for d := range received {
		if d.From == "bob" {
			break
		}
		strangers++
	}
	if limit := burst / datagramCost; strangers > limit {
		t.Errorf("%d datagrams of strangers got through, want at most %d", strangers, limit)
	}
	if len(notices) != 1 || !strings.HasPrefix(<-notices, "too many direct messages") {
		t.Error("want one notice about the flood")
	}
}

func TestReceivingOutlivesAFailureAndGivesUpAfterMany(t *testing.T) {
	options, received, notices := collect()
	socket := newFakeSocket()
	p := start(socket, 5000, options, stopped)
	defer func() { _ = p.Close() }()

	socket.in <- datagram{err: errors.New("connection reset")}
	socket.in <- datagram{from: "127.0.0.11", text: "still here"}
	if got := <-received; got.Text != "still here" {
		t.Errorf("received %+v", got)
	}
	for range maxFailures {
		socket.in <- datagram{err: errors.New("connection reset")}
	}
	if got := <-notices; !strings.HasPrefix(got, "direct messages are off") {
		t.Errorf("the notice is %q", got)
	}
}

func TestIPv4SenderOnAnIPv6SocketIsKnownByItsIPv4Address(t *testing.T) {
	options, received, _ := collect()
	socket := newFakeSocket()
	p := start(socket, 5000, options, stopped)
	defer func() { _ = p.Close() }()

	socket.in <- datagram{from: "::ffff:127.0.0.11", text: "hi"}
	if got := <-received; got.From != "alice" {
		t.Errorf("received %+v", got)
	}
}
