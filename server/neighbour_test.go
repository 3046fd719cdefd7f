package server

import (
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// Somebody comes to the wrong port: by a browser to that of plain text, by netcat to that of HTTP, without TLS to one
// that has it.
func TestWhoComesToTheWrongPortIsToldTheRightOne(t *testing.T) {
	s, stop := run(t, Config{Data: Volatile, Listen: []string{
		"plain://127.0.0.1:0", "http://127.0.0.1:0", "roster://127.0.0.1:0", "https://127.0.0.1:0", "plain+tls://127.0.0.1:0",
	}})
	defer stop()
	at := func(i int) string { return s.listeners[i].address().String() }
	const get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	const hello = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
	for _, c := range []struct {
		listener    int
		sent        string
		parts       []string
		description string
	}{
		{0, get, []string{"HTTP/1.1 400 ", "parley join plain://" + at(0), "HTTP is spoken at http://" + at(1) + "/"}, "HTTP to plain"},
		{2, get, []string{"HTTP/1.1 400 ", "parley join roster://" + at(2), "HTTP is spoken at http://" + at(1) + "/"}, "HTTP to roster"},
		{4, get, []string{"HTTP/1.1 400 ", "HTTP is spoken at http://" + at(1) + "/"}, "HTTP to plain with TLS"},
		{1, "hello\n", []string{"parley join http://" + at(1), "text is spoken at plain://" + at(0)}, "text to HTTP"},
		{1, hello, []string{"\x15\x03\x03\x00\x02\x02\x28"}, "TLS to HTTP"},
		{0, hello, []string{"\x15\x03\x03\x00\x02\x02\x28"}, "TLS to plain"},
		{3, get, []string{"HTTP/1.1 400 ", "this is HTTPS: use https://" + at(3) + "/ instead"}, "HTTP to HTTPS"},
		{3, "hello\n", []string{"parley join https://" + at(3), "text is spoken at plain://" + at(0)}, "text to HTTPS"},
	} {
		conn, err := net.Dial("tcp", at(c.listener))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, c.sent)
		_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		got, _ := io.ReadAll(conn)
		_ = conn.Close()
		for _, part := range c.parts {
			if !strings.Contains(string(got), part) {
				t.Errorf("%s is answered by %q, without %q", c.description, got, part)
			}
		}
	}
}

func TestOnlyNeighboursWithinReachAreNamed(t *testing.T) {
	s, stop := run(t, Config{Data: Volatile, Listen: []string{"plain://127.0.0.1:0", "http://127.0.0.1:0"}})
	defer stop()
	web := s.neighbour("http")
	if got := web(netip.MustParseAddrPort("192.0.2.1:8001")); got != "" {
		t.Errorf("somebody from elsewhere is sent to %s", got)
	}
	if got := web(netip.AddrPort{}); got != "http://"+s.listeners[1].address().String() {
		t.Errorf("somebody of whom nothing is known is sent to %q", got)
	}
	if got := s.neighbour("roster")(netip.MustParseAddrPort("127.0.0.1:8001")); got != "" {
		t.Errorf("there is no roster, and yet %s", got)
	}
}
