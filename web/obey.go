package web

import (
	"context"

	"parley"
	"parley/web/wire"
)

// asked is an event that a client has asked for, and what to call it in the answer.
type asked struct {
	id    parley.MessageID
	room  wire.Place
	event parley.RoomEvent
}

// obey does what one message of the client asks for. An error is why the connection ends; what is only refused is
// answered.
func (s *socket) obey(text []byte) error {
	ctx := context.Background()
	m, err := wire.DecodeClient(text)
	if err != nil {
		s.settle()
		s.refuse(wire.RequestID(text), err)
		return nil
	}
	if hello, ok := m.(wire.Hello); ok {
		s.hello = &hello // next sees to it
		return nil
	}
	if s.place == nil {
		s.refuse("", parley.Errorf(parley.CodeInvalid, "say hello first"))
		return nil
	}
	if id, room, event, err := s.event(ctx, m); event != nil || err != nil {
		if err != nil {
			s.settle()
			s.refuse(id, err)
			return nil
		}
		s.posts = append(s.posts, asked{id, room, event})
		return nil
	}
	s.settle() // what was asked for before is done before
	id, err := s.do(ctx, m)
	if err != nil {
		s.refuse(id, err)
	}
	return nil
}

// answerHello answers a hello that was refused. Somebody who is refused again and again is let go.
func (s *socket) answerHello(err error) error {
	if err == nil {
		return nil
	}
	s.refuse("", err)
	if s.hellos++; s.place == nil && s.hellos >= maxHellos {
		return err
	}
	return nil
}

// event gives the event that a message asks for, nil where it asks for something that takes no number.
func (s *socket) event(ctx context.Context, m wire.ClientMessage) (parley.MessageID, wire.Place, parley.RoomEvent, error) {
	switch m := m.(type) {
	case wire.Post:
		return s.posted(ctx, m.ID, m.Room, m.Words)
	case wire.Direct:
		return s.posted(ctx, m.ID, wire.Place("@"+m.To), m.Words)
	case wire.Edit:
		room, err := s.room(ctx, m.Room)
		return m.ID, m.Room, parley.MessageEdited{Entry: parley.Entry{Room: room, ID: m.ID}, Target: m.Target, Text: string(m.Text)}, err
	case wire.Delete:
		room, err := s.room(ctx, m.Room)
		return m.ID, m.Room, parley.MessageDeleted{Entry: parley.Entry{Room: room, ID: m.ID}, Target: m.Target}, err
	case wire.React:
		room, err := s.room(ctx, m.Room)
		return m.ID, m.Room, parley.MessageReacted{
			Entry: parley.Entry{Room: room, ID: m.ID}, Target: m.Target, Emoji: m.Emoji, On: !m.Off,
		}, err
	}
	return "", "", nil, nil
}

// posted gives the event of something that the client says.
func (s *socket) posted(ctx context.Context, id parley.MessageID, place wire.Place, w wire.Words) (
	parley.MessageID, wire.Place, parley.RoomEvent, error,
) {
	room, err := s.room(ctx, place)
	if err != nil {
		return id, place, nil, err
	}
	if _, isPerson := place.Person(); isPerson {
		place = wire.Place(room)
	}
	return id, place, parley.MessagePosted{Message: parley.Message{Room: room, ID: id, Text: string(w.Text), Reply: w.Reply}}, nil
}

// do does what takes no number, and answers it.
func (s *socket) do(ctx context.Context, m wire.ClientMessage) (parley.MessageID, error) {
	switch m := m.(type) {
	case wire.Join:
		return m.ID, s.join(ctx, m.ID, m.Resume)
	case wire.Leave:
		return m.ID, s.done(m.ID, s.depart(ctx, m))
	case wire.Typing:
		room, err := s.room(ctx, m.Room)
		if err == nil {
			err = unknownRoom(m.Room, s.place.Typing(room))
		}
		return m.ID, s.done(m.ID, err)
	case wire.Read:
		room, err := s.room(ctx, m.Room)
		if err == nil {
			err = unknownRoom(m.Room, s.place.Read(ctx, room, m.Number))
		}
		return m.ID, s.done(m.ID, err)
	case wire.Ping:
		s.answer(wire.Pong(m))
	}
	return "", nil
}

// done acknowledges what was asked for with an id, unless it was not done.
func (s *socket) done(id parley.MessageID, err error) error {
	if err == nil && id != "" {
		s.answer(wire.Ack{ID: id})
	}
	return err
}

// settle does what has been asked for so far, and answers it.
func (s *socket) settle() { s.post() }

// post has the events done that have been gathered, in order and as one batch, and answers each.
func (s *socket) post() {
	if len(s.posts) == 0 {
		return
	}
	events := make([]parley.RoomEvent, len(s.posts))
	for i := range s.posts {
		events[i] = s.posts[i].event
	}
	outcomes, err := s.place.DoAll(context.Background(), events...)
	for i, p := range s.posts {
		switch {
		case err != nil:
			s.refuse(p.id, err)
		case outcomes[i].Err != nil:
			s.refuse(p.id, unknownRoom(p.room, outcomes[i].Err))
		default:
			s.answer(wire.Ack{ID: p.id, Room: p.room, Number: outcomes[i].Seq})
		}
	}
	s.posts = nil
}

// refuse answers with an error.
func (s *socket) refuse(id parley.MessageID, err error) {
	if code := parley.CodeOf(err); code == parley.CodeInternal || code == parley.CodeStore {
		s.server.log.Error("a request failed", "from", s.conn.RemoteAddr(), "error", err)
	}
	s.answer(wire.RefusedFor(id, err))
}
