//go:build linux

package main

import "fmt"

// witness remembers what each connection received, in order, to tell afterwards whether it was right.
type witness struct {
	door     *door
	size     int
	received [][]origin
}

// origin is which message it was.
type origin struct {
	sender uint16
	number uint32
}

func newWitness(c *crowd) *witness {
	return &witness{door: c.door, size: c.size, received: make([][]origin, len(c.conns))}
}

// take remembers the messages that came for one connection, and counts them. The error is about what is none.
func (w *witness) take(one *conn, data []byte) (n int, err error) {
	err = w.door.read(one, data, w.size, func(m message) error {
		w.received[one.index] = append(w.received[one.index], origin{m.sender, m.number})
		n++
		return nil
	})
	if err != nil {
		return n, fmt.Errorf("connection %d: %w", one.index, err)
	}
	return n, nil
}

// verdict tells whether every connection received every message of every other exactly once, its own too where the door has
// an echo, each sender's in the order sent, and all connections in one and the same order.
func (w *witness) verdict(conns []*conn) error {
	for _, one := range conns {
		if err := w.complete(one, conns); err != nil {
			return err
		}
	}
	for _, other := range conns[1:] {
		if err := w.sameOrder(conns[0], other); err != nil {
			return err
		}
	}
	return nil
}

// complete checks one connection's messages by sender.
func (w *witness) complete(one *conn, conns []*conn) error {
	next := make([]uint32, len(conns))
	for _, o := range w.received[one.index] {
		switch {
		case int(o.sender) >= len(conns), int(o.sender) == one.index && !w.door.echo:
			return fmt.Errorf("connection %d received a message from connection %d", one.index, o.sender)
		case o.number != next[o.sender]:
			return fmt.Errorf("connection %d received message %d of connection %d where %d was due",
				one.index, o.number, o.sender, next[o.sender])
		}
		next[o.sender]++
	}
	for _, from := range conns {
		if (from != one || w.door.echo) && next[from.index] != from.sent {
			return fmt.Errorf("connection %d received %d of %d messages from connection %d",
				one.index, next[from.index], from.sent, from.index)
		}
	}
	return nil
}

// sameOrder compares two connections, without what only one of them can have: its own messages, which are not sent back
// everywhere.
func (w *witness) sameOrder(a, b *conn) error {
	left, right := w.without(a, b), w.without(b, a)
	for i := range min(len(left), len(right)) {
		if left[i] != right[i] {
			return fmt.Errorf("connections %d and %d received messages in different orders: %v, %v",
				a.index, b.index, left[i], right[i])
		}
	}
	return nil
}

// without gives what one connection received from everybody but another.
func (w *witness) without(one, other *conn) []origin {
	var list []origin
	for _, o := range w.received[one.index] {
		if w.door.echo || int(o.sender) != other.index {
			list = append(list, o)
		}
	}
	return list
}
