package hub

import (
	"context"

	"parley"
)

// OpenRoom makes a room of this name, kind and topic, whose owner by is. The error is an *parley.Error: CodeForbidden
// for whoever may not make rooms, CodeNameTaken, CodeNameInvalid, CodeInvalid or CodeTooLong; or ctx's.
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
	outcomes, err := h.append(ctx, nil, parley.RoomOpened{Room: made, By: h.senderOf(by), At: h.now()})
	if err != nil {
		return parley.Room{}, err
	}
	made.First = 1
	return made, outcomes[0].Err
}
