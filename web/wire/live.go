package wire

import "parley"

// Typing says that the reader is writing something in a room that they have joined. It is forgotten after five seconds.
type Typing struct {
	ID   parley.MessageID `json:"id,omitempty"` // of this request; the answer repeats it
	Room Place            `json:"room"`
}

// Read says that the reader has read a room up to a number. A lower one than before changes nothing.
type Read struct {
	ID     parley.MessageID `json:"id,omitempty"` // of this request; the answer repeats it
	Room   Place            `json:"room"`
	Number parley.Seq       `json:"number"`
}

// Ping asks for a Pong. Clients that can send the ping of RFC 6455, section 5.5.2, need it not.
type Ping struct {
	ID parley.MessageID `json:"id,omitempty"` // of this request; the answer repeats it
}

// Type is TypeTyping.
func (Typing) Type() Type { return TypeTyping }

// Append writes the message.
func (m Typing) Append(dst []byte) []byte { return appendTyped(dst, TypeTyping, m) }

func (m Typing) check() error { return firstError(checkOptionalID(m.ID), m.Room.check()) }

// Type is TypeRead.
func (Read) Type() Type { return TypeRead }

// Append writes the message.
func (m Read) Append(dst []byte) []byte { return appendTyped(dst, TypeRead, m) }

func (m Read) check() error {
	return firstError(checkOptionalID(m.ID), m.Room.check(), checkNumber("number", m.Number, 1))
}

// Type is TypePing.
func (Ping) Type() Type { return TypePing }

// Append writes the message.
func (m Ping) Append(dst []byte) []byte { return appendTyped(dst, TypePing, m) }

func (m Ping) check() error { return checkOptionalID(m.ID) }
