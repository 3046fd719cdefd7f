package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley/accounts"
	"parley/web"
)

// from sets headers as a browser does that shows a page of some origin.
func from(origin, site string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Origin", origin)
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
			r.Header.Set("Sec-Fetch-Mode", "cors")
		}
	}
}

// A page of somebody else's, open in the browser of somebody who may log in here, asks for everything it can.
func TestPagesOfOtherSitesGetNothing(t *testing.T) {
	h := newHouse(t, accounts.Open)
	token := h.token("ann", "")
	for _, page := range []func(*http.Request){
		from("http://evil.example", ""), from("http://evil.example", "cross-site"), from("null", ""), from("http://"+h.at+".evil.example", ""),
		from("http://127.0.0.1:1", ""), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		func(r *http.Request) { r.Header["Origin"] = []string{"http://" + h.at, "http://evil.example"} },
	} {
		h.ask("POST", "/v1/rooms/lobby/messages", token, `{"text":"from elsewhere"}`, page).want(t, 403, `another site`)
		h.ask("GET", "/v1/rooms/lobby/messages", token, "", page).want(t, 403)
		h.ask("POST", "/v1/sessions", "", `{"name":"eve"}`, page).want(t, 403)
	}
	h.ask("POST", "/v1/rooms/lobby/messages", token, `{"text":"from here"}`, from("http://"+h.at, "same-origin")).want(t, 201, `"number":1`)
}

func TestPagesOfOtherSitesGetNoWebSocket(t *testing.T) {
	h := newHouse(t, accounts.Open)
	for origin, want := range map[string]bool{
		"http://" + h.at: true, "http://evil.example": false, "null": false, "https://evil.example:7275": false,
	} {
		dialer := ws.Dialer{Header: ws.HandshakeHeaderHTTP{"Origin": {origin}}}
		conn, _, _, err := dialer.Dial(context.Background(), "ws://"+h.at+"/v1/socket")
		if (err == nil) != want {
			t.Errorf("a page of %s: %v", origin, err)
		}
		if conn != nil {
			_ = conn.Close()
		}
	}
}

// A name of somebody else's leads to this server (DNS rebinding): for the browser their page and the server are one site.
func TestTheServerAnswersToItsOwnNamesAlone(t *testing.T) {
	h := newHouse(t, accounts.Open, func(c *web.Config) {
		c.PublicNames = []string{"Chat.Example."}
		c.GoesBy = func(host string) bool { return host == "parley-kitchen.local" }
	})
	_, port, _ := net.SplitHostPort(h.at)
	for host, status := range map[string]int{
		h.at: 200, "localhost:" + port: 200, "LOCALHOST": 200, "app.localhost": 200, "[::1]:" + port: 200, "127.0.0.9": 200,
		"chat.example": 200, "CHAT.example.:" + port: 200,
		"Parley-Kitchen.local.:" + port: 200, "kitchen.local": 421,
		"evil.example": 421, "localhost.evil.example": 421, "192.0.2.7": 421, "chat.example.evil.example": 421,
	} {
		h.ask("GET", "/healthz", "", "", func(r *http.Request) { r.Host = host }).want(t, status)
	}
	h.ask("GET", "/healthz", "", "", func(r *http.Request) { r.Host = "evil.example" }).want(t, 421, `--public-name`, `"code":"misdirected"`)
}

// What a browser sends by itself must count for nothing.
func TestNoCookieOpensAnything(t *testing.T) {
	h := newHouse(t, accounts.Open)
	token := h.token("ann", "")
	for _, name := range []string{"token", "session", "parley", "Authorization"} {
		h.ask("GET", "/v1/me", "", "", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: token}) }).want(t, 401)
	}
	h.ask("GET", "/v1/me?token="+token+"&access_token="+token, "", "").want(t, 401)
	for _, a := range []answer{h.ask("POST", "/v1/sessions", "", `{"name":"bob"}`), h.ask("GET", "/v1/me", token, "")} {
		if len(a.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("a cookie: %q", a.Header.Values("Set-Cookie"))
		}
	}
}

// A form of another page's can send a body, but not say that it is JSON.
func TestAFormOfAnotherPageChangesNothing(t *testing.T) {
	h := newHouse(t, accounts.Open)
	for _, media := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		h.ask("POST", "/v1/sessions", "", `{"name":"eve"}`, func(r *http.Request) { r.Header.Set("Content-Type", media) }).want(t, 400)
	}
}

// Somebody plants a token of theirs and waits for the victim to log in with it.
func TestLoggingInAlwaysMakesANewToken(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.account("ann", "member")
	planted := h.token("eve", "")
	a := h.ask("POST", "/v1/sessions", planted, `{"name":"ann","password":"annannann"}`).want(t, 201)
	if field(t, a.text, "token") == planted {
		t.Error("the planted token is the victim's now")
	}
	h.ask("GET", "/v1/me", planted, "").want(t, 200, `"name":"eve"`)
}

func TestEveryAnswerCarriesTheHeadersThatProtect(t *testing.T) {
	h := newHouse(t, accounts.Open)
	token := h.token("ann", "")
	for _, a := range []answer{
		h.ask("GET", "/healthz", "", ""), h.ask("GET", "/v1/me", token, ""), h.ask("GET", "/nothing", "", ""),
		h.ask("GET", "/v1/openapi.json", "", ""), h.ask("GET", "/v1/me", "wrong", ""),
		h.ask("GET", "/healthz", "", "", func(r *http.Request) { r.Host = "evil.example" }),
	} {
		for name, part := range map[string]string{
			"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if !strings.Contains(a.Header.Get(name), part) {
				t.Errorf("%s: %s is %q", a.Request.URL.Path, name, a.Header.Get(name))
			}
		}
		if csp := a.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("the policy lets in too much: %s", csp)
		}
	}
}

// raw sends bytes as they are, in parts, and gives all that comes back.
func (h *house) raw(request ...string) string {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.at)
	must(h.t, err)
	defer conn.Close()
	for _, part := range request {
		_, _ = io.WriteString(conn, part) // the server may have had enough before the end
	}
	must(h.t, conn.SetReadDeadline(time.Now().Add(30*time.Second)))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return "closed"
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response.Status + "\n" + fmt.Sprint(response.Header) + "\n" + string(text)
}

func TestRequestsThatAreTooMuchAreRefused(t *testing.T) {
	h := newHouse(t, accounts.Open)
	token := h.token("ann", "")
	if got := h.raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n"); !strings.HasPrefix(got, "431") {
		t.Errorf("a head of 64 KiB: %s", got)
	}
	h.ask("POST", "/v1/rooms/lobby/messages", token, `{"text":"`+strings.Repeat("x", 300<<10)+`"}`).want(t, 413, `"code":"too-long"`)
	h.ask("POST", "/v1/rooms/lobby/messages", token, `{"text":"`+strings.Repeat("x", 70<<10)+`"}`).want(t, 413)
	h.ask("POST", "/v1/rooms/lobby/messages", token, strings.Repeat(`{"text":`, 10_000)).want(t, 400)
	h.ask("POST", "/v1/rooms/lobby/messages", token, strings.Repeat(`[`, 100_000)).want(t, 400)
	h.ask("POST", "/v1/rooms/lobby/messages", token, `{"text":"a","text":"b"}`).want(t, 400)
	h.ask("POST", "/v1/rooms/lobby/messages", token, "{\"text\":\"\xff\"}").want(t, 400)
	h.ask("POST", "/v1/rooms/lobby/messages", token, "null").want(t, 400)
}

// Half a head is no request, however slowly it comes: the connection ends, and others are served meanwhile.
func TestASlowHeadEndsItsConnectionAlone(t *testing.T) {
	h := newHouse(t, accounts.Open, func(c *web.Config) { c.HeaderTimeout = 50 * time.Millisecond })
	slow, err := net.Dial("tcp", h.at)
	must(t, err)
	defer slow.Close()
	_, err = io.WriteString(slow, "GET /healthz HTTP/1.1\r\nHost: loc")
	must(t, err)
	h.ask("GET", "/healthz", "", "").want(t, 200)
	must(t, slow.SetReadDeadline(time.Now().Add(30*time.Second)))
	if _, err := io.ReadAll(slow); err != nil {
		t.Errorf("the connection stays: %v", err)
	}
}

func TestNothingThatIsSentBecomesAHeader(t *testing.T) {
	h := newHouse(t, accounts.Open)
	token := h.token("ann", "")
	for _, path := range []string{
		"/v1/rooms/lobby%0d%0aX-Evil:%201/messages", "/v1/rooms/lobby/messages?order=a%0d%0aX-Evil:%201",
		"/v1/rooms/lobby/files/a%0d%0aX-Evil:%201", "/v1/accounts/a%0d%0aX-Evil:%201", "/%0d%0aX-Evil:%201",
	} {
		if a := h.ask("GET", path, token, ""); a.Header.Get("X-Evil") != "" || a.StatusCode < 400 {
			t.Errorf("%s: %s %v", path, a.Status, a.Header)
		}
	}
	got := h.raw("GET /healthz HTTP/1.1\r\nHost: evil.example\x1b[2J\r\n\r\n")
	if strings.Contains(got, "\x1b") {
		t.Errorf("an escape character comes back: %q", got)
	}
}
