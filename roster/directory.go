package roster

import (
	"log/slog"
	"sync"
	"time"

	"parley"
	"parley/roster/wire"
)

const (
	// gathering is how long after somebody came or went the roster is sent: those who come together are told of together,
	// and the last words of somebody who leaves are on their way by then.
	gathering = 10 * time.Millisecond
	// rosterRate is how many bytes of rosters a listener sends in a second, all clients together: with n of them each roster
	// has about n entries, and goes to n. So hundreds can come at once.
	rosterRate = 16 << 20
	// rosterPause is the longest pause between two rosters that this leads to.
	rosterPause = 10 * time.Second
	// classroomRead is what a classroom client reads at a time. A longer roster cannot be read by one.
	classroomRead = 1024
)

// directory knows the registered clients of one listener, and sends all of them the roster whenever that changes. Its methods
// may be called from any goroutine. It starts nothing that runs while nothing changes.
type directory struct {
	log *slog.Logger

	sending sync.Mutex // held while a roster is sent: a newer one cannot overtake it

	mu      sync.Mutex
	people  map[*outbox]wire.Entry
	pending bool      // a roster will be sent
	next    time.Time // when the next one can be, at the earliest
	warned  bool
}

func newDirectory(log *slog.Logger) *directory {
	return &directory{log: log, people: make(map[*outbox]wire.Entry)}
}

// enter adds a client. One whose address nobody can know gets rosters and is in none.
func (d *directory) enter(o *outbox, name parley.Name) {
	entry := wire.Entry{Name: string(name), Address: o.conn.RemoteAddr().Addr().Unmap().WithZone("")}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people[o] = entry
	d.changed()
}

// leave removes a client that was added.
func (d *directory) leave(o *outbox) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.people, o)
	d.changed()
}

// changed has the roster sent soon. The caller holds mu.
func (d *directory) changed() {
	if d.pending || len(d.people) == 0 {
		return
	}
	d.pending = true
	time.AfterFunc(max(gathering, time.Until(d.next)), d.send)
}

// send sends the roster to everybody.
func (d *directory) send() {
	d.sending.Lock()
	defer d.sending.Unlock()
	roster, readers := d.take()
	for _, o := range readers {
		o.roster(roster)
	}
}

// take gives the roster and whom it is for.
func (d *directory) take() (roster []byte, readers []*outbox) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pending = false
	entries := make([]wire.Entry, 0, len(d.people))
	for o, entry := range d.people {
		readers = append(readers, o)
		if entry.Address.IsValid() {
			entries = append(entries, entry)
		}
	}
	roster = wire.NewRoster(entries).Append(nil)
	pause := time.Duration(len(roster)*len(readers)/(rosterRate/1000)) * time.Millisecond
	d.next = time.Now().Add(min(pause, rosterPause))
	if len(roster) > classroomRead && !d.warned {
		d.warned = true
		d.log.Warn("the roster has become too long for classroom clients, which read 1024 bytes at a time",
			"bytes", len(roster), "people", len(entries))
	}
	return roster, readers
}

// each calls f for every client.
func (d *directory) each(f func(*outbox)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for o := range d.people {
		f(o)
	}
}
