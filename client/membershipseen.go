package client

import (
	"strings"

	"parley"
	"parley/client/socket"
	"parley/web/wire"
)

// self gives the id of who this is.
func (m *membership) self() parley.SenderID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.me.ID
}

// isNew reports whether this is a guest who was not here before, and cannot have talked to anybody.
func (m *membership) isNew() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.based = m.based || !m.me.Account && m.client.options.Token == ""
	return m.based
}

// join gives what asks for a room.
func (m *membership) join(place wire.Place) wire.Join {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen.Join(place)
}

// entered takes the answer to what join gave.
func (m *membership) entered(j wire.Joined) socket.Entered {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen.Joined(j)
}

// take says what to do with an event.
func (m *membership) take(e wire.Entry) (socket.Verdict, *wire.Join) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, talk := e.Room.Conversation(); talk && m.based {
		m.seen.Know(e.Room, 0) // one that is not known has begun since
	}
	return m.seen.Take(e)
}

// caughtUp reports, once for each connection, that everything which was missed in a room has been seen.
func (m *membership) caughtUp(place wire.Place) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen.CaughtUp(place)
}

// catchUp gives what asks for that which was missed of the conversations.
func (m *membership) catchUp(talks []wire.Conversation) (joins []wire.Join) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range talks {
		before := t.Last
		if m.based {
			before = 0
		}
		m.seen.Know(t.Room, before)
		if last, _ := m.seen.Last(t.Room); last < t.Last && !m.seen.Live(t.Room) {
			joins = append(joins, m.seen.Join(t.Room))
		}
	}
	m.based = true
	return joins
}

// maxNames is how many names are remembered.
const maxNames = 10_000

// meet notes the names of people.
func (m *membership) meet(people ...wire.Person) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.names == nil || len(m.names)+len(people) > maxNames {
		m.names = make(map[string]parley.SenderID, len(people))
	}
	for _, p := range people {
		m.names[strings.ToLower(p.Name)] = p.ID
	}
}

// recipient splits "NAME: TEXT": the longest name of somebody who is or was in the room that is followed by a colon counts,
// whatever its case, else what stands before the first colon. Talk is the conversation with them, "" where it is not known.
func (m *membership) recipient(rest string) (to, text string, talk wire.Place) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := strings.LastIndexByte(rest, ':'); i > 0; i = strings.LastIndexByte(rest[:i], ':') {
		if id, known := m.names[strings.ToLower(rest[:i])]; known {
			return rest[:i], strings.TrimLeft(rest[i+1:], " "), wire.Place(parley.DirectRoom(m.me.ID, id))
		}
	}
	to, text, _ = strings.Cut(rest, ":")
	return strings.TrimSpace(to), strings.TrimLeft(text, " "), ""
}
