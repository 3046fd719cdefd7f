package hub

import (
	"slices"
	"time"

	"parley"
)

// gatherTime is for how long those who come, go and type are gathered before they are shown, once some have been.
const gatherTime = 50 * time.Millisecond

// gather is what there is to tell about the people in a room and has not been told yet. The first change is told at
// once; what follows is told together, so that a thousand who come at once do not become a million lines. The hub's
// mutex guards it.
type gather struct {
	window  *time.Timer // runs while changes are gathered; nil otherwise
	changes []change    // in order
	index   map[attendee]int
	typing  []Person
	quiet   bool // nothing is told now
}

// change is that somebody came or went.
type change struct {
	person Person
	joined bool
	origin *Session
	new    bool // the session came, and was not only called otherwise before
	undone bool // the opposite has happened since
}

// attendee is a person as one sees them in a room: several connections of one person count once.
type attendee struct {
	id    parley.SenderID
	shown string
}

func (p Person) attendee() attendee { return attendee{p.ID, p.Shown} }

// note adds a change. Who comes and goes again before anybody is told has not been there.
func (g *gather) note(c change) {
	key := c.person.attendee()
	if i, ok := g.index[key]; ok {
		g.changes[i].undone = true
		delete(g.index, key)
		return
	}
	if g.index == nil {
		g.index = make(map[attendee]int)
	}
	g.index[key] = len(g.changes)
	g.changes = append(g.changes, c)
}

// take gives the changes that are to be told.
func (g *gather) take() []change {
	told := slices.DeleteFunc(g.changes, func(c change) bool { return c.undone })
	g.changes, g.index = nil, nil
	return told
}

// came notes that s, a member of r, is there now as person; new says whether it was not there before. It holds the
// mutex.
func (h *Hub) came(s *Session, r *room, person Person, new bool) {
	h.note(r, change{person: person, joined: true, origin: s, new: new})
}

// went notes that s, who was person, is not in r any more as that. It holds the mutex.
func (h *Hub) went(s *Session, r *room, person Person) {
	h.note(r, change{person: person, origin: s})
}

// note notes a change, unless the person is in r by another connection. It holds the mutex.
func (h *Hub) note(r *room, c change) {
	h.log.Debug("presence", "joined", c.joined, "room", r.info.Name, "name", c.person.Shown, "listener", c.person.Listener)
	if !h.isElsewhere(c.origin, r, c.person) {
		r.gather.note(c)
		h.changed(r)
	}
}

// isElsewhere reports whether a person is in r by another connection than s. It holds the mutex.
func (h *Hub) isElsewhere(s *Session, r *room, person Person) bool {
	return slices.ContainsFunc(h.people.sessions[person.ID], func(other *Session) bool {
		return other != s && other.Person().attendee() == person.attendee() && other.isIn(r)
	})
}

// changed tells what there is to tell, or leaves it to the window that is open. It holds the mutex.
func (h *Hub) changed(r *room) {
	if r.gather.quiet || r.gather.window != nil {
		return
	}
	if h.tell(r) {
		h.openWindow(r)
	}
}

// openWindow has what changes from now on gathered. It holds the mutex.
func (h *Hub) openWindow(r *room) {
	h.windows.Add(1)
	r.gather.window = time.AfterFunc(gatherTime, func() {
		defer h.windows.Done()
		h.endWindow(r)
	})
}

// endWindow tells what has been gathered, and goes on gathering if that was anything.
func (h *Hub) endWindow(r *room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || r.gather.window == nil {
		return
	}
	r.gather.window = nil
	h.changed(r)
}

// closeWindow stops gathering. It holds the mutex.
func (h *Hub) closeWindow(r *room) {
	if w := r.gather.window; w != nil && w.Stop() {
		h.windows.Done()
	}
	r.gather.window = nil
}

// tell shows who came, went and types, and reports whether there was anything for others to see. It holds the mutex.
func (h *Hub) tell(r *room) bool {
	presence, typing := h.tellPresence(r), h.tellTyping(r)
	return presence || typing
}

// tellPresence shows who came and went. It stands before every event of the room: nobody speaks before they are seen to
// have come. It holds the mutex.
func (h *Hub) tellPresence(r *room) (told bool) {
	if len(r.gather.changes) == 0 {
		return false
	}
	changes := r.gather.take()
	if len(changes) == 0 {
		return false
	}
	singly, together := presenceOf(r, changes)
	if slices.ContainsFunc(r.forms, func(f formCount) bool { return gathers(f.form) }) {
		together.items[0].Count = r.headcount()
	}
	for _, f := range r.forms {
		b := singly
		if gathers(f.form) {
			b = together
		}
		told = r.show(h.workers, f.form, b) || told
	}
	return told && len(r.members) > 1 // else there is nobody but who came
}

// presenceOf gives changes as an item each, and as one item.
func presenceOf(r *room, changes []change) (singly, together batch) {
	label := r.label()
	all := Item{Kind: ItemPresence, Room: label}
	people := make([]Person, len(changes))
	for i, c := range changes {
		people[i] = c.person
		item := Item{Kind: ItemPresence, Room: label}
		if c.joined {
			item.Joined = people[i : i+1 : i+1]
			all.Joined = append(all.Joined, c.person)
		} else {
			item.Left = people[i : i+1 : i+1]
			all.Left = append(all.Left, c.person)
		}
		singly.items, singly.origins = append(singly.items, item), append(singly.origins, c.origin)
		singly.arrivals = append(singly.arrivals, c.new)
	}
	together.items, together.origins = []Item{all}, []*Session{nil}
	if other := func(c change) bool { return c.origin != changes[0].origin }; !slices.ContainsFunc(changes, other) {
		together.origins[0] = changes[0].origin
	}
	return singly, together
}

// headcount is how many people are in r. The hub's mutex is held.
func (r *room) headcount() int {
	seen := make(map[attendee]struct{}, len(r.members))
	for _, s := range r.members {
		if s.isIn(r) {
			seen[s.person.Load().attendee()] = struct{}{}
		}
	}
	return len(seen)
}

// Present gives the people who are in a room, each once, sorted by what they are shown as; of a conversation, those of
// the two who are connected.
func (h *Hub) Present(room parley.RoomID) []Person {
	h.mu.Lock()
	crowd := h.crowd(room)
	h.mu.Unlock()
	return people(sorted(crowd))
}

// crowd gives the people of Present as they stand, somebody with several connections several times: what takes long with
// thousands is left to sorted. It holds the mutex.
func (h *Hub) crowd(room parley.RoomID) []*Person {
	if a, b, direct := room.Pair(); direct {
		return h.pair(a, b)
	}
	r := h.rooms[room]
	if r == nil {
		return nil
	}
	crowd := make([]*Person, 0, len(r.members))
	for _, s := range r.members {
		if s.isIn(r) {
			crowd = append(crowd, s.person.Load())
		}
	}
	return crowd
}

// pair gives those of two who are connected. It holds the mutex.
func (h *Hub) pair(a, b parley.SenderID) []*Person {
	var pair []*Person
	for _, who := range slices.Compact([]parley.SenderID{a, b}) {
		if sessions := h.people.sessions[who]; len(sessions) > 0 {
			pair = append(pair, sessions[0].person.Load())
		}
	}
	return pair
}

// sorted gives a crowd each once, sorted by what they are shown as. It needs no mutex.
func sorted(crowd []*Person) []*Person {
	slices.SortFunc(crowd, func(a, b *Person) int { return a.compare(b) })
	return slices.CompactFunc(crowd, func(a, b *Person) bool { return a.attendee() == b.attendee() })
}

// people gives a crowd as it is shown to others.
func people(crowd []*Person) []Person {
	list := slices.Grow([]Person(nil), len(crowd))
	for _, p := range crowd {
		list = append(list, *p)
	}
	return list
}
