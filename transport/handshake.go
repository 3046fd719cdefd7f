package transport

import (
	"crypto/tls"
	"errors"
	"time"

	"parley"
)

// handshake does what TLS needs before the first byte. When it fails, the connection has been cut.
func (l *Listener) handshake(c *Conn, t *tls.Conn) bool {
	_ = t.SetDeadline(time.Now().Add(l.options.HandshakeTimeout))
	if err := t.Handshake(); err != nil {
		l.explainTLS(err)
		c.Cut(parley.Wrap(parley.CodeHandshake, err, "the TLS handshake failed"))
		return false
	}
	_ = t.SetDeadline(time.Time{})
	return true
}

// explainTLS tells a peer that does not speak TLS, in the clear, that it should: what it speaks may be its user's
// typing.
func (l *Listener) explainTLS(err error) {
	foreign, ok := errors.AsType[tls.RecordHeaderError](err)
	if !ok || foreign.Conn == nil || l.options.Refuse == nil {
		return
	}
	text := l.options.Refuse(parley.Wrap(parley.CodeWrongProtocol, foreign, "this listener speaks TLS only"))
	if len(text) > 0 {
		l.sayWhy(foreign.Conn, text)
		awaitEnd(foreign.Conn)
	}
}
