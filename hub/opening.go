package hub

import (
	"context"

	"parley"
)

// errNoSuchRoom is the answer about a room that does not exist, and about one that somebody is not to know of.
var errNoSuchRoom = parley.Errorf(parley.CodeNoSuchRoom, "there is no such room")

// ask gives the room of that id, whose info is known then, and keeps it until asked is called. The error is an
// *parley.Error, CodeNoSuchRoom for one that does not exist; a conversation always does.
func (h *Hub) ask(ctx context.Context, id parley.RoomID) (*room, error) {
	r, known, err := h.keep(id)
	if err != nil || known {
		return r, err
	}
	info, err := h.readRoom(ctx, id)
	if err != nil {
		h.asked(r)
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	r.learn(info)
	return r, nil
}

// keep gives the room of that id, and whether its info is known.
func (h *Hub) keep(id parley.RoomID) (r *room, known bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, false, errStopping
	}
	r = h.rooms[id]
	if r == nil {
		r = &room{info: parley.Room{ID: id}}
		h.rooms[id] = r
	}
	r.askers++
	return r, r.known, nil
}

// asked ends what ask began.
func (h *Hub) asked(r *room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.askers--
	h.dissolve(r)
}

// dissolve forgets r when nobody is there. It holds the mutex.
func (h *Hub) dissolve(r *room) {
	if len(r.members) == 0 && r.askers == 0 && h.rooms[r.info.ID] == r {
		h.closeWindow(r)
		delete(h.rooms, r.info.ID)
	}
}

// readRoom reads a room from the state.
func (h *Hub) readRoom(ctx context.Context, id parley.RoomID) (parley.Room, error) {
	info, err := h.state.RoomByID(ctx, id)
	if parley.CodeOf(err) != parley.CodeNoSuchRoom {
		return info, err
	}
	if _, _, direct := id.Pair(); direct {
		return parley.Room{ID: id, Kind: parley.RoomDirect, First: 1}, nil
	}
	return parley.Room{}, errNoSuchRoom
}

// learn notes what was read from the state about r, but for what was delivered meanwhile, which is newer.
func (r *room) learn(info parley.Room) {
	if r.known {
		return
	}
	if r.counted {
		info.Last = r.info.Last
	}
	if r.changed {
		info.Topic, info.Kind = r.info.Topic, r.info.Kind
	}
	r.info, r.known = info, true
}

// count sees to it that the last number delivered in r is known, where somebody has asked about r. What is committed
// need not be delivered yet: so what the state says counts only once everything that was there before has been
// delivered. Whatever is delivered from the asking on counts by itself.
func (h *Hub) count(ctx context.Context, r *room) error {
	h.mu.Lock()
	counted := r.counted
	h.mu.Unlock()
	if counted {
		return nil
	}
	info, err := h.readRoom(ctx, r.info.ID)
	if err != nil {
		return err
	}
	if _, err := h.append(ctx, nil); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !r.counted {
		r.info.First, r.info.Last, r.counted = info.First, info.Last, true
	}
	return nil
}
