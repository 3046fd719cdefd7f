package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"parley"
	"parley/transport"
)

// writeTimeout is how long one write to an HTTP client may take.
const writeTimeout = 60 * time.Second

// connection is what this package needs of a *transport.Conn, whose methods say what these do.
type connection interface {
	Wait()
	Next() ([]byte, error)
	SetReadDeadline(t time.Time) error
	Send(parts [][]byte)
	Flush(ctx context.Context) error
	Copy(ctx context.Context, source io.Reader, size int64) error
	Close(reason error)
	Done() <-chan struct{}
	RemoteAddr() netip.AddrPort
	LocalAddr() netip.AddrPort
}

var _ connection = (*transport.Conn)(nil)

// visit is a connection while it speaks HTTP, as net/http wants to have it: a net.Conn. It ends when net/http closes it, or when
// it becomes a WebSocket.
type visit struct {
	conn connection
	rest []byte        // read and not yet taken; the connection's memory, until its next Next
	over chan struct{} // closed at the end
	end  sync.Once
	next transport.Step // set before the end where it became a WebSocket

	pace transport.Pacer // of the requests
}

// newVisit makes a visit of a connection from which first has come.
func newVisit(c connection, first []byte) *visit {
	return &visit{conn: c, rest: first, over: make(chan struct{})}
}

// Read gives what the client sends. Errors are io.EOF, os.ErrDeadlineExceeded, or why the connection ended.
func (v *visit) Read(p []byte) (int, error) {
	if len(v.rest) == 0 {
		var err error
		if v.rest, err = v.conn.Next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, v.rest)
	v.rest = v.rest[n:]
	return n, nil
}

// Write sends p, and waits until the kernel has it: a client that does not read holds up its own answer, and nothing grows.
func (v *visit) Write(p []byte) (int, error) {
	v.conn.Send([][]byte{append([]byte(nil), p...)})
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	if err := v.conn.Flush(ctx); err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			v.conn.Close(parley.Wrap(parley.CodeSlowReader, err, "the client does not read"))
		}
		return 0, err
	}
	return len(p), nil
}

// ReadFrom sends what src gives. What is left of a file goes from the disk to the network without passing through this process,
// where the connection can do that. A client that takes nothing for as long as the connection allows ends it.
func (v *visit) ReadFrom(src io.Reader) (int64, error) {
	part, ok := src.(*io.LimitedReader)
	if !ok {
		return io.Copy(onlyWriter{v}, src)
	}
	n := part.N
	if err := v.conn.Copy(context.Background(), part.R, n); err != nil {
		return 0, err
	}
	part.N = 0
	return n, nil
}

// onlyWriter hides what else a writer can do.
type onlyWriter struct{ io.Writer }

// Close ends the connection once what was written has been sent.
func (v *visit) Close() error {
	v.conn.Close(parley.Wrap(parley.CodeClosed, io.EOF, "the HTTP connection is done"))
	v.finish(nil)
	return nil
}

// wait waits for the end of the visit, and gives what goes on with the connection then, if anything does.
func (v *visit) wait() transport.Step {
	select {
	case <-v.over:
		return v.next
	case <-v.conn.Done():
		return nil
	}
}

// finish ends the visit: next goes on with the connection, which has ended where it is nil.
func (v *visit) finish(next transport.Step) {
	v.end.Do(func() {
		v.next = next
		close(v.over)
	})
}

// LocalAddr is the address that the client came to.
func (v *visit) LocalAddr() net.Addr { return net.TCPAddrFromAddrPort(v.conn.LocalAddr()) }

// RemoteAddr is the client's address.
func (v *visit) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(v.conn.RemoteAddr()) }

// SetReadDeadline sets when Read gives up.
func (v *visit) SetReadDeadline(t time.Time) error { return v.conn.SetReadDeadline(t) }

// SetWriteDeadline does nothing: every write has writeTimeout.
func (v *visit) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline is SetReadDeadline.
func (v *visit) SetDeadline(t time.Time) error { return v.SetReadDeadline(t) }
