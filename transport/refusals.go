package transport

import (
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"parley"
)

// maxLingering is how many refused connections are kept for a moment, so that they can read why.
const maxLingering = 64

// refusals turns connections away, cheaply: there are many of them exactly when there is too much to do already. One
// goroutine serves them all.
type refusals struct {
	lingering chan net.Conn // told, and to be closed when the peer has closed them or their deadline has passed
	closer    sync.WaitGroup
	log       *slog.Logger
	logged    time.Time // when a refusal was logged last
	unlogged  int       // how many there were since then
}

// open starts the goroutine.
func (r *refusals) open() {
	r.lingering = make(chan net.Conn, maxLingering)
	r.closer.Go(func() {
		// One after the other will do: none waits beyond its deadline, and all deadlines run at the same time.
		for nc := range r.lingering {
			awaitEnd(nc)
		}
	})
}

// close waits until the last refused connection is closed.
func (r *refusals) close() {
	close(r.lingering)
	r.closer.Wait()
}

// refuse tells nc why it is not served, and closes it. Under TLS it only closes: text in the clear would be no TLS, and
// a handshake costs more than most of what the limit protects.
func (l *Listener) refuse(nc net.Conn, from netip.Addr, err *parley.Error) {
	l.refusals.note(from, err, time.Now())
	var text []byte
	if l.options.Refuse != nil && l.options.TLS == nil {
		text = l.options.Refuse(err)
	}
	l.terms.recordRefusal(nc, text)
	if len(text) == 0 {
		_ = nc.Close()
		return
	}
	l.sayWhy(nc, text)
	select {
	case l.refusals.lingering <- nc:
	default:
		_ = nc.Close() // a flood: whoever has sent something already may not get to read the text
	}
}

// note logs a refusal, at most once a second.
func (r *refusals) note(from netip.Addr, err *parley.Error, now time.Time) {
	if now.Sub(r.logged) < time.Second {
		r.unlogged++
		return
	}
	r.log.Warn("refused a connection", "from", from, "code", err.Code, "reason", err, "unlogged", r.unlogged)
	r.logged, r.unlogged = now, 0
}

// sayWhy sends text, which a new connection's buffer always takes, and the end.
func (l *Listener) sayWhy(nc net.Conn, text []byte) {
	_ = nc.SetDeadline(time.Now().Add(l.terms.linger))
	_, _ = nc.Write(text)
	if half, ok := nc.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// awaitEnd closes nc when the peer has closed it, or its deadline has passed. See lingerTimeout for why.
func awaitEnd(nc net.Conn) {
	_, _ = io.CopyN(io.Discard, nc, lingerLimit)
	_ = nc.Close()
}
