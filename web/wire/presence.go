package wire

import (
	"strconv"

	"parley"
)

// How many people are named at once: by a Presence, and by a Joined.
const (
	MaxChanges = 100
	MaxMembers = 1000
)

// Presence says who came to a room and who went since the last one. Where that is more than a hundred people it names
// nobody: whoever wants to know asks for the members again.
type Presence struct {
	Room   Place    `json:"room"`
	Joined []Person `json:"joined,omitempty"`
	Left   []Person `json:"left,omitempty"`
	Count  int      `json:"count"` // how many are here now
}

// PeopleTyping says who is writing something in a room. Each is to be shown for five seconds, or until a message of theirs
// comes.
type PeopleTyping struct {
	Room   Place        `json:"room"`
	People List[Person] `json:"people"`
}

// ReadUpTo says how far the reader themselves have read a room, on another of their devices.
type ReadUpTo struct {
	Room   Place      `json:"room"`
	Number parley.Seq `json:"number"`
}

// Type is TypePresence.
func (Presence) Type() Type { return TypePresence }

// Append writes the message. It allocates nothing but the growth of dst.
func (m Presence) Append(dst []byte) []byte {
	dst = appendString(append(dst, `{"type":"presence","room":`...), string(m.Room))
	if len(m.Joined) > 0 {
		dst = appendPeople(append(dst, `,"joined":`...), m.Joined)
	}
	if len(m.Left) > 0 {
		dst = appendPeople(append(dst, `,"left":`...), m.Left)
	}
	dst = strconv.AppendInt(append(dst, `,"count":`...), int64(m.Count), 10)
	return append(dst, '}')
}

func (Presence) fromServer() {}

// Type is TypeTyping.
func (PeopleTyping) Type() Type { return TypeTyping }

// Append writes the message. It allocates nothing but the growth of dst.
func (m PeopleTyping) Append(dst []byte) []byte {
	dst = appendString(append(dst, `{"type":"typing","room":`...), string(m.Room))
	return append(appendPeople(append(dst, `,"people":`...), m.People), '}')
}

func (PeopleTyping) fromServer() {}

// Type is TypeRead.
func (ReadUpTo) Type() Type { return TypeRead }

// Append writes the message. It allocates nothing but the growth of dst.
func (m ReadUpTo) Append(dst []byte) []byte {
	dst = appendString(append(dst, `{"type":"read","room":`...), string(m.Room))
	dst = strconv.AppendInt(append(dst, `,"number":`...), int64(m.Number), 10)
	return append(dst, '}')
}

func (ReadUpTo) fromServer() {}
