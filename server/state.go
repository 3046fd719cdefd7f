package server

import (
	"context"

	"parley"
	"parley/sqlite"
)

// state is what the hub reads: the rooms of the listeners, which everybody may enter, and what was said in them. Nobody
// has an account.
type state struct {
	store *sqlite.Store
	rooms map[parley.RoomID]parley.Room // set before anybody is served
}

// Events gives the messages of a room whose number is over after, oldest first and at most limit.
func (s *state) Events(
	ctx context.Context, room parley.RoomID, after parley.Seq, limit int,
) ([]parley.Applied, error) {
	messages, err := s.store.Messages(ctx, room, after, limit)
	events := make([]parley.Applied, len(messages))
	for i, m := range messages {
		events[i] = parley.Applied{Event: parley.MessagePosted{Message: m}, Outcome: parley.Outcome{Seq: m.Seq}}
	}
	return events, err
}

// RoomByID gives a room of the listeners as the store knows it.
func (s *state) RoomByID(ctx context.Context, id parley.RoomID) (parley.Room, error) {
	room, ok := s.rooms[id]
	if !ok {
		return parley.Room{}, parley.Errorf(parley.CodeNoSuchRoom, "there is no such room")
	}
	return s.store.Room(ctx, room.Name)
}

// Standing gives that of the operator, and of everybody else.
func (*state) Standing(_ context.Context, _ parley.RoomID, who parley.SenderID) (parley.Standing, error) {
	if who == parley.OperatorID {
		return parley.Standing{Role: parley.RoleOwner}, nil
	}
	return parley.Standing{Role: parley.RoleGuest}, nil
}

// Account finds none.
func (*state) Account(context.Context, parley.NameKey) (parley.Account, error) {
	return parley.Account{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
}

// AccountByID finds none.
func (*state) AccountByID(context.Context, parley.SenderID) (parley.Account, error) {
	return parley.Account{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
}

// Logins finds none.
func (*state) Logins(context.Context, parley.SenderID) ([]parley.Login, error) { return nil, nil }
