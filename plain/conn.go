package plain

import (
	"context"
	"io"
	"net/netip"
	"time"
)

// conn is what a session needs of one client's connection; it is part of *transport.Conn. Send may be called from any
// goroutine, the others from the session's.
type conn interface {
	// Wait waits until Next does not wait.
	Wait()
	// Next waits for bytes, which are valid until it is called again. The error is io.EOF when the client has closed
	// its side, os.ErrDeadlineExceeded when the read deadline has passed and the connection can still be used, and
	// otherwise why the connection has ended.
	Next() ([]byte, error)
	// SetReadDeadline sets when Wait and Next stop waiting; the zero time is never.
	SetReadDeadline(t time.Time) error
	// Send queues parts, in order, and never blocks. The byte slices must not change any more.
	Send(parts [][]byte)
	// Flush waits until everything queued is on its way.
	Flush(ctx context.Context) error
	// Copy sends exactly n bytes of r behind what is queued, and waits until they are on their way. With an error the
	// connection has ended.
	Copy(ctx context.Context, r io.Reader, n int64) error
	// Close ends the connection once what is queued has been sent, for a reason that the log shows. The first call
	// counts.
	Close(reason error)
	// Done is closed when the connection is gone.
	Done() <-chan struct{}
	// RemoteAddr is the client's address.
	RemoteAddr() netip.AddrPort
	// LocalAddr is the address that the client came to.
	LocalAddr() netip.AddrPort
}
