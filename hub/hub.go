package hub

import (
	"context"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"parley"
)

// Journal puts events in order and makes them last.
type Journal interface {
	// Append gives each event its place, and returns when all of them are durable, applied, and have gone through the
	// hub's Deliver. There is one Outcome an event. An error is about the whole batch, of which then nothing happened.
	Append(ctx context.Context, events ...parley.Event) ([]parley.Outcome, error)
}

// History is what has been said in a room.
type History interface {
	// Messages gives at most limit messages whose number is over after, oldest first.
	Messages(ctx context.Context, room parley.RoomID, after parley.Seq, limit int) ([]parley.Message, error)
}

// Config is what a Hub is made of. Every field is needed but Now.
type Config struct {
	Journal Journal
	History History
	Log     *slog.Logger
	Now     func() time.Time // time.Now when nil
}

// maxWorkers is as many delivery workers as have been seen to help.
const maxWorkers = 8

// Hub knows who is connected and brings them what happens. Its methods may be called from any goroutine, but Deliver only
// from the journal's. It must be closed.
type Hub struct {
	journal Journal
	history History
	log     *slog.Logger
	now     func() time.Time
	workers []*worker
	running sync.WaitGroup // the workers
	posting sync.WaitGroup // the calls of Journal.Append under way

	mu       sync.Mutex // guards what follows, all rooms, and the order of what the workers get
	stopping bool       // nothing more may be posted
	closed   bool
	next     int // the worker that the next session belongs to
	rooms    map[parley.RoomID]*room
	people   map[string]*Session // by Person.key
	inFlight map[flight]*Session // who is posting what
}

// flight is a message on its way through the journal.
type flight struct {
	sender parley.SenderID
	id     parley.MessageID
}

// New starts a hub: a few delivery workers, which Close ends.
func New(c Config) *Hub {
	h := &Hub{
		journal:  c.Journal,
		history:  c.History,
		log:      c.Log,
		now:      c.Now,
		rooms:    make(map[parley.RoomID]*room),
		people:   make(map[string]*Session),
		inFlight: make(map[flight]*Session),
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

// Stop is the first half of an orderly end: nothing more can be posted (CodeShutdown), and when it returns everything that
// was accepted before has been delivered to every outbox, but to those of paused sessions, which read it from history when
// they resume. People stay connected, and come and go. It is idempotent.
func (h *Hub) Stop() {
	h.mu.Lock()
	h.stopping = true
	h.mu.Unlock()
	h.posting.Wait()
	h.settle()
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

// Close ends the workers when they have delivered what they were given. Call it when every session has left and the journal
// is closed. Afterwards nobody can connect. It is idempotent.
func (h *Hub) Close() {
	h.mu.Lock()
	h.stopping = true
	if !h.closed {
		h.closed = true
		for _, w := range h.workers {
			close(w.tasks)
		}
	}
	h.mu.Unlock()
	h.running.Wait()
}

// Connect makes somebody a member of room, tells its other members, and from then on sends what happens there to out in
// the form given. The error is an *parley.Error: CodeNameTaken when somebody of that name is here, CodeShutdown when the hub
// is closed. The session must be left.
func (h *Hub) Connect(info parley.Room, p Profile, form Form, out Outbox) (*Session, error) {
	s := &Session{hub: h, form: form, out: out}
	person := newPerson(p)
	s.person.Store(&person)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, errStopping
	}
	if err := h.register(s, person); err != nil {
		return nil, err
	}
	s.worker = h.workers[h.next]
	h.next = (h.next + 1) % len(h.workers)
	if len(p.Greeting) > 0 {
		out.Send([][]byte{p.Greeting})
	}
	s.rooms = []*room{h.enter(s, info)}
	h.announce(s, ItemJoined)
	return s, nil
}

// Deliver shows a batch of applied events to everyone they are for. The journal calls it, in order, one call at a time;
// it waits while the workers are far behind.
func (h *Hub) Deliver(batch []parley.Applied) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(batch) > 0 {
		n := 1
		for n < len(batch) && roomOf(batch[n].Event) == roomOf(batch[0].Event) {
			n++
		}
		h.deliverRun(batch[:n])
		batch = batch[n:]
	}
}

// deliverRun delivers events of one room. It holds the mutex.
func (h *Hub) deliverRun(run []parley.Applied) {
	r := h.rooms[roomOf(run[0].Event)]
	if r == nil || h.closed {
		return // nobody is there to be told
	}
	items := make([]Item, 0, len(run))
	origins := make([]*Session, 0, len(run))
	for _, applied := range run {
		posted, ok := applied.Event.(parley.MessagePosted)
		if !ok || applied.Outcome.Err != nil || applied.Outcome.Repeat {
			continue
		}
		item := Item{Kind: ItemMessage, Room: r.info, Message: posted.Message}
		item.Message.Seq = applied.Outcome.Seq
		origin := h.inFlight[flight{posted.Message.By.ID, posted.Message.ID}]
		if origin != nil {
			item.Person = *origin.person.Load()
		}
		items, origins = append(items, item), append(origins, origin)
	}
	if len(items) > 0 {
		r.publish(h.workers, items, origins)
	}
}

// roomOf gives the room that an event happens in, "" for one that members are not shown.
func roomOf(e parley.Event) parley.RoomID {
	if posted, ok := e.(parley.MessagePosted); ok {
		return posted.Message.Room
	}
	return ""
}

// register enters s in the directory. It holds the mutex. A name can be had once; of two people who have none and look the
// same (one address on TCP and on UDP), the first is the one who can be addressed.
func (h *Hub) register(s *Session, p Person) error {
	if _, taken := h.people[p.key()]; !taken {
		h.people[p.key()] = s
	} else if p.Name != "" {
		return parley.Errorf(parley.CodeNameTaken, "name %s is taken", p.Name)
	}
	return nil
}

// unregister takes p, who is s, out of the directory. It holds the mutex.
func (h *Hub) unregister(s *Session, p Person) {
	if h.people[p.key()] == s {
		delete(h.people, p.key())
	}
}

// enter makes s a member of the room that info tells of. It holds the mutex.
func (h *Hub) enter(s *Session, info parley.Room) *room {
	r := h.rooms[info.ID]
	if r == nil {
		r = &room{info: info}
		h.rooms[info.ID] = r
	}
	r.add(s)
	return r
}

// exit ends s's membership of r, and r itself when nobody is left or when it was a conversation of two. It holds the mutex.
func (h *Hub) exit(s *Session, r *room) {
	r.remove(s)
	if r.info.Kind == parley.RoomDirect {
		for _, other := range slices.Clone(r.members) {
			r.remove(other)
			other.rooms = slices.DeleteFunc(other.rooms, func(have *room) bool { return have == r })
		}
	}
	if len(r.members) == 0 {
		delete(h.rooms, r.info.ID)
	}
}

// announce tells the others in s's home room that s came or went. It holds the mutex.
func (h *Hub) announce(s *Session, kind ItemKind) {
	home, person := s.rooms[0], s.Person()
	h.log.Debug("presence", "joined", kind == ItemJoined, "room", home.info.Name, "name", person.Shown, "listener", person.Listener)
	items := []Item{{Kind: kind, Room: home.info, Person: person}}
	home.publish(h.workers, items, []*Session{s})
}

// online gives the people in r, sorted by what they are shown as. It holds the mutex.
func (h *Hub) online(r *room) []Person {
	people := make([]Person, 0, len(r.members))
	for _, s := range r.members {
		if s.rooms[0] == r {
			people = append(people, *s.person.Load())
		}
	}
	slices.SortFunc(people, func(a, b Person) int { return strings.Compare(a.Shown, b.Shown) })
	return people
}
