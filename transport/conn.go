package transport

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"parley"
)

// Conn is a connection. Any goroutine may call any of its methods at any time, but for Wait and Next, which one
// goroutine calls.
//
// It lives until Close or Cut. When the network fails first, what the peer sent before can still be read, nothing more
// can be sent, and Reason says why.
type Conn struct {
	link  link
	terms *terms

	reading sync.Mutex // held by whoever reads: Next, and after Close the lingering
	in      intake     // guarded by reading

	mu     sync.Mutex // guards everything below, and link.try
	phase  phase
	inFile bool   // the drain is in the middle of a file
	queue  *queue // nil while nothing is queued; the drain runs exactly while it is not nil
	reason error  // nil while alive
	done   chan struct{}
}

// phase is how far a connection's life has gone. It only grows; broken leads to closed, not to closing.
type phase uint8

const (
	open    phase = iota
	broken        // nothing can be sent any more; what the peer sent before can still be read
	closing       // nothing more is taken; what is queued is being sent
	closed        // the descriptor is closed, or about to be
	gone          // and no goroutine of the connection is left
)

// errEnded is the reason of a connection that ended for none.
var errEnded = parley.Errorf(parley.CodeClosed, "the connection was closed")

// longAgo is a deadline that has passed.
var longAgo = time.Unix(1, 0)

// NewConn makes a Conn of nc, which belongs to it from now on. It must be closed or cut in the end.
func NewConn(nc net.Conn, o ConnOptions) *Conn { return newConn(nc, newTerms(o)) }

func newConn(nc net.Conn, t *terms) *Conn {
	return &Conn{link: record(nc, t), terms: t, in: intake{pools: &t.buffers}}
}

// Wait waits until Next has something to give, without a wait of its own: bytes, or an error. It counts as Next, but needs a
// much smaller stack where there is no TLS, and holds no buffer there (see Step).
func (c *Conn) Wait() {
	if c.unreadable() != nil {
		return
	}
	c.reading.Lock()
	defer c.reading.Unlock()
	c.link.await(&c.in)
}

// Next waits for bytes from the peer. They are valid, and the caller's to change, until the next call of Next or
// Wait.
//
// The error is io.EOF when the peer has closed its side (sending to it may still work), os.ErrDeadlineExceeded when the
// read deadline has passed (after a new deadline, Next works again), and otherwise the reason for which the connection
// ended. Bytes that have come are given before an error that came after them, but not after Close or Cut.
func (c *Conn) Next() ([]byte, error) {
	if err := c.unreadable(); err != nil {
		return nil, err
	}
	c.reading.Lock()
	defer c.reading.Unlock()
	n, err := c.link.read(&c.in)
	if err != nil {
		c.in.giveBack()
		return nil, c.readError(err)
	}
	return c.in.filled(n), nil
}

// unreadable gives the reason of a connection that was closed or cut.
func (c *Conn) unreadable() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase >= closing {
		return c.reason
	}
	return nil
}

// readError gives what Next says of an error of reading.
func (c *Conn) readError(err error) error {
	switch reason := c.Reason(); {
	case reason != nil: // the deadline was Close's, or the error comes of closing
		return reason
	case err == io.EOF:
		return io.EOF
	case errors.Is(err, os.ErrDeadlineExceeded):
		return os.ErrDeadlineExceeded
	}
	c.fail(err)
	return c.Reason()
}

// SetReadDeadline sets when Next gives up, also for a Next that waits now; the zero time means never. After the end of
// the connection it does nothing, and the error is the reason.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != open {
		return c.reason
	}
	if err := c.link.SetReadDeadline(t); err != nil {
		return explain(err)
	}
	return nil
}

// Reason gives why the connection ended: what Close or Cut was called with first, or how the network failed. It is nil
// while the connection lives, and never afterwards.
func (c *Conn) Reason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reason
}

// Done gives a channel that is closed when the connection is gone: the descriptor is closed and no goroutine is left
// but those of its callers. The channel is made when it is first asked for.
func (c *Conn) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done == nil {
		c.done = make(chan struct{})
		if c.phase == gone {
			close(c.done)
		}
	}
	return c.done
}

// RemoteAddr gives the peer's address, an IPv4 address always as such. It is the zero AddrPort when there is none, as
// for net.Pipe.
func (c *Conn) RemoteAddr() netip.AddrPort { return addrPort(c.link.RemoteAddr()) }

// LocalAddr gives our own address, in the same way.
func (c *Conn) LocalAddr() netip.AddrPort { return addrPort(c.link.LocalAddr()) }

// tls gives the TLS connection that this one runs over, nil where there is none.
func (c *Conn) tls() *tls.Conn { return tlsUnder(c.link) }

// addrPort gives the address in a, unmapped.
func addrPort(a net.Addr) netip.AddrPort {
	n, ok := a.(interface{ AddrPort() netip.AddrPort })
	if !ok {
		return netip.AddrPort{}
	}
	ap := n.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
