package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/transport"
	"parley/web/frame"
)

// silent is a connection on which nothing comes, and that takes everything.
type silent struct{ done chan struct{} }

func (silent) Wait()                           {}
func (silent) Next() ([]byte, error)           { return nil, nil }
func (silent) SetReadDeadline(time.Time) error { return nil }
func (silent) Send([][]byte)                   {}
func (silent) Flush(context.Context) error     { return nil }
func (silent) Copy(context.Context, io.Reader, int64) error {
	return nil
}
func (silent) Close(error)                {}
func (c silent) Done() <-chan struct{}    { return c.done }
func (silent) RemoteAddr() netip.AddrPort { return netip.AddrPort{} }
func (silent) LocalAddr() netip.AddrPort  { return netip.AddrPort{} }

// bare is a Server that serves nobody.
func bare(t *testing.T, o Options) *Server {
	return &Server{Config: Config{Options: o}, log: slog.New(slog.NewTextHandler(t.Output(), nil))}
}

// held gives how long a client is held up by what it sends, read by read.
func held(t *testing.T, o Options, reads int, read func() []byte) time.Duration {
	t.Helper()
	k := newSocket(bare(t, o), silent{make(chan struct{})})
	k.clock.start(time.Now())
	began := time.Now()
	for range reads {
		if err := k.took(read(), nil); err != nil {
			t.Fatal(err)
		}
	}
	return time.Since(began)
}

func masked(op ws.OpCode, payload string) []byte {
	return frame.AppendMasked(nil, op, []byte(payload), ws.NewMask())
}

// Pings, and the empty frames into which a text can be cut, were counted by their six bytes: 170,000 a second from one
// connection, each of them work.
func TestEmptyFramesAreHeldUpLikeMessages(t *testing.T) {
	const reads, each = 100, 100
	least := time.Duration(reads*each*transport.MessageCost-transport.DefaultBurst) * time.Second / transport.DefaultRate
	for name, one := range map[string][]byte{
		"pings":           masked(ws.OpPing, ""),
		"pongs":           masked(ws.OpPong, ""),
		"empty fragments": {0, 0x80, 1, 2, 3, 4},
	} {
		synctest.Test(t, func(t *testing.T) {
			begun := name != "empty fragments"
			waited := held(t, Options{}, reads, func() []byte {
				read := []byte(strings.Repeat(string(one), each))
				if !begun {
					begun = true
					return append([]byte{1, 0x80, 1, 2, 3, 4}, read...) // a text that goes on
				}
				return read
			})
			if waited < least {
				t.Errorf("%s were held up for %v, not %v", name, waited, least)
			}
			if waited := held(t, Options{Unpaced: true}, reads, func() []byte { return masked(ws.OpPing, "") }); waited != 0 {
				t.Errorf("flood=off: held up for %v", waited)
			}
		})
	}
}

// A client began a text and went on for ever, a byte now and then: what had come was held in memory.
func TestATextHasToEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newSocket(bare(t, Options{}), silent{make(chan struct{})})
		k.clock.start(time.Now())
		var err error
		began := time.Now()
		for read := []byte{1, 0x80, 1, 2, 3, 4}; err == nil; read = append(masked(ws.OpPing, ""), 0, 0x80, 1, 2, 3, 4) {
			k.clock.began = time.Now() // as somebody who has said hello, for whom that time is over
			err = k.took(read, nil)
			time.Sleep(time.Second)
		}
		if took := time.Since(began); parley.CodeOf(err) != parley.CodeIdle || took > bodyTimeout+2*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

// Requests were not held up at all: one connection could ask as fast as it was answered.
func TestRequestsAreHeldUpLikeMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisit(silent{make(chan struct{})}, nil)
		const n = 3000
		ask := func(o Options, body string, media string) time.Duration {
			began := time.Now()
			guarded := bare(t, o).guard(http.NotFoundHandler())
			for range n {
				r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader(body))
				r.Header.Set("Content-Type", media)
				guarded.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
			}
			return time.Since(began)
		}
		least := time.Duration(n*requestCost-transport.DefaultBurst) * time.Second / transport.DefaultRate
		if waited := ask(Options{}, "", ""); waited < least {
			t.Errorf("held up for %v, not %v", waited, least)
		}
		time.Sleep(time.Hour)
		if waited := ask(Options{}, strings.Repeat("x", 1000), "application/json"); waited < 2*least {
			t.Errorf("with bodies: held up for %v", waited)
		}
		if waited := ask(Options{Unpaced: true}, "", ""); waited != 0 {
			t.Errorf("flood=off: held up for %v", waited)
		}
	})
}
