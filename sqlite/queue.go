package sqlite

import (
	"slices"
	"strings"
	"sync"

	"parley"
)

// request is one call of Append on its way: the caller waits on done, and outcomes and err are set before it hears.
type request struct {
	events   []parley.Event
	bytes    int // roughly what the events are when they are shown, see shownSize
	outcomes []parley.Outcome
	err      error
	trial    bool          // the writer's own, to find out whether it can write; nobody waits for the answer
	done     chan struct{} // gets one value when the request is answered
}

// requests keeps answered requests, with their channels, for the next call.
var requests = sync.Pool{New: func() any { return &request{done: make(chan struct{}, 1)} }}

// newRequest makes a request for events, which it keeps.
func newRequest(events []parley.Event) *request {
	r := requests.Get().(*request)
	r.events = events
	r.outcomes = make([]parley.Outcome, len(events))
	r.bytes = 0
	for _, e := range events {
		switch e := e.(type) {
		case parley.MessagePosted:
			r.bytes += shownSize(e.Message.By.Name, e.Message.Text)
		case parley.MessageEdited:
			r.bytes += shownSize(e.Entry.By.Name, e.Text)
		}
	}
	return r
}

// shownSize gives roughly how many bytes a text is for whoever is shown it: each line has the name before it.
func shownSize(name, text string) int {
	return len(text) + (1+strings.Count(text, "\n"))*(len(name)+len("<> :\n"))
}

// writes reports whether r is more than a wait for what came before it.
func (r *request) writes() bool { return len(r.events) > 0 || r.trial }

// eventsIn gives how many events there are in a batch.
func eventsIn(batch []*request) int {
	n := 0
	for _, r := range batch {
		n += len(r.events)
	}
	return n
}

// answer wakes the caller; failure is nil when the batch was committed. The request is the caller's from then on.
func (r *request) answer(failure *parley.Error) {
	if failure != nil {
		r.err = failure
	}
	r.done <- struct{}{}
}

// result gives what came of an answered request, or of one that was withdrawn, and ends it.
func (r *request) result() ([]parley.Outcome, error) {
	outcomes, err := r.outcomes, r.err
	r.events, r.outcomes, r.err = nil, nil, nil
	requests.Put(r)
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

// queue holds the requests that wait for the writer. Its memory is that of the callers, who are all waiting.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	closed  bool
	news    chan struct{} // holds a value when something was put, or the queue closed, since the writer last looked
}

func newQueue() *queue { return &queue{news: make(chan struct{}, 1)} }

// put adds r, unless the queue is closed.
func (q *queue) put(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.waiting = append(q.waiting, r)
	q.notify()
	return true
}

// withdraw takes r out again, if the writer has not taken it.
func (q *queue) withdraw(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, r)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	return true
}

// take moves what waits into batch, oldest first, up to maxEvents and maxBytes but at least one request. It waits for
// the first. What it gives is empty when the queue is closed and nothing is left.
func (q *queue) take(batch []*request) []*request {
	for {
		taken, closed := q.takeNow(batch)
		if len(taken) > 0 || closed {
			return taken
		}
		<-q.news
	}
}

// takeNow does what take does, but does not wait.
func (q *queue) takeNow(batch []*request) (taken []*request, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, events, bytes := 0, 0, 0
	for _, r := range q.waiting {
		events += len(r.events)
		bytes += r.bytes
		if n > 0 && (events > maxEvents || bytes > maxBytes) {
			break
		}
		n++
	}
	batch = append(batch, q.waiting[:n]...)
	q.waiting = slices.Delete(q.waiting, 0, n)
	return batch, q.closed
}

// length gives how many requests wait.
func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// close takes no more. What waits stays, for the writer.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.notify()
}

// isClosed reports whether nothing more is taken.
func (q *queue) isClosed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

// notify tells the writer to look. It holds the mutex.
func (q *queue) notify() {
	select {
	case q.news <- struct{}{}:
	default:
	}
}
