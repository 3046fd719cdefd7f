package hub

import (
	"slices"
	"time"

	"parley"
)

// typingEvery is how often it is told that somebody types. Whoever is shown it takes it for over after 5 s.
const typingEvery = 2 * time.Second

// typed is where and when a session was last typing.
type typed struct {
	room *room
	at   time.Time
}

// Typing tells the others in a room, or in a conversation, that somebody is typing there. It may be called for every
// key: it is told at most every 2 s, and again at once after a message. The error is an *parley.Error of CodeNoSuchRoom
// for a room in which the session is not.
func (s *Session) Typing(id parley.RoomID) error {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[id]
	if a, b, direct := id.Pair(); direct && parley.Participant(id, s.Person().ID) == nil {
		r = h.conversation(id, a, b)
	}
	if r == nil || s.gone || h.closed || !s.isMember(r) {
		return errNoSuchRoom
	}
	now := h.now()
	if s.typed != nil && s.typed.room == r && now.Sub(s.typed.at) < typingEvery {
		return nil
	}
	s.typed = &typed{r, now}
	person := s.Person()
	if !slices.ContainsFunc(r.gather.typing, func(p Person) bool { return p.ID == person.ID }) {
		r.gather.typing = append(r.gather.typing, person)
		h.changed(r)
	}
	return nil
}

// tellTyping shows who types, and reports whether anybody is shown it. It holds the mutex.
func (h *Hub) tellTyping(r *room) (told bool) {
	typing := r.gather.typing
	if len(typing) == 0 {
		return false
	}
	r.gather.typing = nil
	origins := []*Session{nil}
	if sessions := h.people.sessions[typing[0].ID]; len(typing) == 1 && len(sessions) == 1 {
		origins = sessions
	}
	b := batch{items: []Item{{Kind: ItemTyping, Room: r.label(), Typing: typing}}, origins: slices.Clone(origins)}
	for _, f := range r.forms {
		told = r.show(h.workers, f.form, b) || told
	}
	return told
}

// hasSpoken notes that somebody who may have been typing in r has said it. It holds the mutex.
func (r *room) hasSpoken(who parley.SenderID, origin *Session) {
	if len(r.gather.typing) > 0 {
		r.gather.typing = slices.DeleteFunc(r.gather.typing, func(p Person) bool { return p.ID == who })
	}
	if origin != nil && origin.typed != nil && origin.typed.room == r {
		origin.typed = nil
	}
}
