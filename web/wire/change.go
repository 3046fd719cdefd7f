package wire

import "parley"

// Edited says that a message has another text.
type Edited struct {
	Entry
	Target parley.Seq `json:"target"` // the message's number
	Text   Text       `json:"text"`   // the newest, even where a later event brought it; "" where the message was deleted since
}

// Deleted says that a message was erased.
type Deleted struct {
	Entry
	Target parley.Seq `json:"target"` // the message's number
}

// Reaction says that somebody reacted to a message, or took that back.
type Reaction struct {
	Entry
	Target parley.Seq `json:"target"` // the message's number
	Emoji  string     `json:"emoji"`
	Off    bool       `json:"off,omitempty"` // it was taken back
}

// MemberChanged says what became of somebody in a room. Its type is "member". Somebody who was kicked or banned is shown it
// as the last of that room.
type MemberChanged struct {
	Entry
	Who    Person              `json:"who"`
	Change parley.MemberChange `json:"change"`
	Role   parley.Role         `json:"role,omitempty"` // that they have in the room now, for "appointed"
}

// RoomChanged says what a room is like now. Its type is "room".
type RoomChanged struct {
	Entry
	Kind  parley.RoomKind `json:"kind"`
	Topic string          `json:"topic"`
}

// Type is TypeEdited.
func (Edited) Type() Type { return TypeEdited }

// Append writes the message. It allocates nothing but the growth of dst.
func (m Edited) Append(dst []byte) []byte {
	dst = m.Entry.append(append(dst, `{"type":"edited"`...))
	dst = appendInt(append(dst, `,"target":`...), m.Target)
	return append(appendString(append(dst, `,"text":`...), string(m.Text)), '}')
}

func (Edited) fromServer() {}

// Type is TypeDeleted.
func (Deleted) Type() Type { return TypeDeleted }

// Append writes the message. It allocates nothing but the growth of dst.
func (m Deleted) Append(dst []byte) []byte {
	dst = m.Entry.append(append(dst, `{"type":"deleted"`...))
	return append(appendInt(append(dst, `,"target":`...), m.Target), '}')
}

func (Deleted) fromServer() {}

// Type is TypeReaction.
func (Reaction) Type() Type { return TypeReaction }

// Append writes the message. It allocates nothing but the growth of dst.
func (m Reaction) Append(dst []byte) []byte {
	dst = m.Entry.append(append(dst, `{"type":"reaction"`...))
	dst = appendInt(append(dst, `,"target":`...), m.Target)
	dst = appendString(append(dst, `,"emoji":`...), m.Emoji)
	return append(appendTrue(dst, `,"off":true`, m.Off), '}')
}

func (Reaction) fromServer() {}

// Type is TypeMember.
func (MemberChanged) Type() Type { return TypeMember }

// Append writes the message. It allocates nothing but the growth of dst.
func (m MemberChanged) Append(dst []byte) []byte {
	dst = m.Entry.append(append(dst, `{"type":"member"`...))
	dst = m.Who.append(append(dst, `,"who":`...))
	dst = appendString(append(dst, `,"change":`...), string(m.Change))
	if m.Role != "" {
		dst = appendString(append(dst, `,"role":`...), string(m.Role))
	}
	return append(dst, '}')
}

func (MemberChanged) fromServer() {}

// Type is TypeRoom.
func (RoomChanged) Type() Type { return TypeRoom }

// Append writes the message. It allocates nothing but the growth of dst.
func (m RoomChanged) Append(dst []byte) []byte {
	dst = m.Entry.append(append(dst, `{"type":"room"`...))
	dst = appendString(append(dst, `,"kind":`...), string(m.Kind))
	return append(appendString(append(dst, `,"topic":`...), m.Topic), '}')
}

func (RoomChanged) fromServer() {}
