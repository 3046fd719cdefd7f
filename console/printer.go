package console

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"

	"parley"
)

// queueLimit is how many bytes wait for a slow terminal; what would exceed it is left out, and the lines of it counted.
const queueLimit = 1 << 20

// printer writes what it is sent, in order, in a goroutine of its own, so that a terminal that is slow or has been
// stopped makes nobody wait. It is a hub.Outbox.
type printer struct {
	out  io.Writer
	wake chan struct{} // holds one token while there may be something to do
	done chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	queue   []byte
	missing int // lines left out since the queue was last taken
	closed  bool
}

// newPrinter makes a printer that queues until it is started.
func newPrinter(out io.Writer) *printer {
	return &printer{out: out, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// start begins to write; close ends it.
func (p *printer) start() { go p.run() }

// Send queues the parts as one, or leaves them out.
func (p *printer) Send(parts [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	defer p.signal()
	// Once something was left out all that follows is too, until the queue is taken: so the line that tells of it
	// stands exactly where the gap is. An empty queue takes anything, so that a large block alone is no reason to
	// leave it out.
	if p.missing > 0 || len(p.queue) > 0 && len(p.queue)+size > queueLimit {
		for _, part := range parts {
			p.missing += bytes.Count(part, []byte{'\n'})
		}
		return
	}
	for _, part := range parts {
		p.queue = append(p.queue, part...)
	}
}

// Close says why the operator's place in the chat has ended; what the console says itself is still shown.
func (p *printer) Close(reason error) { p.say("* closed: ", parley.Sentence(reason)) }

// say queues text, each of its lines after prefix.
func (p *printer) say(prefix, text string) {
	p.Send([][]byte{appendLines(nil, prefix, text)})
}

// close writes what is queued, for at most the given time, and takes no notice of what is sent afterwards.
func (p *printer) close(wait time.Duration) {
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

// run writes until the printer is closed and the queue empty, or until the terminal is gone.
func (p *printer) run() {
	defer close(p.done)
	for range p.wake {
		chunk, closed := p.take()
		if _, err := p.out.Write(chunk); err != nil || closed {
			return
		}
	}
}

// take gives what is queued, with a line about what is missing after it, and whether that is all there will be.
func (p *printer) take() (chunk []byte, closed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	chunk, p.queue = p.queue, nil
	if p.missing > 0 {
		chunk = fmt.Appendf(chunk, "* %d lines are missing here: the terminal was too slow for them\n", p.missing)
		p.missing = 0
	}
	return chunk, p.closed
}

// signal wakes the goroutine. It never blocks: one token is enough for everything queued.
func (p *printer) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}
