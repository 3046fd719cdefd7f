package transport

import (
	"crypto/tls"
	"io"
	"net"
	"net/netip"
)

// Recording is told of what goes over one connection, above TLS where there is TLS. None of its methods may wait; they are called by
// any goroutine, in each direction in the order of what goes there, and must not keep the bytes.
type Recording interface {
	// Received tells what has come, and how reading ended: nil, io.EOF, or what failed.
	Received(p []byte, err error)
	// Sent tells what was handed over, and how sending ended: nil, io.EOF, or what failed.
	Sent(p []byte, err error)
	// Closed tells that the connection is closed.
	Closed()
}

// recorded is a link that tells. It sends files by reading them, so that what is in them is told too.
type recorded struct {
	link
	to Recording
}

// record gives the link for nc, and has it tell where somebody wants to know.
func record(nc net.Conn, t *terms) link {
	l := newLink(nc)
	if t.Tap == nil {
		return l
	}
	return &recorded{l, t.Tap(addrPort(nc.LocalAddr()), addrPort(nc.RemoteAddr()))}
}

func (r *recorded) read(in *intake) (int, error) {
	n, err := r.link.read(in)
	if err != nil {
		r.to.Received(nil, err)
	} else {
		r.to.Received(in.held.space[:n], nil)
	}
	return n, err
}

func (r *recorded) try(parts [][]byte) (int, error) {
	n, err := r.link.try(parts)
	r.sent(parts, n, err)
	return n, err
}

func (r *recorded) write(parts [][]byte) (int, error) {
	n, err := r.link.write(parts)
	r.sent(parts, n, err)
	return n, err
}

// sent tells of the first n bytes of parts, as one piece.
func (r *recorded) sent(parts [][]byte, n int, err error) {
	if len(parts) == 1 {
		r.to.Sent(parts[0][:n], err)
		return
	}
	whole := make([]byte, 0, n)
	for _, p := range parts {
		whole = append(whole, p[:min(len(p), n-len(whole))]...)
	}
	r.to.Sent(whole, err)
}

// interject tells of what was sent by it.
func (r *recorded) interject(p []byte) (n int) {
	if i, ok := r.link.(interjector); ok {
		n = i.interject(p)
		r.to.Sent(p[:n], nil)
	}
	return n
}

func (r *recorded) closeWrite() error {
	r.to.Sent(nil, io.EOF)
	return r.link.closeWrite()
}

func (r *recorded) abort() {
	r.to.Closed()
	r.link.abort()
}

// recordRefusal tells of a connection that was sent text and nothing else. What it sends itself is not looked at.
func (t *terms) recordRefusal(nc net.Conn, text []byte) {
	if t.Tap == nil {
		return
	}
	r := t.Tap(addrPort(nc.LocalAddr()), addrPort(nc.RemoteAddr()))
	r.Sent(text, nil)
	r.Closed()
}

// tlsUnder gives the TLS connection that a link runs over, nil where there is none.
func tlsUnder(l link) *tls.Conn {
	if r, ok := l.(*recorded); ok {
		l = r.link
	}
	if s, ok := l.(*stream); ok {
		t, _ := s.Conn.(*tls.Conn)
		return t
	}
	return nil
}

// Tap makes a Recording of a connection that was accepted.
type Tap func(local, remote netip.AddrPort) Recording
