package printer

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// Limit is how many bytes wait for a slow reader; what would exceed it is left out, and the lines of it counted.
const Limit = 1 << 20

// Printer writes what it is sent, in order, in a goroutine of its own. It is a hub.Outbox and an io.Writer.
type Printer struct {
	out  io.Writer
	tell func(lines int) []byte
	wake chan struct{} // holds one token while there may be something to do
	done chan struct{} // closed when the goroutine has ended

	mu     sync.Mutex
	queued batch
	closed bool
}

// batch is what is written at a time.
type batch struct {
	lost    int    // lines that come before text, of a batch that could not be written
	text    []byte // whole lines
	missing int    // lines that come after text, for which there was no room
}

// New makes a Printer on out that queues until it is started. tell gives the line, with its end, that is written in the
// place of so many missing ones.
func New(out io.Writer, tell func(lines int) []byte) *Printer {
	return &Printer{out: out, tell: tell, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// Start begins to write, which Close ends. Call it once.
func (p *Printer) Start() { go p.run() }

// Send queues the parts, whole lines together, as one, or leaves them all out. It does not block, and keeps nothing of
// what it is given.
func (p *Printer) Send(parts [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	defer p.signal()
	q := &p.queued
	// Once something was left out all that follows is too, until the queue is taken: so the line that tells of it
	// stands exactly where the gap is. An empty queue takes anything, so that a large block alone is no reason to
	// leave it out.
	if q.missing > 0 || len(q.text) > 0 && len(q.text)+size > Limit {
		for _, part := range parts {
			q.missing += lines(part)
		}
		return
	}
	for _, part := range parts {
		q.text = append(q.text, part...)
	}
}

// Write is Send of one part. It never fails.
func (p *Printer) Write(b []byte) (int, error) {
	p.Send([][]byte{b})
	return len(b), nil
}

// Close writes what is queued, for at most the given time, and takes no notice of what is sent afterwards. Call it once,
// after Start.
func (p *Printer) Close(wait time.Duration) {
	p.mu.Lock()
	p.closed = true
	p.signal()
	p.mu.Unlock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C: // the goroutine hangs in a write, which nothing can interrupt
	}
}

// run writes until the printer is closed and the queue empty. What cannot be written is given up; the next may succeed.
func (p *Printer) run() {
	defer close(p.done)
	for range p.wake {
		b, closed := p.take()
		p.print(b)
		if closed {
			return
		}
	}
}

// take gives what is queued, and whether that is all there will be.
func (p *Printer) take() (b batch, closed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b, p.queued = p.queued, batch{}
	return b, p.closed
}

// print writes a batch.
func (p *Printer) print(b batch) {
	p.write(p.gap(b.lost), b.lost)
	p.write(b.text, 0)
	p.write(p.gap(b.missing), b.missing)
}

// gap is what stands in the place of so many lines.
func (p *Printer) gap(lines int) []byte {
	if lines == 0 {
		return nil
	}
	return p.tell(lines)
}

// write writes text, which stands for so many missing lines, or for those that it has. Where it fails, they are lost.
func (p *Printer) write(text []byte, stands int) {
	if len(text) == 0 {
		return
	}
	n, err := p.out.Write(text)
	if err == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if stands == 0 {
		stands = lines(text[n:])
	}
	p.queued.lost += stands
}

// signal wakes the goroutine. It never blocks: one token is enough for everything queued.
func (p *Printer) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// lines counts the ends of lines in text.
func lines(text []byte) int { return bytes.Count(text, []byte{'\n'}) }
