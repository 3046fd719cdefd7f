package web

import (
	"context"

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
	joined, err := s.place.Join(ctx, room.ID, after, func(j hub.Joined, block []byte) error {
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
		return unknownRoom(r.Room, err)
	}
	if !joined.More {
		s.remember(wire.PlaceOf(&joined.Room), room.ID)
	}
	return nil
}

// remember notes that the client is in a room.
func (s *socket) remember(place wire.Place, id parley.RoomID) {
	if s.rooms == nil {
		s.rooms = make(map[wire.Place]parley.RoomID, 1)
	}
	s.rooms[place] = id
}

// depart takes the client out of a room.
func (s *socket) depart(ctx context.Context, m wire.Leave) error {
	room, err := s.room(ctx, m.Room)
	if err != nil {
		return err
	}
	s.place.Part(room)
	for place, id := range s.rooms {
		if id == room {
			delete(s.rooms, place)
		}
	}
	return nil
}

// room gives the id of the room that the client means: one that it has joined, or another that it may know of.
func (s *socket) room(ctx context.Context, place wire.Place) (parley.RoomID, error) {
	if id, ok := s.rooms[place]; ok {
		return id, nil
	}
	who := s.place.Person().ID
	room, err := s.server.find(ctx, who, place)
	if err != nil {
		return "", err
	}
	return room.ID, unknownRoom(place, s.server.may(ctx, who, room, parley.VerbEnter))
}
