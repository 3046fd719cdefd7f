package hub

import (
	"context"

	"parley"
)

// Read notes that somebody has read a room up to a number. Their other connections are shown it. The error is an
// *parley.Error: CodeNoSuchRoom or CodeBanned when they may not be there; or ctx's.
func (s *Session) Read(ctx context.Context, room parley.RoomID, seq parley.Seq) error {
	return s.hub.read(ctx, s, parley.Read{Room: room, Who: s.Person().ID, Seq: seq})
}

// Read is Session.Read for somebody who has no connection here.
func (h *Hub) Read(ctx context.Context, by parley.Identity, room parley.RoomID, seq parley.Seq) error {
	return h.read(ctx, nil, parley.Read{Room: room, Who: by.ID, Seq: seq})
}

// read appends e, which comes from s or from no session.
func (h *Hub) read(ctx context.Context, s *Session, e parley.Read) error {
	if e.Seq < 0 {
		return parley.Errorf(parley.CodeInvalid, "a read position is a number from 0")
	}
	r, err := h.ask(ctx, e.Room)
	if err != nil {
		return err
	}
	defer h.asked(r)
	if err := h.mayEnter(ctx, r, e.Who); err != nil {
		return err
	}
	outcomes, err := h.append(ctx, s, e)
	if err != nil {
		return err
	}
	return outcomes[0].Err
}

// wasRead shows a read position to those of the reader's sessions that it did not come from. It holds the mutex.
func (h *Hub) wasRead(e parley.Read) {
	item := Item{Kind: ItemRead, Room: parley.Room{ID: e.Room}, Read: e.Seq}
	if r := h.rooms[e.Room]; r != nil {
		item.Room = r.label()
	}
	origin := h.inFlight[flightOf(e)]
	for _, s := range h.people.sessions[e.Who] {
		if s == origin {
			continue
		}
		if shown := s.form.AppendItem(nil, &item); len(shown) > 0 {
			s.worker.tasks <- &noting{session: s, shown: shown}
		}
	}
}
