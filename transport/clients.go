package transport

import (
	"net/netip"
	"sync"

	"parley"
)

// clients is who is connected to a listener, and how many may be.
type clients struct {
	limit      int
	perAddress int // 0 for no limit

	mu     sync.Mutex
	conns  map[*Conn]bool     // true once handed to the handler
	from   map[netip.Addr]int // how many from each address; none where there is no limit
	closed bool               // nobody is added, or handed over, any more
	ended  map[parley.Code]int64
}

func newClients(limit, perAddress int) clients {
	return clients{
		limit: limit, perAddress: perAddress,
		conns: map[*Conn]bool{}, from: map[netip.Addr]int{}, ended: map[parley.Code]int64{},
	}
}

// refusal gives why one more from this address is too many, and counts it as ended by that; nil if it is not.
func (k *clients) refusal(from netip.Addr) *parley.Error {
	k.mu.Lock()
	defer k.mu.Unlock()
	err := k.tooMany(from)
	if err != nil {
		k.ended[err.Code]++
	}
	return err
}

// tooMany is refusal without counting. It holds the mutex.
func (k *clients) tooMany(from netip.Addr) *parley.Error {
	switch {
	case len(k.conns) >= k.limit:
		return parley.Errorf(parley.CodeFull, "server is full (%d clients)", k.limit)
	case k.perAddress > 0 && k.from[from] >= k.perAddress:
		return parley.Errorf(parley.CodePerAddress, "too many connections from %v (limit %d)", from, k.perAddress)
	}
	return nil
}

// add takes c in and counts its goroutine; after close it does not, and gives false. Only the accepting goroutine calls
// it, so that what refusal said still holds.
func (k *clients) add(c *Conn, from netip.Addr, serving *sync.WaitGroup) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		k.ended[errShutdown.Code]++
		return false
	}
	k.conns[c] = false
	if k.perAddress > 0 {
		k.from[from]++
	}
	serving.Add(1)
	return true
}

// markServed notes that c is handed to the handler; after close it does not, and gives false.
func (k *clients) markServed(c *Conn) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return false
	}
	k.conns[c] = true
	return true
}

// remove makes room for another, and counts c as ended.
func (k *clients) remove(c *Conn, from netip.Addr) {
	reason := codeOfEnd(c.Reason())
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ended[reason]++
	delete(k.conns, c)
	if k.from[from]--; k.from[from] <= 0 {
		delete(k.from, from)
	}
}

// list gives those that have been handed to the handler, or those that have not yet.
func (k *clients) list(served bool) []*Conn {
	k.mu.Lock()
	defer k.mu.Unlock()
	var cs []*Conn
	for c, s := range k.conns {
		if s == served {
			cs = append(cs, c)
		}
	}
	return cs
}

// close ends add and markServed.
func (k *clients) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
}
