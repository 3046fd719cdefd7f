package wire

import "parley"

// MaxRooms is how many rooms one Hello can name.
const MaxRooms = 100

// maxClient is the longest Hello.Client, in bytes.
const maxClient = 64

// Hello is the first message of a client. It says who they are: by token, by name and password, by a name alone, or by
// nothing, as a guest whom the server names. It is answered by a Welcome and one Joined for each room, or by a Refused,
// after which another Hello may come.
type Hello struct {
	Token    parley.Token `json:"token,omitempty"`    // of an earlier session; then without name and password
	Name     string       `json:"name,omitempty"`     // the name to be known by
	Password string       `json:"password,omitempty"` // of the account with that name
	Ticket                // of an invite for guests; then without token and password, and answered with a token
	Keep     bool         `json:"keep,omitempty"`   // asks for a token to come back with
	Rooms    []Resume     `json:"rooms,omitempty"`  // rooms to join at once, at most 100
	Client   string       `json:"client,omitempty"` // the program and its version, at most 64 bytes
}

// Resume is a room, and what has been seen of it.
type Resume struct {
	Room  Place       `json:"room"`
	After *parley.Seq `json:"after,omitempty"` // the last number seen, 0 for none; left out to get only what is new
}

// Join asks to be in a room: to be shown what happens in it, and before that what happened after a number. It is answered
// by a Joined. Joining again where one is already is no error, and answered anew.
type Join struct {
	ID parley.MessageID `json:"id,omitempty"` // of this request; the answer repeats it
	Resume
}

// Leave asks not to be shown any more what happens in a room.
type Leave struct {
	ID   parley.MessageID `json:"id,omitempty"` // of this request; the answer repeats it
	Room Place            `json:"room"`
}

// Type is TypeHello.
func (Hello) Type() Type { return TypeHello }

// Append writes the message.
func (m Hello) Append(dst []byte) []byte { return appendTyped(dst, TypeHello, m) }

func (m Hello) check() error {
	switch {
	case m.Token != "" && m.Name+m.Password != "":
		return parley.Errorf(parley.CodeInvalid, "a hello has a token or a name, not both")
	case m.Password != "" && m.Name == "":
		return parley.Errorf(parley.CodeInvalid, "a password needs the name that it belongs to")
	case m.Invite != "" && (m.Token != "" || m.Password != ""):
		return parley.Errorf(parley.CodeInvalid, "an invite for guests goes with a name alone")
	case len(m.Rooms) > MaxRooms:
		return parley.Errorf(parley.CodeInvalid, "a hello names at most %d rooms, join the others afterwards", MaxRooms)
	case len(m.Client) > maxClient:
		return parley.Errorf(parley.CodeTooLong, "the field client has at most %d bytes", maxClient)
	}
	for _, r := range m.Rooms {
		if err := r.check(); err != nil {
			return err
		}
	}
	return m.Ticket.check()
}

func (r Resume) check() error {
	if r.After != nil {
		if err := checkNumber("after", *r.After, 0); err != nil {
			return err
		}
	}
	return r.Room.check()
}

// Type is TypeJoin.
func (Join) Type() Type { return TypeJoin }

// Append writes the message.
func (m Join) Append(dst []byte) []byte { return appendTyped(dst, TypeJoin, m) }

func (m Join) check() error { return firstError(checkOptionalID(m.ID), m.Resume.check()) }

// Type is TypeLeave.
func (Leave) Type() Type { return TypeLeave }

// Append writes the message.
func (m Leave) Append(dst []byte) []byte { return appendTyped(dst, TypeLeave, m) }

func (m Leave) check() error { return firstError(checkOptionalID(m.ID), m.Room.check()) }
