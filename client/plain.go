package client

import (
	"cmp"
	"context"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"parley"
)

const (
	// grace is how long a server may take to show that it serves the connection, before the person is told that there
	// is one: a server of another make may say nothing at all.
	grace = 500 * time.Millisecond
	// answerTime is how long an answer about a file is waited for at the end, after the last sign of life.
	answerTime = 10 * time.Second
	// firstAsk and longestAsk bound how long a name that is taken is left alone before it is asked for again.
	firstAsk   = time.Second
	longestAsk = 15 * time.Second
)

// plain is a connection of plain://, text over TCP. What comes in is dealt with by its reader (here and in
// plainheard.go), what goes out by whoever calls (plainsaid.go).
type plain struct {
	client *Client
	conn   net.Conn
	out    *outbound
	again  bool   // it is not the Client's first
	self   string // what others see of this connection while it has no name
	asked  questions
	done   chan struct{}   // closed when run returns
	ctx    context.Context // ends with run

	ours atomic.Bool  // the server has given an answer that only Parley's gives: it goes by LF
	life atomic.Int64 // when something was last transferred, in nanoseconds of Unix time

	// The reader's own.
	lines    lines
	opening  opening
	ending   bool      // there is nothing more to read
	download *download // the file that is arriving
	me       string    // the name that the server has confirmed
	refusal  error     // why the server has not let this connection in
	ready    func()
	open     bool          // something can be said
	prompted bool          // the server has asked for a password
	secret   bool          // and takes whatever comes next for it
	wrong    bool          // and the last thing that it said is that it was wrong
	askAt    time.Time     // when to ask for the name again, zero for never
	askIn    time.Duration // how long that was put off
}

func newPlain(c *Client, conn net.Conn, again bool) *plain {
	return &plain{
		client: c, conn: conn, out: newOutbound(conn), again: again, done: make(chan struct{}),
		self: namelessSelf(conn.LocalAddr()), opening: opening{client: c, conn: conn, patience: grace},
	}
}

// run reads the connection to its end.
func (p *plain) run(ready func()) error {
	defer close(p.done)
	var cancel context.CancelFunc
	p.ctx, cancel = context.WithCancel(p.client.ctx)
	defer cancel()
	p.opening.begin(time.Now())
	p.ready = ready
	if p.client.ownName() != "" {
		p.askName()
	}
	p.checkOpen()
	err := p.out.reason(pump(p.conn, p, p.client.heard))
	p.finish()
	switch {
	case p.wrong:
		return finalError{errWrongPassword}
	case p.refusal != nil && !p.again:
		return finalError{p.refusal}
	}
	return cmp.Or(p.refusal, err)
}

// read takes what one read brought.
func (p *plain) read(data []byte, now time.Time) error {
	p.out.served()
	p.lines.feed(data, now)
	err := p.consume(now)
	p.opening.tick(now)
	p.checkOpen()
	return err
}

// fire does what is due when nothing has come.
func (p *plain) fire(now time.Time) {
	p.lines.tick(now)
	_ = p.consume(now) // it fails on content only, and nothing has come
	p.opening.tick(now)
	p.checkOpen()
	if !p.askAt.IsZero() && !now.Before(p.askAt) {
		p.askAt = time.Time{}
		p.askName()
	}
}

// wakeAt gives the time at which something is due.
func (p *plain) wakeAt() time.Time {
	at := earlier(p.opening.wakeAt(), p.askAt)
	if p.download == nil {
		at = earlier(at, p.lines.wakeAt())
	}
	return at
}

// consume deals with everything that has come: lines, and the content of files between them.
func (p *plain) consume(now time.Time) error {
	for {
		if p.download == nil && !p.takeLines() {
			return nil
		}
		if whole, err := p.takeContent(now); !whole {
			return err
		}
	}
}

// takeContent takes what has come of a file. It reports whether the file is whole; lines may follow then.
func (p *plain) takeContent(now time.Time) (bool, error) {
	p.life.Store(now.UnixNano())
	for p.download.left > 0 {
		content := p.lines.raw(p.download.left)
		if len(content) == 0 {
			return false, nil
		}
		if err := p.download.write(content); err != nil {
			return false, err
		}
	}
	p.download.finish()
	p.asked.remove(p.download.asked)
	p.download = nil
	return true, nil
}

// finish tells what has come of everything that was under way when the connection ended.
func (p *plain) finish() {
	p.ending = true
	p.lines.end()
	if p.download == nil {
		p.takeLines()
	}
	p.opening.finish()
	if p.download != nil {
		p.download.abort()
	}
	for _, text := range p.out.end(p.client.ctx.Err() != nil) {
		p.client.emit(Doubt{text})
	}
	for _, q := range p.asked.drain() {
		p.unanswered(q)
	}
}

// unanswered tells of a question that nobody will answer any more.
func (p *plain) unanswered(q *question) {
	switch {
	case p.download != nil && q == p.download.asked: // told already
	case q.kind == askedFile:
		p.client.emit(ended(q.file.Name, "has not come"))
	case q.kind == askedStore && q.written:
		p.client.emit(Doubt{string(q.file.Name) + " " + strconv.FormatInt(q.file.Size, 10) + " bytes"})
	case q.kind == askedStore:
		p.client.emit(ended(q.file.Name, "was not sent"))
	}
}

// ended gives the problem that a file has with a connection that ended.
func ended(name parley.FileName, what string) Problem {
	return Problem{parley.Errorf(parley.CodeClosed, "%s %s: the connection has ended", name, what)}
}

// leave ends the connection in order.
func (p *plain) leave() { leaveInOrder(p.conn, p.done) }

// earlier gives the earlier of two times, of which zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
