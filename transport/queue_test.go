package transport

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// A queue gives back the bytes that were pushed, in order, whatever is skipped and however little is sent at a time,
// and counts right all the while.
func TestQueueKeepsOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var q queue
	var want, got []byte
	for i := range 10_000 {
		if random.IntN(2) == 0 {
			parts := [][]byte{nil, {byte(i), byte(i >> 8)}, {}, {1, 2, 3}}
			skip := random.IntN(6)
			q.push(parts, skip)
			want = append(want, bytes.Join(parts, nil)[skip:]...)
		}
		parts, _ := q.next(make([][]byte, 0, 1+random.IntN(4)))
		if n := totalLen(parts); n > 0 {
			n = 1 + random.IntN(n)
			got = append(got, bytes.Join(parts, nil)[:n]...)
			q.sent(n)
		}
		if cost := len(want) - len(got) + itemCost*len(q.items); q.cost != cost {
			t.Fatalf("counts %d, want %d", q.cost, cost)
		}
	}
	rest, _ := q.next(make([][]byte, 0, len(q.items)))
	if got = append(got, bytes.Join(rest, nil)...); !bytes.Equal(got, want) {
		t.Error("the bytes are not those that were pushed")
	}
}

// A turn comes after what was pushed before it and before what was pushed after it.
func TestQueueTurns(t *testing.T) {
	var q queue
	first, second := &turn{done: make(chan error, 1)}, &turn{done: make(chan error, 1)}
	q.push([][]byte{{'a'}}, 0)
	q.pushTurn(first)
	q.push([][]byte{{'b'}}, 0)
	q.pushTurn(second)

	if parts, turn := q.next(make([][]byte, 0, 9)); turn != nil || len(parts) != 1 || parts[0][0] != 'a' {
		t.Fatal("first", parts, turn)
	}
	q.sent(1)
	if _, turn := q.next(nil); turn != first {
		t.Fatal("not the first turn")
	}
	q.abandon(errEnded)
	if err := <-second.done; err != errEnded || q.cost != 0 {
		t.Errorf("abandoned: %v, cost %d", err, q.cost)
	}
}
