package hub

import (
	"context"
	"time"

	"parley"
)

// How many rooms somebody may make who is no owner of the server: rooms are for good, and everybody's list has them
// all.
const (
	roomsAtOnce = 50
	roomEvery   = 3 * time.Minute
	maxMakers   = 16 << 10
)

// OpenRoom makes a room of this name, kind and topic, whose owner by is. The error is an *parley.Error: CodeForbidden
// for whoever may not make rooms, CodeThrottled, with a parley.Wait as its cause, for whoever has made too many,
// CodeNameTaken, CodeNameInvalid, CodeInvalid or CodeTooLong; or ctx's.
func (h *Hub) OpenRoom(ctx context.Context, by parley.Identity, room parley.Room) (parley.Room, error) {
	if !by.Role.AtLeast(h.makeRooms) {
		return parley.Room{}, parley.Errorf(parley.CodeForbidden, "you may not make rooms")
	}
	made := parley.Room{ID: parley.NewRoomID(), Topic: parley.CleanText(room.Topic)}
	var err error
	if made.Name, err = parley.ParseRoomName(string(room.Name)); err != nil {
		return parley.Room{}, err
	}
	if made.Kind, err = parley.ParseRoomKind(string(room.Kind)); err != nil {
		return parley.Room{}, err
	}
	if err := parley.CheckTopic(made.Topic); err != nil {
		return parley.Room{}, err
	}
	if err := h.mayMakeAnother(by); err != nil {
		return parley.Room{}, err
	}
	outcomes, err := h.append(ctx, nil, parley.RoomOpened{Room: made, By: h.senderOf(by), At: h.now()})
	if err != nil {
		return parley.Room{}, err
	}
	made.First = 1
	return made, outcomes[0].Err
}

// mayMakeAnother counts a room that somebody wants to make.
func (h *Hub) mayMakeAnother(by parley.Identity) error {
	if by.Role == parley.RoleOwner {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if wait := h.rooming.Take(by.ID, h.now()); wait > 0 {
		return parley.Errorf(parley.CodeThrottled, "you have made many rooms, make the next one in %w",
			parley.WaitFor(wait))
	}
	return nil
}
