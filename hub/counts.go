package hub

import "sync/atomic"

// Counts is how much there is in the hub, and how much went out of it.
type Counts struct {
	People   int // who are connected, each once, however often they are; the operator too
	Sessions int // connections, sources of datagrams and the console

	Delivered int64 // items brought to sessions: each counts once for each of them. What was before somebody came does not
	Bytes     int64 // of those, as they were encoded
}

// Counts gives the counts. Those of deliveries may be a few ahead of or behind the others.
func (h *Hub) Counts() Counts {
	var c Counts
	for _, w := range h.workers {
		c.Delivered += w.carried.items.Load()
		c.Bytes += w.carried.bytes.Load()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	c.People = len(h.people.sessions)
	for _, sessions := range h.people.sessions {
		c.Sessions += len(sessions)
	}
	return c
}

// load is so many items, and their bytes.
type load struct{ items, bytes int }

func (l *load) add(more load) {
	l.items += more.items
	l.bytes += more.bytes
}

// carried is what a worker has brought to its sessions. Only the worker adds to it.
type carried struct{ items, bytes atomic.Int64 }

func (c *carried) add(l load) {
	c.items.Add(int64(l.items))
	c.bytes.Add(int64(l.bytes))
}
