package hub

import (
	"log/slog"
	"runtime"
	"sync"
	"time"

	"parley"
)

// Config is what a Hub is made of. Every field is needed but MakeRooms and Now.
type Config struct {
	Journal   Journal
	State     State
	MakeRooms parley.Role // the least role that may make rooms; RoleMember when ""
	Log       *slog.Logger
	Now       func() time.Time // time.Now when nil
}

// maxWorkers is as many delivery workers as have been seen to help.
const maxWorkers = 8

// Hub knows who is connected and brings them what happens. Its methods may be called from any goroutine, but Deliver
// only from the journal's. It must be closed.
type Hub struct {
	journal   Journal
	state     State
	makeRooms parley.Role
	log       *slog.Logger
	now       func() time.Time
	workers   []*worker
	running   sync.WaitGroup // the workers
	posting   sync.WaitGroup // the calls of Journal.Append under way
	windows   sync.WaitGroup // the timers that run, see gather

	mu       sync.Mutex // guards what follows, all rooms, and the order of what the workers get
	stopping bool       // nothing more may be posted
	closed   bool
	changes  uint64 // counts the events that may change what somebody may do, see decide
	next     int    // the worker that the next session belongs to
	guests   int    // names that were given to people who had none
	rooms    map[parley.RoomID]*room
	people   directory
	inFlight map[flight]*Session // who is posting what
	rooming  parley.Allowance[parley.SenderID]
}

// New starts a hub: a few delivery workers, which Close ends.
func New(c Config) *Hub {
	h := &Hub{
		journal:   c.Journal,
		state:     c.State,
		makeRooms: c.MakeRooms,
		log:       c.Log,
		now:       c.Now,
		rooms:     make(map[parley.RoomID]*room),
		people:    newDirectory(),
		inFlight:  make(map[flight]*Session),
		rooming:   parley.Allowance[parley.SenderID]{Burst: roomsAtOnce, Every: roomEvery, Most: maxMakers},
	}
	if h.makeRooms == "" {
		h.makeRooms = parley.RoleMember
	}
	if h.now == nil {
		h.now = time.Now
	}
	for range min(runtime.GOMAXPROCS(0), maxWorkers) {
		w := newWorker()
		h.workers = append(h.workers, w)
		h.running.Go(w.run)
	}
	return h
}

// errStopping is the answer to whoever comes too late.
var errStopping = parley.Errorf(parley.CodeShutdown, "the server is stopping")

// Stop is the first half of an orderly end: nothing more can be posted (CodeShutdown), and when it returns everything
// that was accepted before has been delivered to every outbox, but to those of paused sessions, which read it from
// history when they resume. People stay connected, and come and go. It is idempotent.
func (h *Hub) Stop() {
	h.mu.Lock()
	h.stopping = true
	h.mu.Unlock()
	h.posting.Wait()
	h.settle()
}

// Ready tells whether events are taken: nil until Stop, and from then on an error of CodeShutdown. It may be asked at any
// time.
func (h *Hub) Ready() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopping {
		return errStopping
	}
	return nil
}

// settle returns when the workers have done all that they had been given.
func (h *Hub) settle() {
	for _, w := range h.workers {
		done := make(chan struct{})
		h.mu.Lock()
		if h.closed {
			close(done)
		} else {
			w.tasks <- barrier(done)
		}
		h.mu.Unlock()
		<-done
	}
}

// Close ends the workers when they have delivered what they were given. Call it when every session has left and the
// journal is closed. Afterwards nobody can connect. It is idempotent.
func (h *Hub) Close() {
	h.mu.Lock()
	h.stopping = true
	if !h.closed {
		h.closed = true
		for _, r := range h.rooms {
			h.closeWindow(r)
			h.tell(r)
		}
		for _, w := range h.workers {
			close(w.tasks)
		}
	}
	h.mu.Unlock()
	h.windows.Wait()
	h.running.Wait()
}
