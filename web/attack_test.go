package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/accounts"
	"parley/web"
	"parley/web/frame"
)

// bytes sends bytes as they are, and gives all that comes back until the server has closed.
func (h *house) bytes(sent string) string {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.at)
	must(h.t, err)
	defer conn.Close()
	_, _ = io.WriteString(conn, sent) // the server may have had enough before the end
	must(h.t, conn.(*net.TCPConn).CloseWrite())
	must(h.t, conn.SetReadDeadline(time.Now().Add(30*time.Second)))
	got, _ := io.ReadAll(conn)
	return string(got)
}

// opening is a request for a WebSocket, with some of its lines replaced.
func (h *house) opening(change ...string) string {
	request := "GET /v1/socket HTTP/1.1\r\nHost: " + h.at + "\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	return strings.NewReplacer(change...).Replace(request)
}

// RFC 6455, section 4.2: what is not the opening of a WebSocket is told so, and what to do.
func TestAnOpeningThatIsNone(t *testing.T) {
	h := newHouse(t, accounts.Open)
	for name, c := range map[string]struct {
		request string
		parts   []string
	}{
		"as it should be":      {h.opening(), []string{"HTTP/1.1 101 ", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}},
		"without an upgrade":   {h.opening("Upgrade: websocket\r\n", ""), []string{"HTTP/1.1 426 ", "Upgrade: websocket", "Connection: Upgrade"}},
		"to something else":    {h.opening("Upgrade: websocket", "Upgrade: h2c"), []string{"HTTP/1.1 426 ", "Upgrade: websocket"}},
		"an old version":       {h.opening("Version: 13", "Version: 8"), []string{"HTTP/1.1 426 ", "Sec-Websocket-Version: 13"}},
		"no version":           {h.opening("Sec-WebSocket-Version: 13\r\n", ""), []string{"HTTP/1.1 426 ", "Sec-Websocket-Version: 13"}},
		"two versions":         {h.opening("Version: 13", "Version: 13\r\nSec-WebSocket-Version: 8"), []string{"HTTP/1.1 426 "}},
		"no key":               {h.opening("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), []string{"HTTP/1.1 400 "}},
		"a short key":          {h.opening("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="), []string{"HTTP/1.1 400 "}},
		"a key that is none":   {h.opening("dGhlIHNhbXBsZSBub25jZQ==", "!!!!!!!!!!!!!!!!!!!!!!=="), []string{"HTTP/1.1 400 "}},
		"two keys":             {h.opening("Key: ", "Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: "), []string{"HTTP/1.1 400 "}},
		"without Connection":   {h.opening("Connection: keep-alive, Upgrade\r\n", ""), []string{"HTTP/1.1 400 "}},
		"HTTP/1.0":             {h.opening("HTTP/1.1", "HTTP/1.0"), []string{"HTTP/1.0 400 "}},
		"by POST":              {h.opening("GET", "POST"), []string{"HTTP/1.1 405 ", "Allow: GET"}},
		"by HEAD":              {h.opening("GET", "HEAD"), []string{"HTTP/1.1 405 ", "Allow: GET"}},
		"with a body":          {h.opening("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello"), []string{"HTTP/1.1 400 "}},
		"with a chunked body":  {h.opening("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), []string{"HTTP/1.1 400 "}},
		"from another site":    {h.opening("\r\n\r\n", "\r\nOrigin: http://evil.example\r\n\r\n"), []string{"HTTP/1.1 403 "}},
		"of a name rebound":    {h.opening(h.at, "evil.example"), []string{"HTTP/1.1 421 "}},
		"asking to compress":   {h.opening("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"), []string{"HTTP/1.1 101 "}},
		"asking for a dialect": {h.opening("\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n"), []string{"HTTP/1.1 101 "}},
	} {
		got := h.bytes(c.request)
		if missing := lacks(got, c.parts); missing != "" {
			t.Errorf("%s: no %q in %q", name, missing, got)
		}
		if strings.Contains(got, "HTTP/1.1 101") == (strings.Contains(got, "nosniff") || strings.Contains(got, "problem+json")) {
			t.Errorf("%s: %q", name, got)
		}
		if strings.Contains(got, "Extensions") || strings.Contains(got, "Sec-Websocket-Protocol") {
			t.Errorf("%s: agreed to what is not there: %q", name, got)
		}
	}
}

// Requests as no browser sends them (and each as netcat does, which closes its side and waits), but attackers and
// proxies do.
func TestRequestsOfOddShapes(t *testing.T) {
	h := newHouse(t, accounts.Open)
	host := "Host: " + h.at + "\r\n"
	for name, c := range map[string]struct{ request, want string }{
		"two hosts":                {"GET /healthz HTTP/1.1\r\n" + host + "Host: evil.example\r\n\r\n", "400"},
		"no host":                  {"GET /healthz HTTP/1.1\r\n\r\n", "400"},
		"no host, HTTP/1.0":        {"GET /healthz HTTP/1.0\r\n\r\n", "421"},
		"a host with userinfo":     {"GET /healthz HTTP/1.1\r\nHost: evil@127.0.0.1\r\n\r\n", "400"},
		"the whole URL":            {"GET http://" + h.at + "/healthz HTTP/1.1\r\n" + host + "\r\n", "200"},
		"another's URL":            {"GET http://evil.example/healthz HTTP/1.1\r\n" + host + "\r\n", "421"},
		"a URL with userinfo":      {"GET http://127.0.0.1@evil.example/healthz HTTP/1.1\r\n" + host + "\r\n", "421"},
		"a proxy's request":        {"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", "421"},
		"a tunnel to itself":       {"CONNECT " + h.at + " HTTP/1.1\r\n" + host + "\r\n", "405"},
		"TRACE":                    {"TRACE /v1/me HTTP/1.1\r\n" + host + "Cookie: a=secret\r\n\r\n", "405"},
		"OPTIONS of all":           {"OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "400"},
		"OPTIONS":                  {"OPTIONS /v1/me HTTP/1.1\r\n" + host + "\r\n", "405"},
		"another site's preflight": {"OPTIONS /v1/me HTTP/1.1\r\n" + host + "Origin: http://evil.example\r\nAccess-Control-Request-Method: PUT\r\n\r\n", "403"},
		"HTTP/2 without asking":    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "421"},
		"HTTP/2 by upgrade":        {"GET /healthz HTTP/1.1\r\n" + host + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n", "200"},
		"two lengths":              {"POST /v1/sessions HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "400"},
		"a negative length":        {"POST /v1/sessions HTTP/1.1\r\n" + host + "Content-Length: -5\r\n\r\n", "400"},
		"a space in a header":      {"GET /healthz HTTP/1.1\r\n" + host + "X-A : b\r\n\r\n", "400"},
		"a folded header":          {"GET /healthz HTTP/1.1\r\n" + host + "X-A: b\r\n c\r\n\r\n", "200"},
		"an odd token":             {"GET /v1/me HTTP/1.1\r\n" + host + "Authorization: Bearer \x01\xff\r\n\r\n", "400"},
		"two tokens":               {"GET /v1/me HTTP/1.1\r\n" + host + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", "401"},
		"a long token":             {"GET /v1/me HTTP/1.1\r\n" + host + "Authorization: Bearer " + strings.Repeat("a", 9000) + "\r\n\r\n", "401"},
		"no token at all":          {"GET /v1/me HTTP/1.1\r\n" + host + "Authorization: Bearer\r\n\r\n", "401"},
		"a password as a token":    {"GET /v1/me HTTP/1.1\r\n" + host + "Authorization: Basic YTpi\r\n\r\n", "401"},
	} {
		got := h.bytes(c.request)
		if status, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(got, "HTTP/1.1 "), "HTTP/1.0 "), " "); status != c.want {
			t.Errorf("%s: %q, want %s", name, got, c.want)
		}
		for _, bad := range []string{"secret", "Access-Control-Allow", "HTTP/2", "Location: http", "Location: //"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s: %s in %q", name, bad, got)
			}
		}
	}
}

// Of two readers of one stream, a proxy and this server, each must end a request where the other does.
func TestARequestCannotHideInAnother(t *testing.T) {
	h := newHouse(t, accounts.Open)
	host := "Host: " + h.at + "\r\n"
	got := h.bytes("POST /v1/sessions HTTP/1.1\r\n" + host + "Content-Type: application/json\r\nContent-Length: 5\r\n" +
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n" + host + "\r\n")
	if strings.Count(got, "HTTP/1.1 ") != 1 || !strings.Contains(got, "Connection: close") {
		t.Errorf("a length and chunks: %q", got)
	}
	got = h.bytes(strings.Repeat("GET /healthz HTTP/1.1\r\n"+host+"\r\n", 3) + "GET /nothing HTTP/1.1\r\n" + host + "\r\n")
	if strings.Count(got, "HTTP/1.1 200 OK") != 3 || strings.Count(got, "HTTP/1.1 404 ") != 1 {
		t.Errorf("four requests at once: %q", got)
	}
}

// A connection that speaks something else is told so in what it speaks, and closed.
func TestWhoSpeaksSomethingElseIsToldWhereToGo(t *testing.T) {
	h := newHouse(t, accounts.Open, func(c *web.Config) {
		c.Text = func(local netip.AddrPort) string { return "plain://" + local.Addr().String() + ":8001" }
	})
	want := "error: HTTP is spoken here; to chat, run: parley join http://" + h.at + "; text is spoken at plain://127.0.0.1:8001\n"
	for _, text := range []string{"hello\n", "hello", "\n", "/name alice\n", "Hello all", "{\"type\":\"hello\"}\n", "HELLO\n", "\xff\xfb\x1f"} {
		if got := h.bytes(text); got != want {
			t.Errorf("%q is answered by %q", text, got)
		}
	}
	if got := h.bytes("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"); got != "\x15\x03\x03\x00\x02\x02\x28" {
		t.Errorf("a TLS ClientHello is answered by %q", got)
	}
}

// Somebody opens the address in a browser.
func TestABrowserIsToldWhatThisIs(t *testing.T) {
	h := newHouse(t, accounts.Open, func(c *web.Config) { c.PublicNames = []string{"<b>.example"} })
	a := h.ask("GET", "/", "", "").want(t, 200, "Parley", "parley join http://"+h.at)
	if a.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'self'") {
		t.Errorf("%v", a.Header)
	}
	if got := h.bytes("GET / HTTP/1.1\r\nHost: <b>.example\r\n\r\n"); strings.Contains(got, "<b>") {
		t.Errorf("markup of others on the page: %s", got)
	}
	h.ask("GET", "/favicon.ico", "", "").want(t, 404)
	h.ask("POST", "/", "", "{}").want(t, 405)
}

// A handler that fails used to be known to nobody: the connection ended, and no line stood in the log.
func TestAHandlerThatFailsIsLogged(t *testing.T) {
	var log safeBuffer
	h := newHouse(t, accounts.Open, func(c *web.Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		c.Files = nil // what it does with none
	})
	token := h.token("ann", "")
	got := h.bytes("POST /v1/rooms/lobby/files/a.txt HTTP/1.1\r\nHost: " + h.at + "\r\nAuthorization: Bearer " + token + "\r\nContent-Length: 1\r\n\r\nx")
	if got != "" {
		t.Errorf("an answer: %q", got)
	}
	h.ask("GET", "/healthz", "", "").want(t, 200)
	if text := log.String(); !strings.Contains(text, "level=ERROR") || !strings.Contains(text, "/v1/rooms/lobby/files/a.txt") || strings.Contains(text, token) {
		t.Errorf("the log: %s", text)
	}
}

// safeBuffer takes a log from several goroutines.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// Both sides close at once, and one of them again and again: there is one close frame, and the end.
func TestClosingRaces(t *testing.T) {
	h := newHouse(t, accounts.Open)
	for range 20 {
		token := h.token("", "")
		p := h.enter(`"token":"` + token + `"`)
		p.expect(`"type":"welcome"`)
		var asking sync.WaitGroup
		asking.Go(func() {
			_ = h.desk.End(context.Background(), parley.LoginID(field(t, h.ask("GET", "/v1/me", token, "").text, "session")))
		})
		closing := frame.AppendMasked(nil, ws.OpClose, ws.NewCloseFrameBody(ws.StatusNormalClosure, "bye"), ws.NewMask())
		_, _ = p.conn.Write(bytes.Repeat(closing, 3))
		all := make([]byte, 0, 4096)
		buf := make([]byte, 4096)
		for {
			_ = p.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
			n, err := p.conn.Read(buf)
			all = append(all, buf[:n]...)
			if err == io.EOF {
				break
			}
			must(t, err)
		}
		asking.Wait()
		if n := bytes.Count(all, []byte{0x88, 2, 3, 0xe8}) + bytes.Count(all, []byte("you were logged out\"")); n != 1 {
			t.Fatalf("%d ends in %q", n, all)
		}
	}
}
