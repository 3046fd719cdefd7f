package web_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/accounts"
	"parley/web"
	"parley/web/frame"
)

const upgrade = "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// A request for a WebSocket is read in one way where it comes whole and in another where it does not. The answer is the same,
// wherever it was cut; the key's is that of RFC 6455, section 1.3.
func TestAnUpgradeThatIsCutAnywhereIsAnUpgrade(t *testing.T) {
	h := newHouse(t, accounts.Open)
	for i := range len(upgrade) {
		c, err := net.Dial("tcp", h.at)
		must(t, err)
		for _, part := range []string{upgrade[:i], upgrade[i:]} {
			_, err = io.WriteString(c, part)
			must(t, err)
		}
		const want = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
		got := make([]byte, len(want))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
			t.Fatalf("cut at %d: %q, %v", i, got, err)
		}
		must(t, c.Close())
	}
	h.stop() // and everything is counted
	if counts := h.door.Counts().Requests; counts[web.Answer{Operation: "socket", Status: 101}] != int64(len(upgrade)) {
		t.Errorf("counted %v", counts)
	}
}

// What is wrong with a request for a WebSocket is found wherever it is read: from another page, for another host, for two, with a
// body, of another version.
func TestAnUpgradeThatIsWrongIsRefusedWhole(t *testing.T) {
	h := newHouse(t, accounts.Open)
	for _, test := range []struct{ old, new, want string }{
		{"Host: localhost", "Host: localhost\r\nOrigin: http://evil.example", "403"},
		{"Host: localhost", "Host: evil.example", "421"},
		{"Host: localhost", "Host: localhost\r\nHost: evil.example", "400"},
		{"Host: localhost", "Host: evil.example\r\nhost: localhost", "400"},
		{"Host: localhost", "Host: localhost\r\nContent-Length: 3", "400"},
		{"Host: localhost", "Host: localhost\r\nTransfer-Encoding: chunked", "400"},
		{"Version: 13", "Version: 8", "426"},
		{"HTTP/1.1", "HTTP/1.0", "400"},
		{"Key: dGhl", "Key: ", "400"},
		{"HTTP/1.1", "HTTP/2.0", "505"},
		{"HTTP/1.1", "HTTP/3.7", "505"},
		{"Host: localhost", "Host: localhost\r\nHost : evil", "400"},
		{"Host: localhost", "Host: localhost\r\nTransfer-Encoding : chunked", "400"},
		{"Host: localhost", "Host: localhost\r\nContent-Length : 3", "400"},
		{"Host: localhost", "Host: localhost:<a b>", "400"},
		{"Host: localhost", "Host: localhost\r\nExpect: nonsense", "417"},
	} {
		request := strings.Replace(upgrade, test.old, test.new, 1)
		for _, cut := range []int{0, 30} {
			if got := h.raw(request[:cut], request[cut:]); !strings.HasPrefix(got, test.want) {
				t.Errorf("with %q, cut at %d: %.40s, want %s", test.new, cut, got, test.want)
			}
		}
	}
}

// Bytes behind a head are not lost, whatever ends its lines.
func TestNothingBehindAnUpgradeIsLost(t *testing.T) {
	h := newHouse(t, accounts.Open)
	for _, head := range []string{upgrade, strings.ReplaceAll(upgrade, "\r\n", "\n")} {
		c, err := net.Dial("tcp", h.at)
		must(t, err)
		defer c.Close()
		says := head
		for _, text := range []string{"one", "\r\n\r\n", "three"} {
			says += string(frame.AppendMasked(nil, ws.OpPing, []byte(text), ws.NewMask()))
		}
		_, err = io.WriteString(c, says)
		must(t, err)
		want := "\r\n\r\n\x8a\x03one\x8a\x04\r\n\r\n\x8a\x05three"
		var got []byte
		for !strings.HasSuffix(string(got), want) {
			b := make([]byte, 512)
			n, err := c.Read(b)
			must(t, err)
			got = append(got, b[:n]...)
		}
	}
}

// stuckAccounts is a store of accounts that does not answer.
type stuckAccounts struct {
	web.Accounts
	asked chan struct{}
	free  chan struct{}
}

func (s stuckAccounts) Guest(ctx context.Context, name parley.Name) (parley.Identity, error) {
	s.asked <- struct{}{}
	<-s.free
	return s.Accounts.Guest(ctx, name)
}

// When the store does not answer, nobody comes in; but whoever asks how the server is gets an answer. Those who waited come in
// once it does, be it much later: it was not they who were silent.
func TestAStuckStoreDoesNotSilenceTheServer(t *testing.T) {
	stuck := stuckAccounts{asked: make(chan struct{}, 1000), free: make(chan struct{})}
	var late atomic.Int64
	h := newHouse(t, accounts.Open, func(c *web.Config) {
		stuck.Accounts = c.Accounts
		c.Accounts = stuck
		c.Now = func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
	})
	var people []*person
	for range 50 {
		p := h.connect()
		p.say(`{"type":"hello"}`)
		people = append(people, p)
	}
	for range 32 {
		<-stuck.asked
	}
	h.ask("GET", "/healthz", "", "").want(t, 200)
	late.Store(int64(time.Hour))
	close(stuck.free)
	for _, p := range people {
		p.expect(`"type":"welcome"`)
		p.say(`{"type":"ping","id":"p"}`)
		p.expect(`"type":"pong"`)
	}
}

// Few come in at once, and nobody keeps their permit, whatever they do: a hundred of each kind of client that does something else than
// come in, at the same time, keep nobody out.
func TestNobodyKeepsOthersFromComingIn(t *testing.T) {
	h := newHouse(t, accounts.Open)
	hello := string(frame.AppendMasked(nil, ws.OpText, []byte(`{"type":"hello","name":"root","password":"wrong"}`), ws.NewMask()))
	pong := string(frame.AppendMasked(nil, ws.OpPong, nil, ws.NewMask()))
	empty := string(frame.AppendMasked(nil, ws.OpText, []byte("{}"), ws.NewMask()))
	filled := strings.Replace(upgrade, "\r\n\r\n", "\r\nX: ", 1) // a buffer to its last byte
	filled += strings.Repeat("x", 2048-len(filled)-4) + "\r\n\r\n"
	for i, says := range []string{
		"", "x", "hello\n", "\x16\x03\x01", "GET ", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", upgrade[:40], upgrade,
		upgrade + hello[:5], upgrade + hello, upgrade + "nonsense", filled, upgrade + strings.Repeat(pong, 2000),
		upgrade + strings.Repeat(empty, 2000), strings.Replace(upgrade, "13", "12", 1),
	} {
		for range 100 {
			c, err := net.Dial("tcp", h.at)
			must(t, err)
			defer c.Close()
			_, err = io.WriteString(c, says)
			must(t, err)
		}
		h.guest(fmt.Sprint("ann-", i))
	}
}

// Whoever has connected and said nothing when the server stops does not hold it up.
func TestSilenceDoesNotHoldUpTheStop(t *testing.T) {
	h := newHouse(t, accounts.Open)
	c, err := net.Dial("tcp", h.at)
	must(t, err)
	defer c.Close()
	h.ask("GET", "/healthz", "", "").want(t, 200)
	h.stop()
	must(t, c.SetReadDeadline(time.Now().Add(time.Minute)))
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("the connection stays: %v", err)
	}
}
