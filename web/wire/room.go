package wire

import "parley"

// Room is a room, and how the reader stands to it.
type Room struct {
	Name  parley.RoomName `json:"name"`
	Kind  parley.RoomKind `json:"kind"`
	Topic string          `json:"topic"`
	Role  parley.Role     `json:"role,omitempty"` // the reader's, that this room has given them
	Position
}

// Position is where a room's numbers are, and how far the reader has read.
type Position struct {
	First    parley.Seq `json:"first"`    // the oldest number that is kept
	Last     parley.Seq `json:"last"`     // the newest number, 0 for none
	Read     parley.Seq `json:"read"`     // how far the reader has read, on any device
	Unread   int        `json:"unread"`   // messages of others after that, counted up to 1000
	Mentions int        `json:"mentions"` // those of them that name the reader, counted up to 1000
}

// Rooms is the list of the rooms that the reader may enter, by name.
type Rooms struct {
	Items List[Room] `json:"items"`
}

// NewRoom is the body that makes a room, whose owner is whoever sends it.
type NewRoom struct {
	Name  string          `json:"name"`
	Kind  parley.RoomKind `json:"kind,omitempty"` // "public" where it is left out
	Topic string          `json:"topic,omitempty"`
}

// RoomChange is the body that changes a room: what is there, and nothing else.
type RoomChange struct {
	Kind  *parley.RoomKind `json:"kind,omitempty"`
	Topic *string          `json:"topic,omitempty"`
}

// Conversation is a direct conversation of the reader.
type Conversation struct {
	Room Place  `json:"room"` // its id
	With Person `json:"with"`
	At   Time   `json:"at"` // of the newest event
	Position
}

// Conversations is the list of the reader's conversations, the newest first.
type Conversations struct {
	Items List[Conversation] `json:"items"`
}

// ReadPosition is the body that says how far the reader has read a room.
type ReadPosition struct {
	Number parley.Seq `json:"number"`
}

func (b NewRoom) check() error { return firstError(checkThere("name", b.Name), checkKind(b.Kind)) }

func (b RoomChange) check() error {
	switch {
	case b.Kind == nil && b.Topic == nil:
		return parley.Errorf(parley.CodeInvalid, "this changes nothing")
	case b.Kind != nil:
		return firstError(checkThere("kind", string(*b.Kind)), checkKind(*b.Kind))
	}
	return nil
}

func (b ReadPosition) check() error { return checkNumber("number", b.Number, 1) }

// checkKind tells whether kind is one that a room can be made or become, or "".
func checkKind(kind parley.RoomKind) error {
	if kind == "" {
		return nil
	}
	_, err := parley.ParseRoomKind(string(kind))
	return err
}
