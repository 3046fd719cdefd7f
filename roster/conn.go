package roster

import (
	"net/netip"
	"time"
)

// conn is what is needed of one client's connection, a *transport.Conn. Send and Close may be called from any goroutine, the
// others from one at a time.
type conn interface {
	// Next waits for bytes, which are valid until it is called again. The error is io.EOF when the client has closed its
	// side, and os.ErrDeadlineExceeded when the read deadline has passed; then the connection can still be used.
	Next() ([]byte, error)
	// SetReadDeadline sets when Next stops waiting; the zero time is never.
	SetReadDeadline(t time.Time) error
	// Send queues parts, in order, and never blocks. The byte slices must not change any more.
	Send(parts [][]byte)
	// Close ends the connection once what is queued has been sent, for a reason that the log shows. The first call counts.
	Close(reason error)
	// Done is closed when the connection is gone.
	Done() <-chan struct{}
	// RemoteAddr is the client's address.
	RemoteAddr() netip.AddrPort
	// LocalAddr is the address that the client came to.
	LocalAddr() netip.AddrPort
}
