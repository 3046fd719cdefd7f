package wire

import "parley"

// Welcome answers a Hello: the reader is who they said, and may go on.
type Welcome struct {
	You     Me           `json:"you"`
	Token   parley.Token `json:"token,omitempty"` // where it was asked for: the next Hello can show it
	Expires Time         `json:"expires,omitzero"`
	Server  Server       `json:"server"`
	Limits  Limits       `json:"limits"`
}

// Server says what program answers.
type Server struct {
	Version string `json:"version"`
}

// Limits is how much of something is taken.
type Limits struct {
	Frame    int `json:"frame"`    // bytes of a message from a client, all of it
	Text     int `json:"text"`     // bytes of a text, as UTF-8
	Lines    int `json:"lines"`    // lines of a text
	Rooms    int `json:"rooms"`    // rooms named in one hello
	Reaction int `json:"reaction"` // bytes of a reaction
}

// TheLimits gives the limits that are in force here.
func TheLimits() Limits {
	return Limits{Frame: MaxFrame, Text: parley.MaxText, Lines: parley.MaxLines, Rooms: MaxRooms, Reaction: parley.MaxReaction}
}

// Joined answers a Join, and each room of a Hello. The events after the number that was asked for follow it, in order, and
// then what happens, with no gap and no double between.
type Joined struct {
	ID       parley.MessageID `json:"id,omitempty"` // of the Join
	Room     Place            `json:"room"`
	Kind     parley.RoomKind  `json:"kind"`
	Topic    string           `json:"topic,omitempty"`
	With     *Person          `json:"with,omitempty"` // the other one of a conversation
	Role     parley.Role      `json:"role,omitempty"` // the reader's, that this room has given them
	First    parley.Seq       `json:"first"`          // the oldest number that is kept
	Last     parley.Seq       `json:"last"`           // the newest number, 0 for none
	Read     parley.Seq       `json:"read"`           // how far the reader has read, on any device
	Unread   int              `json:"unread"`         // messages of others after that, counted up to 1000
	Mentions int              `json:"mentions"`       // those of them that name the reader, counted up to 1000
	Members  List[Person]     `json:"members"`        // who is here now, the first thousand of them
	Count    int              `json:"count"`          // how many are here now
	More     bool             `json:"more,omitempty"` // one page follows, and the reader is not in the room: join again after Next
	Next     parley.Seq       `json:"next,omitempty"` // with More
}

// Type is TypeWelcome.
func (Welcome) Type() Type { return TypeWelcome }

// Append writes the message.
func (m Welcome) Append(dst []byte) []byte { return appendTyped(dst, TypeWelcome, m) }

func (Welcome) fromServer() {}

// Type is TypeJoined.
func (Joined) Type() Type { return TypeJoined }

// Append writes the message.
func (m Joined) Append(dst []byte) []byte { return appendTyped(dst, TypeJoined, m) }

func (Joined) fromServer() {}
