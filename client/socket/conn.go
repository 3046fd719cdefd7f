package socket

import (
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/web/frame"
	"parley/web/wire"
)

const (
	// silence is how long a server may say nothing until it is asked whether it is there, and then until it is given up.
	silence = 30 * time.Second
	// stall is how long a server may take none of what is sent to it.
	stall = 60 * time.Second
	// closeTime is how long what is queued may take to leave when the connection is closed in order.
	closeTime = time.Second
	// maxMessage is the longest message from a server, in bytes.
	maxMessage = 8 << 20
	// readSize is how much is read at once.
	readSize = 32 << 10
)

// Conn is one WebSocket connection. Next is called by one goroutine at a time, all other methods by any. It must be
// closed.
type Conn struct {
	conn   net.Conn
	frames frame.Reader
	buffer []byte
	asked  bool // a ping has not been answered yet
	heard  func()

	writing sync.WaitGroup
	more    chan struct{} // has something in it when out or leaving has changed
	closed  chan struct{}
	close   func()

	mu      sync.Mutex
	out     []byte // frames that wait to be written
	leaving bool   // the last frame has been queued
	failure error  // why writing has ended the connection
}

// newConn makes a Conn of a connection that is a WebSocket, on which early has come already.
func newConn(conn net.Conn, early []byte) *Conn {
	c := &Conn{
		conn: conn, frames: frame.Reader{Limit: maxMessage}, buffer: make([]byte, readSize), heard: func() {},
		more: make(chan struct{}, 1), closed: make(chan struct{}),
	}
	c.close = sync.OnceFunc(func() { close(c.closed) })
	c.frames.Feed(early)
	c.writing.Go(c.write)
	return c
}

// OnRead has f called after each read that brought something. It is called before the first Next.
func (c *Conn) OnRead(f func()) { c.heard = f }

// LocalAddr and RemoteAddr are those of the connection below.
func (c *Conn) LocalAddr() net.Addr { return c.conn.LocalAddr() }

// RemoteAddr is the server's.
func (c *Conn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }

// Send queues a message, and never waits. Whoever sends much bounds by the answers how much is on its way.
func (c *Conn) Send(m wire.ClientMessage) { c.queue(ws.OpText, m.Append(nil)) }

// Next waits for the next message, of a type that is known. Pings are answered, and sent when the server is silent. An
// error is final: an *parley.Error of CodeClosed where the server has closed or the connection broke, of CodeIdle where
// nothing comes any more, of CodeInvalid or CodeWrongProtocol where it does not speak this protocol.
func (c *Conn) Next() (wire.ServerMessage, error) {
	for {
		m, ok, err := c.frames.Next()
		if err == nil && !ok {
			if err = c.read(); err == nil {
				continue
			}
			return nil, c.reason(err)
		}
		if err != nil {
			return nil, parley.Wrap(parley.CodeWrongProtocol, err, "the server breaks the protocol: "+err.Error())
		}
		switch m.Kind {
		case frame.Text:
			message, err := wire.DecodeServer(m.Payload)
			if parley.CodeOf(err) == parley.CodeUnsupported { // a newer server's: it is to be passed over
				continue
			}
			return message, err
		case frame.Ping:
			c.queue(ws.OpPong, m.Payload)
		case frame.Close: // which is answered (RFC 6455, section 5.5.1)
			c.Leave()
			return nil, parley.Wrap(parley.CodeClosed, io.EOF, "the server has closed the connection")
		}
	}
}

// read feeds what comes next to the frame reader.
func (c *Conn) read() error {
	for {
		_ = c.conn.SetReadDeadline(time.Now().Add(silence)) // fails on a connection that has ended, and so does the read
		n, err := c.conn.Read(c.buffer)
		if n > 0 {
			c.asked = false
			c.heard()
			c.frames.Feed(c.buffer[:n])
			return nil
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && c.asked:
			return parley.Errorf(parley.CodeIdle, "the server has not been heard of for %v", 2*silence)
		case errors.Is(err, os.ErrDeadlineExceeded):
			c.asked = true
			c.queue(ws.OpPing, nil)
		case err != nil:
			return err
		}
	}
}

// reason gives why the connection has ended, where err is what reading came to: a write that failed comes first.
func (c *Conn) reason(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failure != nil {
		err = c.failure
	}
	if _, coded := errors.AsType[*parley.Error](err); coded {
		return err
	}
	sentence := "the connection is lost"
	if errors.Is(err, io.EOF) {
		sentence = "the server has closed the connection"
	}
	return parley.Wrap(parley.CodeClosed, err, sentence)
}

// Leave says, behind everything that was sent, that nothing more will be. The server answers by closing, which ends
// Next.
func (c *Conn) Leave() {
	c.queue(ws.OpClose, ws.NewCloseFrameBody(ws.StatusNormalClosure, ""))
}

// Close ends the connection. After Leave, what is queued is sent first, within a second. It may be called more than
// once.
func (c *Conn) Close() error {
	c.mu.Lock()
	if c.leaving {
		_ = c.conn.SetWriteDeadline(time.Now().Add(closeTime))
	} else {
		_ = c.conn.Close()
	}
	c.close() // in the mutex, so that the writer sets no later deadline
	c.mu.Unlock()
	c.writing.Wait()
	return c.conn.Close()
}

// queue queues a frame. Behind the last one nothing is queued.
func (c *Conn) queue(op ws.OpCode, payload []byte) {
	var mask [4]byte
	_, _ = rand.Read(mask[:]) // crypto/rand.Read never fails: it crashes the program instead
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leaving || c.failure != nil {
		return
	}
	c.out = frame.AppendMasked(c.out, op, payload, mask)
	c.leaving = op == ws.OpClose
	select {
	case c.more <- struct{}{}:
	default:
	}
}

// write writes what is queued until the connection ends.
func (c *Conn) write() {
	for {
		select {
		case <-c.more:
		case <-c.closed:
		}
		c.mu.Lock()
		out, last := c.out, c.leaving
		c.out = nil
		if !isClosed(c.closed) {
			_ = c.conn.SetWriteDeadline(time.Now().Add(stall))
		}
		c.mu.Unlock()
		if err := writeAll(c.conn, out); err != nil {
			c.fail(err)
			return
		}
		if last || isClosed(c.closed) {
			return
		}
	}
}

// fail ends the connection because it cannot be written to.
func (c *Conn) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failure = err
	_ = c.conn.Close()
}

// writeAll writes p, and does nothing where there is nothing.
func writeAll(conn net.Conn, p []byte) error {
	if len(p) == 0 {
		return nil
	}
	_, err := conn.Write(p)
	return err
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
