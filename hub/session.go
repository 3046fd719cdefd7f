package hub

import (
	"sync/atomic"

	"parley"
)

// Session is one connection's place in the hub. A protocol package gets it from Connect, calls it from one goroutine at a
// time, and must Leave.
type Session struct {
	hub    *Hub
	worker *worker
	form   Form
	out    Outbox
	person atomic.Pointer[Person] // what it points to never changes
	rooms  []*room                // guarded by the hub's mutex; the first is home, where it posts; empty after Leave

	// The worker's own.
	mark   uint64         // the delivery in which something came from here
	paused bool           // nothing may be sent to out
	missed map[*room]span // what was not sent while paused; nil most of the time
}

// Person says who this is, as others see them now.
func (s *Session) Person() Person { return *s.person.Load() }

// Online gives the people whose home is the same room, sorted by what they are shown as.
func (s *Session) Online() []Person {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if len(s.rooms) == 0 {
		return nil
	}
	return s.hub.online(s.rooms[0])
}

// Rename gives the session another name. Others see the old one leave and the new one join. The error is an *parley.Error
// of CodeNameTaken, and then nothing has changed.
func (s *Session) Rename(name parley.Name) error {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	before := s.Person()
	after := before
	after.Name, after.Shown = name, string(name)
	if len(s.rooms) == 0 || after == before {
		return nil
	}
	if after.key() != before.key() {
		if err := s.hub.register(s, after); err != nil {
			return err
		}
		s.hub.unregister(s, before)
	}
	s.hub.announce(s, ItemLeft)
	s.person.Store(&after)
	s.hub.announce(s, ItemJoined)
	return nil
}

// Watch shows the session what happens in another room too. It still posts to its own, and does not count as being there.
func (s *Session) Watch(info parley.Room) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	for _, r := range s.rooms {
		if r.info.ID == info.ID {
			return
		}
	}
	if len(s.rooms) > 0 {
		s.rooms = append(s.rooms, s.hub.enter(s, info))
	}
}

// Leave ends the session: nothing that happens from now on is sent to its outbox, and the others are told. It is
// idempotent, and does nothing once the hub is closed.
func (s *Session) Leave() {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(s.rooms) == 0 || h.closed {
		return
	}
	h.unregister(s, s.Person())
	h.announce(s, ItemLeft)
	for _, r := range s.rooms {
		h.exit(s, r)
	}
	s.rooms = nil
}
