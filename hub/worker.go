package hub

// workerQueue is how many tasks may wait for a worker before whoever brings the next one has to wait too.
const workerQueue = 64

// mergeLimit is how many bytes of several deliveries are brought in one write. One delivery alone may be larger;
// together they must not fill a reader's queue before it has had a chance to read.
const mergeLimit = 256 << 10

// worker writes to the connections that belong to it. Everything below tasks is touched by its own goroutine alone.
type worker struct {
	tasks   chan task
	groups  map[group][]*Session
	serial  uint64      // counts deliveries, so that a session can be marked for the one at hand
	waiting []*delivery // taken from tasks and not yet brought
	merged  []*delivery // those of one group that are being brought
	whole   [][]byte    // their blocks, for everyone who gets all of it
	parts   [][]byte    // what is left of them for somebody who gets less
	load    load        // what merged is for whoever gets all of it
	carried carried     // read by others too
}

// group is who reads one form in one room.
type group struct {
	room *room
	form Form
}

// task is something for a worker to do, in its turn.
type task interface{ run(*worker) }

func newWorker() *worker {
	return &worker{tasks: make(chan task, workerQueue), groups: make(map[group][]*Session)}
}

// run does tasks until there will be no more. Deliveries that wait one behind the other are brought together, so that
// the further a worker is behind, the less each delivery costs.
func (w *worker) run() {
	for t := range w.tasks {
		if d, ok := t.(*delivery); ok {
			w.waiting = append(w.waiting[:0], d)
			t = w.gather()
			w.deliver()
		}
		if t != nil {
			t.run(w)
		}
	}
}

// gather takes the deliveries that are waiting already, and gives the task of another sort that ends them, nil for
// none.
func (w *worker) gather() task {
	for len(w.waiting) < workerQueue {
		select {
		case t := <-w.tasks: // nil when there will be no more
			d, ok := t.(*delivery)
			if !ok {
				return t
			}
			w.waiting = append(w.waiting, d)
		default:
			return nil
		}
	}
	return nil
}

// deliver brings what is waiting.
func (w *worker) deliver() {
	for i, first := range w.waiting {
		if first != nil { // else it went with one before it
			w.merge(w.waiting[i:])
			w.deliverMerged(first.group)
		}
	}
	clear(w.merged[:cap(w.merged)]) // nothing lent may keep a block alive
	clear(w.whole[:cap(w.whole)])
	clear(w.parts[:cap(w.parts)])
}

// merge takes the first delivery out of waiting, and with it those of the same group that nothing of another room comes
// before on anybody's screen: who reads a form may be in several rooms, and sees them in the journal's order.
func (w *worker) merge(waiting []*delivery) {
	g, size := waiting[0].group, 0
	w.merged = w.merged[:0]
	for i, d := range waiting {
		if d == nil || d.group.form != g.form {
			continue
		}
		size += len(d.block.bytes)
		if d.group != g || len(w.merged) > 0 && size > mergeLimit {
			return
		}
		w.merged, waiting[i] = append(w.merged, d), nil
	}
}

// deliverMerged brings the deliveries in merged to everyone in their group, in one write each.
func (w *worker) deliverMerged(g group) {
	w.serial++
	w.whole, w.load = w.whole[:0], load{}
	for _, d := range w.merged {
		d.markOrigins(w)
		w.whole = append(w.whole, d.block.bytes)
		w.load.add(load{len(d.block.ends), len(d.block.bytes)})
	}
	var all load
	for _, s := range w.groups[g] {
		switch {
		case s.paused:
			for _, d := range w.merged {
				s.miss(g.room, d.covers)
			}
		case s.mark == w.serial:
			parts, less := w.without(s)
			s.send(parts)
			all.add(less)
		default:
			s.send(w.whole)
			all.add(w.load)
		}
	}
	w.carried.add(all)
}

// without gives the parts of the blocks in merged that did not come from s, and are not from before it came.
func (w *worker) without(s *Session) ([][]byte, load) {
	w.parts = w.parts[:0]
	left := w.load
	for _, d := range w.merged {
		from := d.arrival(s)
		w.parts = d.block.appendWithout(w.parts, func(i int) bool {
			skip := i < from || !d.echo && d.origins[i] == s
			if skip {
				left.items--
				left.bytes -= d.block.size(i)
			}
			return skip
		})
	}
	return w.parts, left
}

// joining makes a session a reader of its form in a room.
type joining struct {
	session *Session
	room    *room
}

func (t *joining) run(w *worker) {
	g := group{t.room, t.session.form}
	w.groups[g] = append(w.groups[g], t.session)
}

// leaving undoes joining.
type leaving struct {
	session *Session
	room    *room
}

func (t *leaving) run(w *worker) {
	g := group{t.room, t.session.form}
	sessions := w.groups[g]
	for i, s := range sessions {
		if s != t.session {
			continue
		}
		last := len(sessions) - 1
		sessions[i], sessions[last] = sessions[last], nil
		w.groups[g] = sessions[:last]
		break
	}
	if len(w.groups[g]) == 0 {
		delete(w.groups, g)
	}
}

// delivery brings one block to everyone in its group. All workers share it; none changes it.
type delivery struct {
	group   group
	echo    bool // whether everybody gets every item, those it came from too
	block   block
	covers  span
	origins []*Session // of each item in the block

	arrivals []bool // as in batch
}

// arrival gives from which item on s is there.
func (d *delivery) arrival(s *Session) int {
	for i := len(d.arrivals) - 1; i >= 0; i-- {
		if d.arrivals[i] && d.origins[i] == s {
			return i
		}
	}
	return 0
}

// run brings the delivery alone.
func (d *delivery) run(w *worker) {
	w.waiting = append(w.waiting[:0], d)
	w.deliver()
}

// markOrigins marks the sessions of this worker that some item came from and that must not get it back.
func (d *delivery) markOrigins(w *worker) {
	if d.echo {
		return
	}
	for _, s := range d.origins {
		if s != nil && s.worker == w {
			s.mark = w.serial
		}
	}
}

// barrier is closed in its turn: everything that was queued before it is done.
type barrier chan struct{}

func (b barrier) run(*worker) { close(b) }
