package hub

import "parley"

// Deliver shows a batch of applied events to everyone they are for, and does what follows from them for those who are
// connected. The journal calls it, in order, one call at a time; it waits while the workers are far behind.
func (h *Hub) Deliver(events []parley.Applied) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	for len(events) > 0 {
		n := runLength(events)
		h.deliverRun(events[:n])
		events = events[n:]
	}
}

// runLength gives how many events, from the first on, can be shown together: those of one room, up to one from which
// something follows.
func runLength(events []parley.Applied) int {
	room := roomOf(events[0].Event)
	n := 1
	for n < len(events) && room != "" && !hasEffect(events[n-1].Event) && roomOf(events[n].Event) == room {
		n++
	}
	return n
}

// roomOf gives the room that an event has a number in, "" for one that has none.
func roomOf(e parley.Event) parley.RoomID {
	if in, ok := e.(parley.RoomEvent); ok {
		return in.Head().Room
	}
	return ""
}

// deliverRun delivers events that can be shown together. It holds the mutex.
func (h *Hub) deliverRun(run []parley.Applied) {
	id := roomOf(run[0].Event)
	r := h.rooms[id]
	if a, b, direct := id.Pair(); direct {
		r = h.conversation(id, a, b)
	}
	if r != nil {
		h.show(r, run)
	}
	last := run[len(run)-1]
	if hasEffect(last.Event) && isDone(last.Outcome) {
		h.takeEffect(last.Event, r)
	}
}

// isDone reports whether something has happened.
func isDone(o parley.Outcome) bool { return o.Err == nil && !o.Repeat }

// show shows events in r to its members. It holds the mutex.
func (h *Hub) show(r *room, run []parley.Applied) {
	h.tellBefore(r, run[0].Event)
	b := batch{items: make([]Item, 0, len(run)), origins: make([]*Session, 0, len(run))}
	label := r.label()
	for _, applied := range run {
		e, ok := applied.Event.(parley.RoomEvent)
		if !ok || !isDone(applied.Outcome) {
			continue
		}
		head := e.Head()
		origin := h.inFlight[flight{head.By.ID, head.ID}]
		item := Item{Kind: ItemEvent, Room: label, Event: numbered(e, applied.Outcome.Seq)}
		if origin != nil {
			item.Person = *origin.person.Load()
		}
		b.items, b.origins = append(b.items, item), append(b.origins, origin)
		b.covers = b.covers.with(applied.Outcome.Seq)
		r.hasSpoken(head.By.ID, origin)
	}
	if len(b.items) > 0 {
		r.info.Last, r.counted = b.covers.last, true
		r.publish(h.workers, b)
	}
}

// tellBefore tells of those who came before anything that they say is shown: in a conversation, of whoever speaks in
// it. It holds the mutex.
func (h *Hub) tellBefore(r *room, e parley.Event) {
	h.tellPresence(r)
	if in, ok := e.(parley.RoomEvent); ok && r.info.Kind == parley.RoomDirect {
		for _, s := range h.people.sessions[in.Head().By.ID] {
			for _, have := range s.stays {
				h.tellPresence(have.room)
			}
		}
	}
}

// with gives s with the next number in it.
func (s span) with(seq parley.Seq) span {
	if s.last == 0 {
		s.after = seq - 1
	}
	s.last = seq
	return s
}

// numbered gives e with its number in it.
func numbered(e parley.RoomEvent, seq parley.Seq) parley.RoomEvent {
	switch e := e.(type) {
	case parley.MessagePosted:
		e.Message.Seq = seq
		return e
	case parley.MessageEdited:
		e.Entry.Seq = seq
		return e
	case parley.MessageDeleted:
		e.Entry.Seq = seq
		return e
	case parley.MessageReacted:
		e.Entry.Seq = seq
		return e
	case parley.MemberChanged:
		e.Entry.Seq = seq
		return e
	case parley.RoomChanged:
		e.Entry.Seq = seq
		return e
	}
	return e
}
