package hub

import (
	"slices"
	"sync/atomic"

	"parley"
)

// Session is one connection's place in the hub. A protocol package gets it from Connect, calls it from one goroutine at
// a time, and must Leave.
type Session struct {
	hub    *Hub
	worker *worker
	form   Form
	out    Outbox
	person atomic.Pointer[Person] // what it points to never changes

	// Guarded by the hub's mutex.
	home  *room // where it posts on protocols that have one room; nil for none
	stays []stay
	typed *typed // nil where nobody was typing since the last message
	gone  bool   // it has left, or was ended

	// The worker's own.
	paused bool           // nothing may be sent to out
	mark   uint64         // the delivery in which something came from here
	missed map[*room]span // what was not sent while paused; nil most of the time
	held   *held          // what waits until history has been sent; nil most of the time
}

// stay is a session's membership of a room.
type stay struct {
	room     *room
	watching bool // without being there
}

// errGone is the answer to a session that has ended.
var errGone = parley.Errorf(parley.CodeClosed, "the session has ended")

// Person says who this is, as others see them now.
func (s *Session) Person() Person { return *s.person.Load() }

// Online gives the people who are in the session's own room, sorted by what they are shown as.
func (s *Session) Online() []Person {
	s.hub.mu.Lock()
	var crowd []*Person
	if s.home != nil {
		crowd = s.hub.crowd(s.home.info.ID)
	}
	s.hub.mu.Unlock()
	return people(sorted(crowd))
}

// Watch shows the session what happens in another room too. It still posts to its own, and does not count as being
// there. Nobody is asked whether it may: it is for the operator.
func (s *Session) Watch(info parley.Room) {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.gone || h.closed {
		return
	}
	r := h.rooms[info.ID]
	if r == nil {
		r = &room{}
		h.rooms[info.ID] = r
	}
	r.learn(info)
	s.enter(r, true)
}

// Leave ends the session: nothing that happens from now on is sent to its outbox, and the others are told. It is
// idempotent, and does nothing once the hub is closed.
func (s *Session) Leave() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if !s.hub.closed {
		s.depart()
	}
}

// end closes the session's connection for a reason, behind all that it was shown. It holds the mutex.
func (s *Session) end(reason error) {
	if !s.gone {
		s.depart()
		s.worker.tasks <- &ending{session: s, reason: reason}
	}
}

// depart takes the session out of everything. It holds the mutex.
func (s *Session) depart() {
	if s.gone {
		return
	}
	s.gone, s.home = true, nil
	for len(s.stays) > 0 {
		s.exit(s.stays[len(s.stays)-1].room)
	}
	s.hub.people.remove(s, s.Person())
}

// enter makes s a member of r; nothing when it is one, but that it is there now if it was only watching. It holds the
// mutex.
func (s *Session) enter(r *room, watching bool) {
	i := slices.IndexFunc(s.stays, func(have stay) bool { return have.room == r })
	switch {
	case i < 0:
		s.stays = append(s.stays, stay{r, watching})
		r.add(s)
	case s.stays[i].watching && !watching:
		s.stays[i].watching = false
	default:
		return
	}
	if s.isIn(r) {
		s.hub.came(s, r, s.Person(), true)
	}
}

// exit ends s's membership of r. It holds the mutex.
func (s *Session) exit(r *room) {
	i := slices.IndexFunc(s.stays, func(have stay) bool { return have.room == r })
	if i < 0 {
		return
	}
	wasIn := s.isIn(r)
	s.stays = slices.Delete(s.stays, i, i+1)
	r.remove(s)
	if wasIn {
		s.hub.went(s, r, s.Person())
	}
	s.hub.dissolve(r)
}

// isIn reports whether s is in r for others to see. It holds the mutex.
func (s *Session) isIn(r *room) bool {
	return r.info.Kind != parley.RoomDirect && slices.Contains(s.stays, stay{room: r})
}

// isMember reports whether s is shown what happens in r. It holds the mutex.
func (s *Session) isMember(r *room) bool {
	return slices.ContainsFunc(s.stays, func(have stay) bool { return have.room == r })
}
