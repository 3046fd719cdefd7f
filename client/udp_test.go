package client

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"parley"
)

// datagrams is a server of plain+udp whose every datagram a test decides about.
type datagrams struct {
	t *testing.T
	*net.UDPConn
	client netip.AddrPort
}

// listenUDP starts one.
func listenUDP(t *testing.T) *datagrams {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &datagrams{t: t, UDPConn: conn}
}

// target gives how to join it.
func (d *datagrams) target() Target {
	return Target{Scheme: SchemeUDP, Host: "127.0.0.1", Port: netip.MustParseAddrPort(d.LocalAddr().String()).Port()}
}

// expect waits for a datagram, and notes where it came from.
func (d *datagrams) expect(text string) {
	d.t.Helper()
	_ = d.SetReadDeadline(time.Now().Add(patience))
	buffer := make([]byte, 64<<10)
	n, from, err := d.ReadFromUDPAddrPort(buffer)
	if err != nil || string(buffer[:n]) != text {
		d.t.Fatalf("the client sent %q, %v, want %q", buffer[:n], err, text)
	}
	d.client = from
}

// say sends a datagram to the client.
func (d *datagrams) say(text string) {
	d.t.Helper()
	if _, err := d.WriteToUDPAddrPort([]byte(text), d.client); err != nil {
		d.t.Fatal(err)
	}
}

// joinUDP connects a client, which says hello.
func joinUDP(t *testing.T) (*joined, *datagrams) {
	t.Helper()
	d := listenUDP(t)
	j := join(t, Options{Target: d.target()})
	j.expect(Connected{d.LocalAddr().String()})
	if _, ok := j.next().(Notice); !ok {
		t.Error("nothing is said about UDP")
	}
	j.do(j.Say(t.Context(), "hello"))
	d.expect("hello")
	return j, d
}

func TestUDPFormats(t *testing.T) {
	j, d := joinUDP(t)
	for text, want := range map[string]Event{
		"<10.0.0.7 : 4000> :hi":     Message{From: "10.0.0.7 : 4000", Text: "hi"},
		"HELLO":                     Line{"HELLO"},
		"<a> :two\n<b> :lines":      Message{From: "a", Text: "two <b> :lines"},
		"error: not here":           Line{"error: not here"},
		"\x1b[2J\xff":               Line{"\uFFFD[2J\uFFFD"},
		strings.Repeat("x", 60<<10): Line{strings.Repeat("x", 60<<10)},
	} {
		d.say("")
		d.say(text)
		j.expect(want)
	}
	d.say("<" + d.client.Addr().String() + " : " + d.client.String()[len("127.0.0.1:"):] + "> :hello") // an echo
	d.say("<b> :hi")
	j.expect(Message{From: "b", Text: "hi"})
}

func TestUDPHasNothingButTheRoom(t *testing.T) {
	j, _ := joinUDP(t)
	ctx := t.Context()
	for what, err := range map[string]error{
		"this protocol has no files":           j.SendFile(ctx, "x"),
		"this protocol has no direct messages": j.Direct(ctx, "bob: psst"),
		"does not tell who is here":            j.Online(ctx),
	} {
		if err == nil || !strings.Contains(parley.Sentence(err), what) {
			t.Errorf("%v, want %q", err, what)
		}
	}
	if err := j.AskFile(ctx, "x"); err == nil {
		t.Error("a file was asked for")
	}
	if err := j.Say(ctx, strings.Repeat("x", 65_508)); parley.CodeOf(err) != parley.CodeTooLong {
		t.Errorf("a text too long for a datagram: %v", err)
	}
}

func TestUDPPortWhereNobodyListensIsNoConnection(t *testing.T) {
	d := listenUDP(t)
	j := join(t, Options{Target: d.target()})
	j.expectConnected()
	j.next()
	_ = d.Close()
	j.do(j.Say(t.Context(), "anybody?"))
	j.expect(Doubt{"anybody?"})
	want := "cannot connect to " + d.LocalAddr().String() + ": connection refused"
	if err := j.expectEnd(); parley.CodeOf(err) != parley.CodeClosed || parley.Sentence(err) != want {
		t.Errorf("it ended because %v", err)
	}
}

func TestUDPServerThatGoesAndComes(t *testing.T) {
	j, d := joinUDP(t)
	d.say("<b> :hi")
	j.expect(Message{From: "b", Text: "hi"})
	_ = d.Close()
	j.do(j.Say(t.Context(), "anybody?"))
	j.expect(Doubt{"hello"}, Doubt{"anybody?"})
	j.expectLost("connection refused")
	j.expect(Notice{"UDP does not tell whether the server is there again: the next message joins"})

	again, err := net.ListenUDP("udp", d.LocalAddr().(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	d.UDPConn = again
	t.Cleanup(func() { _ = again.Close() })
	j.do(j.Await(t.Context()))
	j.do(j.Say(t.Context(), "again"))
	d.expect("again")
	d.say("<b> :welcome back")
	j.expectConnected()
	j.expect(Message{From: "b", Text: "welcome back"})
}
