package transport

import "time"

// itemCost is what an item counts besides its bytes: what its place in the queue takes.
const itemCost = 32

// queue is what a connection has yet to send, in order. The connection's mutex guards it.
type queue struct {
	items []item
	cost  int // bytes queued, and itemCost for each item
	steps int // how often the link has taken something

	watch *time.Timer // runs while too much is queued; nil otherwise
}

// item is bytes to send or, where turn is set, somebody's turn.
type item struct {
	block []byte
	turn  *turn
}

// push queues parts, without their first skip bytes.
func (q *queue) push(parts [][]byte, skip int) {
	for _, p := range parts {
		if skip >= len(p) {
			skip -= len(p)
			continue
		}
		q.items = append(q.items, item{block: p[skip:]})
		q.cost += len(p) - skip + itemCost
		skip = 0
	}
}

// pushTurn queues somebody's turn.
func (q *queue) pushTurn(t *turn) {
	q.items = append(q.items, item{turn: t})
	q.cost += itemCost
}

// next gives what to do next: a turn, which leaves the queue, or bytes appended to dst, at most as many parts as it has
// room for, which stay until sent says that they are gone. An empty queue gives neither.
func (q *queue) next(dst [][]byte) ([][]byte, *turn) {
	if len(q.items) > 0 && q.items[0].turn != nil {
		t := q.items[0].turn
		q.pop()
		return dst, t
	}
	for _, it := range q.items {
		if it.turn != nil || len(dst) == cap(dst) {
			break
		}
		dst = append(dst, it.block)
	}
	return dst, nil
}

// sent takes the first n bytes away.
func (q *queue) sent(n int) {
	q.steps++
	for n > 0 {
		first := &q.items[0]
		if n < len(first.block) {
			first.block = first.block[n:]
			q.cost -= n
			return
		}
		n -= len(first.block)
		q.pop()
	}
}

func (q *queue) pop() {
	q.cost -= len(q.items[0].block) + itemCost
	q.items[0] = item{} // let go of the bytes
	q.items = q.items[1:]
}

// abandon empties the queue; whoever waits for a turn gets err.
func (q *queue) abandon(err error) {
	for _, it := range q.items {
		if it.turn != nil {
			it.turn.done <- err
		}
	}
	q.items, q.cost = nil, 0
	q.unwatch()
}

// unwatch stops the watch.
func (q *queue) unwatch() {
	if q.watch != nil {
		q.watch.Stop()
		q.watch = nil
	}
}

// totalLen is how many bytes parts have together.
func totalLen(parts [][]byte) int {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	return n
}
