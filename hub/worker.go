package hub

// workerQueue is how many tasks may wait for a worker before whoever brings the next one has to wait too.
const workerQueue = 64

// worker writes to the connections that belong to it. Everything below tasks is touched by its own goroutine alone.
type worker struct {
	tasks  chan task
	groups map[group][]*Session
	parts  [][]byte // lent to Outbox.Send
	serial uint64   // counts deliveries, so that a session can be marked for the one at hand
}

// group is who reads one form in one room.
type group struct {
	room *room
	form Form
}

// task is something for a worker to do, in its turn.
type task interface{ run(*worker) }

func newWorker() *worker {
	return &worker{
		tasks:  make(chan task, workerQueue),
		groups: make(map[group][]*Session),
		parts:  make([][]byte, 0, 8),
	}
}

// run does tasks until there will be no more.
func (w *worker) run() {
	for t := range w.tasks {
		t.run(w)
	}
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

// delivery brings one block to everyone who reads its form in its room. All workers share it; none changes it.
type delivery struct {
	room    *room
	form    Form
	echo    bool // whether everybody gets every item, those it came from too
	block   block
	covers  span
	origins []*Session // of each item in the block
}

func (d *delivery) run(w *worker) {
	w.serial++
	d.markOrigins(w)
	for _, s := range w.groups[group{d.room, d.form}] {
		if s.paused {
			s.miss(d.room.info.ID, d.covers)
			continue
		}
		w.parts = w.parts[:0]
		if s.mark == w.serial {
			w.parts = d.block.appendWithout(w.parts, func(i int) bool { return d.origins[i] == s })
		} else {
			w.parts = append(w.parts, d.block.bytes)
		}
		if len(w.parts) > 0 {
			s.out.Send(w.parts)
		}
	}
	clear(w.parts[:cap(w.parts)]) // a lent slice must not keep a block alive
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
