package doctor

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/client"
	"parley/server"
)

// host is a server for one test, at 127.0.0.1.
type host struct {
	t     *testing.T
	ports map[string]string // by scheme
	data  string
}

// runHost runs a server with a listener for each scheme, until the test ends.
func runHost(t *testing.T, c server.Config, schemes ...string) *host {
	t.Helper()
	h := &host{t: t, ports: make(map[string]string), data: t.TempDir()}
	c.Data = h.data
	for _, s := range schemes {
		c.Listen = append(c.Listen, s+"://127.0.0.1:0")
	}
	s, err := server.New(t.Context(), c, server.Environment{Stdin: strings.NewReader(""), Stdout: io.Discard,
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`parley join (\S+)://127\.0\.0\.1:(\d+)`).FindAllStringSubmatch(s.Banner(), -1) {
		h.ports[m[1]] = m[2]
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return h
}

// url gives the URL by which one joins by a scheme at the port of the same, or of another.
func (h *host) url(scheme string, portOf ...string) string {
	return scheme + "://127.0.0.1:" + h.ports[append(portOf, scheme)[0]]
}

// visitor makes a visit to a URL by somebody who has been nowhere.
func visitor(t *testing.T, to string) Visit {
	t.Helper()
	target, err := client.ParseTarget(to)
	if err != nil {
		t.Fatal(err)
	}
	return Visit{Target: target, PinsFile: filepath.Join(t.TempDir(), "none", "known_servers"), System: "linux", Now: time.Now}
}

// look makes a visit.
func look(t *testing.T, v Visit) []Finding {
	t.Helper()
	return Run(t.Context(), time.Minute, v.Checks())
}

// wantOne fails unless a check has found one thing that is so, where cause and remedy are parts of what it says.
func wantOne(t *testing.T, found []Finding, check string, status Status, cause, remedy string) {
	t.Helper()
	for _, f := range found {
		if f.Check != check {
			continue
		}
		if f.Status != status || !strings.Contains(f.Cause, cause) || !strings.Contains(f.Remedy, remedy) {
			t.Errorf("%s: %s, %q, remedy %q; want %s, %q, %q", check, f.Status, f.Cause, f.Remedy, status, cause, remedy)
		}
		return
	}
	t.Errorf("%s has found nothing", check)
}

// names is a resolver that knows what it is told.
type names map[string][]netip.Addr

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if found, ok := n[host]; ok {
		return found, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

var here = netip.MustParseAddr("127.0.0.1")

// On the way to a healthy server nothing is wrong, on each protocol, and nobody is remembered.
func TestAHealthyServer(t *testing.T) {
	h := runHost(t, server.Config{}, "plain", "roster", "http", "https", "plain+tls")
	for scheme := range h.ports {
		v := visitor(t, h.url(scheme))
		found := look(t, v)
		for _, f := range found {
			if f.Status != OK && f.Status != Skipped {
				t.Errorf("%s: %+v", scheme, f)
			}
		}
		wantOne(t, found, "answer", OK, "it is Parley, and speaks "+scheme+"://", "")
		if scheme == "https" {
			wantOne(t, found, "certificate", OK, "not known here: the authority of 127.0.0.1", "")
			wantOne(t, found, "clock", OK, "the server's clock ", "")
			wantOne(t, found, "version", OK, "version 1 of the interface", "")
		}
		if _, err := os.Stat(filepath.Dir(v.PinsFile)); err == nil {
			t.Errorf("%s: somebody was remembered", scheme)
		}
	}
}

// TLS where none is asked for, none where it is, and one protocol for another: the right URL is named.
func TestMixedUp(t *testing.T) {
	h := runHost(t, server.Config{}, "plain", "roster", "http", "https", "plain+tls")
	for _, c := range []struct{ asked, there, check, cause string }{
		{"http", "https", "answer", "TLS is spoken there, and the URL asks for none"},
		{"plain", "https", "answer", "it is Parley, and speaks https:// there"},
		{"plain", "plain+tls", "answer", "TLS is spoken there, and the URL asks for none"},
		{"https", "http", "tls", "no TLS is spoken there: it is Parley's http://"},
		{"plain+tls", "plain", "tls", "no TLS is spoken there: it is Parley's plain://"},
		{"roster", "plain", "answer", "it is Parley, and speaks plain:// there"},
		{"http", "roster", "answer", "it is Parley, and speaks roster:// there"},
		{"plain", "http", "answer", "it is Parley, and speaks http:// there"},
		{"plain+tls", "https", "answer", "it is Parley, and speaks https:// there"},
	} {
		found := look(t, visitor(t, h.url(c.asked, c.there)))
		wantOne(t, found, c.check, Wrong, c.cause, "parley join "+h.url(c.there))
	}
}

// otherProgram runs a program that is not Parley, and gives its address. It says something to whoever comes and, where it
// hangs up, ends the connection; otherwise it waits until they do.
func otherProgram(t *testing.T, says string, hangsUp bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, says)
			if !hangsUp {
				_, _ = io.Copy(io.Discard, conn)
			}
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
	})
	return l.Addr().String()
}

// Another program at the port is named by how it begins.
func TestAnotherProgram(t *testing.T) {
	for says, want := range map[string]string{
		"SSH-2.0-OpenSSH_9.2\r\n":    "an SSH server, which says “SSH-2.0-OpenSSH_9.2”",
		"220 mail.example ESMTP\r\n": "a mail or FTP server",
		"* OK IMAP4rev1 ready\r\n":   "an IMAP server",
		":irc.example NOTICE * :hi":  "an IRC server",
		"\x1b[2Jhello\r\n":           "another program, which says “\uFFFD[2Jhello”",
		strings.Repeat("x", 1<<20):   "another program, which says “" + strings.Repeat("x", 60) + "…”",
		"HTTP/1.1 nonsense\r\n\r\n":  "another program, which says “HTTP/1.1 nonsense”",
		"\x00\x01\x02":               "another program",
	} {
		at := otherProgram(t, says, true)
		wantOne(t, look(t, visitor(t, "plain://"+at)), "answer", Wrong, "it is not Parley that answers there: it is "+want,
			"parley doctor --listen plain://0.0.0.0:")
		wantOne(t, look(t, visitor(t, "https://"+at)), "tls", Wrong, "no TLS is spoken there, and it is not Parley", "parley doctor ")
	}
	wantOne(t, look(t, visitor(t, "plain://"+otherProgram(t, "", true))), "answer", Wrong, "hangs up at once", "")
	found := Run(t.Context(), time.Second, visitor(t, "plain://"+otherProgram(t, "", false)).Checks())
	wantOne(t, found, "answer", Wrong, "says nothing", "")
}

// A server that is full is Parley all the same, and says so on each protocol.
func TestAFullServer(t *testing.T) {
	for listen, want := range map[string]Status{"plain": Warn, "roster": Warn, "http": Warn, "https": Wrong} {
		h := runHost(t, server.Config{Listen: []string{listen + "://127.0.0.1:0?clients=1"}})
		v := visitor(t, h.url(listen))
		first, err := net.Dial("tcp", v.Target.Address())
		if err != nil {
			t.Fatal(err)
		}
		check, cause := "answer", "it is Parley, and says: server is full (1 clients)"
		if v.Target.TLS { // where nothing can be said before TLS has begun
			check, cause = "tls", "a server that is full"
		}
		wantOne(t, look(t, v), check, want, cause, "")
		_ = first.Close()
	}
}

// webServer runs a web server that is not Parley, or pretends to be.
func webServer(t *testing.T, secure bool, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewUnstartedServer(answer)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s.URL
}

// A web server at the port is no Parley, with TLS or without.
func TestAWebServer(t *testing.T) {
	nginx := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Server", "nginx")
		http.NotFound(w, nil)
	}
	at := webServer(t, false, nginx)
	wantOne(t, look(t, visitor(t, at)), "answer", Wrong, "it is a web server that calls itself nginx", "parley doctor ")
	at = webServer(t, true, nginx)
	wantOne(t, look(t, visitor(t, at)), "answer", Wrong, "it is a web server that calls itself nginx", "parley doctor ")
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	wantOne(t, look(t, visitor(t, "plain://"+u.Host)), "answer", Wrong, "TLS is spoken there", "parley join plain+tls://")
}

// A clock that is wrong by an hour, on either side; one that is a little off; and a server that does not tell.
func TestClocks(t *testing.T) {
	h := runHost(t, server.Config{}, "http")
	v := visitor(t, h.url("http"))
	v.Now = func() time.Time { return time.Now().Add(-time.Hour) }
	wantOne(t, look(t, v), "clock", Wrong, "ahead of this machine's", "sudo timedatectl set-ntp true")

	described := `{"info": {"title": "Parley", "version": "1"}}`
	for ahead, want := range map[time.Duration]Finding{
		-time.Hour:      {Status: Wrong, Cause: "behind this machine's"},
		5 * time.Minute: {Status: Warn, Cause: "ahead of this machine's"},
		0:               {Status: OK, Cause: "the same"},
	} {
		at := webServer(t, false, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
			_, _ = io.WriteString(w, described)
		})
		wantOne(t, look(t, visitor(t, at)), "clock", want.Status, want.Cause, "")
	}
	at := webServer(t, false, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		_, _ = io.WriteString(w, described)
	})
	wantOne(t, look(t, visitor(t, at)), "clock", Skipped, "tell the time", "")
}

// A server of another time is told by the version of its interface.
func TestVersion(t *testing.T) {
	at := webServer(t, false, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"info": {"title": "Parley", "version": "2\u001b[2J"}}`)
	})
	wantOne(t, look(t, visitor(t, at)), "version", Wrong, "it speaks version 2\uFFFD[2J of the interface, and this program version 1",
		"parley version")
}

// A name that leads nowhere, one that nobody answers for, and a name server that is silent.
func TestNames(t *testing.T) {
	v := visitor(t, "http://chat.example")
	v.Resolver = names{}
	found := look(t, v)
	wantOne(t, found, "name", Wrong, "the name leads to no address", "getent ahosts chat.example")
	wantOne(t, found, "certificate", Skipped, ": name", "")

	v = visitor(t, "http://kitchen.local")
	v.Resolver = names{}
	wantOne(t, look(t, v), "name", Wrong, "nobody on the local network answers to the name", "parley join")

	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	v = visitor(t, "http://chat.example")
	v.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return net.Dial("udp", silent.LocalAddr().String())
	}}
	wantOne(t, Run(t.Context(), 100*time.Millisecond, v.Checks()), "name", Wrong, "the name server does not answer", "resolv.conf")
}

// A server that listens on one family alone of those that its name leads to.
func TestOneFamilyAlone(t *testing.T) {
	h := runHost(t, server.Config{}, "plain")
	v := visitor(t, "plain://localhost:"+h.ports["plain"])
	v.Resolver = names{"localhost": {netip.IPv6Loopback(), here}}
	found := look(t, v)
	wantOne(t, found, "address", Warn, "127.0.0.1:"+h.ports["plain"]+" answers, but [::1]:"+h.ports["plain"], "parley doctor")
	wantOne(t, found, "answer", OK, "it is Parley", "")
}

// A name that the server does not go by.
func TestAnUnknownName(t *testing.T) {
	h := runHost(t, server.Config{}, "http")
	v := visitor(t, "http://chat.example:"+h.ports["http"])
	v.Resolver = names{"chat.example": {here}}
	wantOne(t, look(t, v), "answer", Wrong, "does not go by the name chat.example", "parley serve --public-name chat.example")
}

// Nobody listens: over TCP and over UDP that comes back. Where somebody takes datagrams, no more can be known.
func TestRefused(t *testing.T) {
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.LocalAddr().String()
	wantOne(t, look(t, visitor(t, "plain+udp://"+at)), "address", Skipped, "nobody refuses", "")
	_ = l.Close()
	wantOne(t, look(t, visitor(t, "plain+udp://"+at)), "address", Wrong, "refuses", "parley doctor --listen plain+udp://0.0.0.0:")
	wantOne(t, look(t, visitor(t, "plain://"+at)), "address", Wrong, "refuses", "parley doctor --listen plain://0.0.0.0:")
}

// What keeps this machine from an address is judged alike on every system, and each of them has a command.
func TestObstacles(t *testing.T) {
	at := netip.AddrPortFrom(here, 8001)
	for _, s := range []string{"linux", "darwin", "windows"} {
		v := visitor(t, "plain://127.0.0.1:8001")
		v.System = s
		seen := make(map[string]bool)
		for o := refused; o <= otherwise; o++ {
			f := (&journey{Visit: v}).judgeUnreached(o, at, errors.New("x"))
			if f.Status != Wrong || f.Remedy == "" || o.words() == "" || seen[f.Cause] {
				t.Errorf("%s, %d: %+v", s, o, f)
			}
			seen[f.Cause] = true
		}
	}
	if o := unreached(context.DeadlineExceeded); o != unanswered {
		t.Error(o)
	}
	if o := unreached(io.EOF); o != otherwise {
		t.Error(o)
	}
}

// FuzzAnswer judges what strangers say.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte("SSH-2.0-x"), true)
	f.Add([]byte("welcome\nHTTP/1.1 400 Bad Request\r\n\r\nTo join it, run: parley join plain+tls://h:1\n"), true)
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"), false)
	f.Add([]byte{0x15, 0x03, 0x03, 0, 2, 2, 70}, true)
	j := &journey{Visit: Visit{Target: client.Target{Scheme: client.SchemePlain, Host: "h", Port: 1}, System: runtime.GOOS}}
	f.Fuzz(func(t *testing.T, said []byte, over bool) {
		if got := j.judge(judgeAnswer(said, over)); got.Cause == "" || got.Status == Skipped {
			t.Errorf("%+v", got)
		}
	})
}
