package web

import (
	"net"
	"sync"
)

// accepted hands connections that another listener has accepted to an http.Server: it is a net.Listener.
type accepted struct {
	visits chan *visit
	closed chan struct{}
	close  sync.Once
}

func newAccepted() *accepted {
	return &accepted{visits: make(chan *visit), closed: make(chan struct{})}
}

// offer hands v over; false when nobody takes connections any more.
func (a *accepted) offer(v *visit) bool {
	select {
	case a.visits <- v:
		return true
	case <-a.closed:
		return false
	}
}

// Accept waits for a connection. The error is net.ErrClosed.
func (a *accepted) Accept() (net.Conn, error) {
	select {
	case v := <-a.visits:
		return v, nil
	case <-a.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and offer. It is idempotent.
func (a *accepted) Close() error {
	a.close.Do(func() { close(a.closed) })
	return nil
}

// Addr is of no use here: the real listener knows it.
func (a *accepted) Addr() net.Addr { return &net.TCPAddr{} }
