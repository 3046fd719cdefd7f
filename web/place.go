package web

import (
	"context"
	"errors"

	"parley"
	"parley/hub"
	"parley/web/wire"
)

// find gives the room that somebody means. Whether they may enter it has to be asked before they are told anything
// else, and be it that what they want makes no sense. The error is an *parley.Error, CodeNoSuchRoom or CodeNoSuchUser.
func (s *Server) find(ctx context.Context, who parley.SenderID, place wire.Place) (parley.Room, error) {
	if name, ok := place.Person(); ok {
		return s.Hub.Conversation(ctx, who, name)
	}
	if id, ok := place.Conversation(); ok {
		if err := parley.Participant(id, who); err != nil {
			return parley.Room{}, unknownRoom(place, err)
		}
		room, err := s.State.RoomByID(ctx, id)
		return room, unknownRoom(place, err)
	}
	name, ok := place.Room()
	if !ok {
		return parley.Room{}, unknownRoom(place, errNoSuchRoom)
	}
	room, err := s.State.Room(ctx, name)
	return room, unknownRoom(place, err)
}

// may tells whether somebody may do verb in a room.
func (s *Server) may(ctx context.Context, who parley.SenderID, room parley.Room, verb parley.Verb) error {
	if room.Kind == parley.RoomDirect {
		if err := parley.Participant(room.ID, who); err != nil {
			return err
		}
		return parley.May(parley.Standing{Role: parley.RoleMember, InRoom: parley.RoleMember}, room.Kind, verb)
	}
	standing, err := s.State.Standing(ctx, room.ID, who)
	if err != nil {
		return err
	}
	return parley.May(standing, room.Kind, verb)
}

var errNoSuchRoom = &parley.Error{Code: parley.CodeNoSuchRoom}

// unknownRoom gives err with one sentence for every room that somebody is not to know of, whether or not it exists.
func unknownRoom(place wire.Place, err error) error {
	if errors.Is(err, errNoSuchRoom) {
		return parley.Errorf(parley.CodeNoSuchRoom, "there is no room %s", parley.CleanLine(string(place)))
	}
	return err
}

// joined tells somebody of a room that they enter.
func (s *Server) joined(ctx context.Context, who hub.Person, j *hub.Joined) (wire.Joined, error) {
	unread, err := s.State.Unread(ctx, who.ID, j.Room.ID)
	if err != nil {
		return wire.Joined{}, err
	}
	standing, err := s.State.Standing(ctx, j.Room.ID, who.ID)
	if err != nil {
		return wire.Joined{}, err
	}
	m := wire.Joined{
		Room:     wire.PlaceOf(&j.Room),
		Kind:     j.Room.Kind,
		Topic:    j.Room.Topic,
		Role:     standing.InRoom,
		First:    j.Room.First,
		Last:     j.Room.Last,
		Read:     unread.Read,
		Unread:   unread.Messages,
		Mentions: unread.Mentions,
		Members:  members(j.Members),
		Count:    len(j.Members),
		More:     j.More,
		Next:     j.Next,
	}
	if j.Room.Kind == parley.RoomDirect {
		m.With = s.otherOf(ctx, j.Room.ID, who.ID)
	}
	return m, nil
}

// otherOf gives the other one of a conversation, by name where somebody of that id is known.
func (s *Server) otherOf(ctx context.Context, id parley.RoomID, who parley.SenderID) *wire.Person {
	a, b, _ := id.Pair()
	if a == who {
		a = b
	}
	other := &wire.Person{ID: a}
	if a == parley.OperatorID {
		other.Name = string(parley.ServerName)
	} else if account, err := s.State.AccountByID(ctx, a); err == nil {
		other.Name = string(account.Name)
	}
	return other
}

// members are those who are in a room, as far as they are listed.
func members(here []*hub.Person) []wire.Person {
	list := make([]wire.Person, min(len(here), wire.MaxMembers))
	for i := range list {
		list[i] = personOf(here[i])
	}
	return list
}

// personOf is somebody as others see them.
func personOf(p *hub.Person) wire.Person { return wire.Person{ID: p.ID, Name: p.Shown, Role: p.Role} }

// people are those who are here, as others see them.
func people(here []hub.Person) []wire.Person {
	list := make([]wire.Person, len(here))
	for i := range here {
		list[i] = personOf(&here[i])
	}
	return list
}
