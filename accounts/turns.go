package accounts

import (
	"context"
	"net/netip"
	"slices"
	"sync"
)

// atOnce is how many passwords are worked on at once.
const atOnce = 2

// turns hands out the right to work on a password. At most atOnce have it, and of those who come from one network only
// one, the others wait; networks get their turn one after the other. So whoever tries a thousand passwords at once
// waits for themselves, and what they have learned from one try counts before the next.
type turns struct {
	mu    sync.Mutex
	free  int
	busy  map[netip.Prefix]*line // of every network that has a turn or waits for one
	queue []*line                // those that wait and have no turn, in their order
}

// line is those who wait in one network.
type line struct {
	from    netip.Prefix
	running bool
	waiting []chan struct{} // each closed when it is its turn
}

func newTurns() *turns { return &turns{free: atOnce, busy: make(map[netip.Prefix]*line)} }

// take waits for a turn, or for the end of ctx, whose error it gives then. Whoever has the turn calls done when they
// are done.
func (t *turns) take(ctx context.Context, from netip.Prefix) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	turn := t.enter(from)
	select {
	case <-turn:
		return func() { t.leave(from) }, nil
	case <-ctx.Done():
		t.withdraw(from, turn)
		return nil, ctx.Err()
	}
}

// enter queues somebody up.
func (t *turns) enter(from netip.Prefix) (turn chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.busy[from]
	if l == nil {
		l = &line{from: from}
		t.busy[from] = l
	}
	turn = make(chan struct{})
	l.waiting = append(l.waiting, turn)
	if !l.running && len(l.waiting) == 1 {
		t.queue = append(t.queue, l)
	}
	t.next()
	return turn
}

// leave gives back a turn.
func (t *turns) leave(from netip.Prefix) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.free++
	l := t.busy[from]
	l.running = false
	if len(l.waiting) > 0 {
		t.queue = append(t.queue, l)
	} else {
		delete(t.busy, from)
	}
	t.next()
}

// withdraw gives up waiting. A turn that was given meanwhile is given back.
func (t *turns) withdraw(from netip.Prefix, turn chan struct{}) {
	t.mu.Lock()
	l := t.busy[from]
	i := -1
	if l != nil {
		i = slices.Index(l.waiting, turn)
	}
	if i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		if len(l.waiting) == 0 && !l.running {
			t.queue = slices.DeleteFunc(t.queue, func(q *line) bool { return q == l })
			delete(t.busy, from)
		}
	}
	t.mu.Unlock()
	if i < 0 {
		t.leave(from)
	}
}

// next gives out the turns that are free.
func (t *turns) next() {
	for t.free > 0 && len(t.queue) > 0 {
		l := t.queue[0]
		t.queue = slices.Delete(t.queue, 0, 1)
		t.free--
		l.running = true
		close(l.waiting[0])
		l.waiting = slices.Delete(l.waiting, 0, 1)
	}
}
