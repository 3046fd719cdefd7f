//go:build linux

package main

import "fmt"

// window knows how many messages are in flight. A connection's position is how many messages it has received and, where
// there is no echo, sent; since everybody gets everything, or everything but their own, all positions are equal when all has arrived, and what is in flight is
// how far the last one is behind what was sent. It is a ring of counts, so that a delivery costs the same however many
// connections there are.
type window struct {
	size   int   // messages that may be in flight
	echo   bool  // everybody gets their own messages too
	sent   int   // messages so far
	low    int   // the position of the connection furthest behind
	at     []int // the position of each connection
	behind []int // how many connections are at each position from low to sent, by the position modulo the ring's length
}

func newWindow(conns, size int, echo bool) *window {
	w := &window{size: size, echo: echo, at: make([]int, conns), behind: make([]int, size+1)}
	w.behind[0] = conns
	return w
}

// open reports whether one more message may be sent.
func (w *window) open() bool { return w.sent-w.low < w.size }

// empty reports whether everything has arrived everywhere.
func (w *window) empty() bool { return w.low == w.sent }

// posted counts a message that a connection has sent; the window must be open.
func (w *window) posted(conn int) {
	w.sent++
	if !w.echo {
		w.move(conn, 1)
	}
}

// received counts n messages that a connection has received. The error says that they are more than were sent.
func (w *window) received(conn, n int) error {
	if w.at[conn]+n > w.sent {
		return fmt.Errorf("connection %d received more than was sent: %d of %d", conn, w.at[conn]+n, w.sent)
	}
	w.move(conn, n)
	return nil
}

func (w *window) move(conn, n int) {
	w.behind[w.at[conn]%len(w.behind)]--
	w.at[conn] += n
	w.behind[w.at[conn]%len(w.behind)]++
	for w.low < w.sent && w.behind[w.low%len(w.behind)] == 0 {
		w.low++
	}
}
