package wire

import (
	"strings"

	"parley"
)

// Place names a room on the wire: "lobby" by its name, a conversation of two by its id as the server told it ("d-…+…"), or
// "@alice" for the reader's own conversation with alice. The last is understood from clients; the server never writes it.
type Place string

// PlaceOf gives the Place of a room as the server writes it.
func PlaceOf(room *parley.Room) Place {
	if room.Kind == parley.RoomDirect {
		return Place(room.ID)
	}
	return Place(room.Name)
}

// Person gives the name of whose conversation with the reader is meant; false where the place is no such one.
func (p Place) Person() (name string, ok bool) { return strings.CutPrefix(string(p), "@") }

// Conversation gives the id of the conversation that is meant; false where the place is no such one.
func (p Place) Conversation() (parley.RoomID, bool) {
	_, _, ok := parley.RoomID(p).Pair()
	return parley.RoomID(p), ok
}

// Room gives the name of the room that is meant; false where the place is a conversation or nothing that can be a room.
func (p Place) Room() (parley.RoomName, bool) {
	name, err := parley.ParseRoomName(string(p))
	return name, err == nil
}

// check tells whether p is of one of the forms that Place promises. Whether there is such a room is not asked.
func (p Place) check() error {
	if p == "" {
		return parley.Errorf(parley.CodeInvalid, "the field room is missing")
	}
	if name, ok := p.Person(); ok {
		if name == "" {
			return parley.Errorf(parley.CodeInvalid, "a name stands behind '@'")
		}
		return nil
	}
	if _, ok := p.Conversation(); ok {
		return nil
	}
	_, err := parley.ParseRoomName(string(p))
	return err
}
