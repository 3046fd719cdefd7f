package web

import (
	"context"
	"slices"

	"parley"
	"parley/hub"
	"parley/web/wire"
)

// join brings the client into a room, or shows it one page of what it has missed there.
func (s *socket) join(ctx context.Context, id parley.MessageID, r wire.Resume) error {
	room, err := s.server.find(ctx, s.place.Person().ID, r.Room)
	if err != nil {
		return err
	}
	after := hub.FromNow
	if r.After != nil {
		after = *r.After
	}
	begun := false
	joined, err := s.place.Join(ctx, room.ID, after, func(j hub.Joined, block []byte) error {
		begun = true
		s.entry.release()
		if block != nil {
			s.conn.Send([][]byte{block})
			return s.conn.Flush(ctx)
		}
		m, err := s.server.joined(ctx, s.place.Person(), &j)
		if err != nil {
			return err
		}
		m.ID = id
		s.answer(m)
		return s.flush()
	})
	if err != nil {
		if begun {
			s.send()
			s.Close(err) // nothing would be sent to it any more
		}
		return unknownRoom(r.Room, err)
	}
	if !joined.More {
		s.remember(wire.PlaceOf(&joined.Room), room.ID)
	}
	return nil
}

// presence is a room that a client is in. Most are in few, which a list finds as fast as a map, and keeps in a tenth of
// the memory.
type presence struct {
	place wire.Place
	room  parley.RoomID
}

// remember notes that the client is in a room.
func (s *socket) remember(place wire.Place, id parley.RoomID) {
	if s.known(place) == "" {
		s.rooms = append(s.rooms, presence{place, id})
	}
}

// known gives the id of a room that the client is in, "" for any other.
func (s *socket) known(place wire.Place) parley.RoomID {
	for _, p := range s.rooms {
		if p.place == place {
			return p.room
		}
	}
	return ""
}

// depart takes the client out of a room.
func (s *socket) depart(ctx context.Context, m wire.Leave) error {
	room, err := s.room(ctx, m.Room)
	if err != nil {
		return err
	}
	s.place.Part(room)
	s.rooms = slices.DeleteFunc(s.rooms, func(p presence) bool { return p.room == room })
	return nil
}

// room gives the id of the room that the client means: one that it has joined, or another that it may know of.
func (s *socket) room(ctx context.Context, place wire.Place) (parley.RoomID, error) {
	if id := s.known(place); id != "" {
		return id, nil
	}
	who := s.place.Person().ID
	room, err := s.server.find(ctx, who, place)
	if err != nil {
		return "", err
	}
	return room.ID, unknownRoom(place, s.server.may(ctx, who, room, parley.VerbEnter))
}
