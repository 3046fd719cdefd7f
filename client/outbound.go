package client

import (
	"context"
	"net"
	"sync"
	"time"

	"parley"
)

// apart is the time between two messages to a server that takes for one message whatever one recv returns.
const apart = 60 * time.Millisecond

// stall is how long a server may take none of what is written to it.
const stall = 60 * time.Second

// outbound is the sending side of a connection. One at a time has its turn to write; the others wait.
type outbound struct {
	conn net.Conn
	turn chan struct{} // holds one token, except while somebody writes

	mu      sync.Mutex
	last    time.Time // the last write
	flight  flight
	ended   bool  // nothing is written any more
	failure error // why a write failed, which has ended the connection
	left    int   // what unread gave then
}

func newOutbound(conn net.Conn) *outbound {
	o := &outbound{conn: conn, turn: make(chan struct{}, 1)}
	o.turn <- struct{}{}
	return o
}

// take waits for the turn to write, and then until gap has passed since the last write. When it gives nil, giveBack
// must follow.
func (o *outbound) take(ctx context.Context, gap time.Duration) error {
	select {
	case <-o.turn:
	case <-ctx.Done():
		return parley.Wrap(parley.CodeClosed, ctx.Err(), "not sent: leaving")
	}
	o.mu.Lock()
	wait := gap - time.Since(o.last)
	o.mu.Unlock()
	if wait > 0 {
		if err := sleep(ctx, wait); err != nil {
			o.giveBack()
			return parley.Wrap(parley.CodeClosed, err, "not sent: leaving")
		}
	}
	return nil
}

// giveBack ends the turn.
func (o *outbound) giveBack() { o.turn <- struct{}{} }

// say writes a message: bytes, which stand for text. Once it is written, what becomes of it is the flight's matter: an
// error is only returned where nothing was.
func (o *outbound) say(ctx context.Context, gap time.Duration, bytes []byte, text string) error {
	if err := o.take(ctx, gap); err != nil {
		return err
	}
	defer o.giveBack()
	if !o.fly(text) {
		return errAway
	}
	o.write(ctx, bytes)
	return nil
}

// fly notes that a text is written now. False means that the connection has ended.
func (o *outbound) fly(text string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.flight.add(text, time.Now())
	}
	return !o.ended
}

// write writes, in one's turn. When it cannot, the connection is closed: the reader then ends the link.
func (o *outbound) write(ctx context.Context, p []byte) bool {
	stop := context.AfterFunc(ctx, func() { _ = o.conn.SetWriteDeadline(past) })
	defer stop()
	_ = o.conn.SetWriteDeadline(time.Now().Add(stall))
	if ctx.Err() != nil { // the deadline just set may have replaced that of the AfterFunc
		_ = o.conn.SetWriteDeadline(past)
	}
	_, err := o.conn.Write(p)
	o.mu.Lock()
	o.last = time.Now()
	o.mu.Unlock()
	if err != nil {
		o.fail(err)
	}
	return err == nil
}

// fail closes the connection because of an error.
func (o *outbound) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failure == nil {
		o.failure, o.left = err, unread(o.conn)
		_ = o.conn.Close()
	}
}

// reason gives why the connection has ended, where err is what reading it came to: a write that failed comes first.
func (o *outbound) reason(err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failure != nil {
		return o.failure
	}
	return err
}

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// served notes that the server has sent something.
func (o *outbound) served() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flight.heard = true
}

// mark gives the number of the message written last, for settle.
func (o *outbound) mark() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.flight.last
}

// settle notes that everything up to a mark has arrived.
func (o *outbound) settle(mark int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flight.settle(mark)
}

// behind gives how long a server of ours may take to read what has been written.
func (o *outbound) behind() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.flight.behindAt(time.Now())
}

// echoed notes that the server has sent a text of ours back.
func (o *outbound) echoed(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flight.echoed(text)
}

// end says that the connection has ended, and gives the texts that may not have arrived. When it was left in order,
// that is none but what the other machine has not even taken.
func (o *outbound) end(inOrder bool) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	left := o.left
	if o.failure == nil {
		left = unread(o.conn)
	}
	if inOrder && o.failure == nil && left <= 0 {
		return nil
	}
	return o.flight.lost(left, time.Now())
}
