package wire

import "parley"

// Words is what somebody posts. A file is sent by a request of its own (SendFile in the OpenAPI document).
type Words struct {
	Text  Text       `json:"text,omitempty"`
	Reply parley.Seq `json:"reply,omitempty"` // the number of the message in the same room that this one answers
}

// Post says something in a room. The client need not have joined it.
type Post struct {
	ID   parley.MessageID `json:"id"` // made by the client, the same one when it tries again
	Room Place            `json:"room"`
	Words
}

// Direct says something to one person, in the conversation with them, which the first message begins. It is Post to the
// Place "@" and their name.
type Direct struct {
	ID parley.MessageID `json:"id"` // made by the client, the same one when it tries again
	To string           `json:"to"` // the name of somebody who is connected, or of an account
	Words
}

// Edit gives one's own message another text.
type Edit struct {
	ID     parley.MessageID `json:"id"` // of this request, made by the client, the same one when it tries again
	Room   Place            `json:"room"`
	Target parley.Seq       `json:"target"` // the message's number
	Text   Text             `json:"text"`
}

// Delete erases a message.
type Delete struct {
	ID     parley.MessageID `json:"id"` // of this request, made by the client, the same one when it tries again
	Room   Place            `json:"room"`
	Target parley.Seq       `json:"target"` // the message's number
}

// React adds a reaction to a message, or takes it back.
type React struct {
	ID     parley.MessageID `json:"id"` // of this request, made by the client, the same one when it tries again
	Room   Place            `json:"room"`
	Target parley.Seq       `json:"target"`        // the message's number
	Emoji  string           `json:"emoji"`         // or a short word, at most 64 bytes
	Off    bool             `json:"off,omitempty"` // take it back
}

func (w Words) check() error {
	if w.Text == "" {
		return parley.Errorf(parley.CodeInvalid, "a message cannot be empty")
	}
	return checkNumber("reply", w.Reply, 0)
}

// Type is TypePost.
func (Post) Type() Type { return TypePost }

// Append writes the message.
func (m Post) Append(dst []byte) []byte { return appendTyped(dst, TypePost, m) }

func (m Post) check() error { return firstError(checkID(m.ID), m.Room.check(), m.Words.check()) }

// Type is TypeDirect.
func (Direct) Type() Type { return TypeDirect }

// Append writes the message.
func (m Direct) Append(dst []byte) []byte { return appendTyped(dst, TypeDirect, m) }

func (m Direct) check() error {
	return firstError(checkID(m.ID), checkThere("to", m.To), m.Words.check())
}

// Type is TypeEdit.
func (Edit) Type() Type { return TypeEdit }

// Append writes the message.
func (m Edit) Append(dst []byte) []byte { return appendTyped(dst, TypeEdit, m) }

func (m Edit) check() error {
	return firstError(checkID(m.ID), m.Room.check(), checkNumber("target", m.Target, 1), checkThere("text", string(m.Text)))
}

// Type is TypeDelete.
func (Delete) Type() Type { return TypeDelete }

// Append writes the message.
func (m Delete) Append(dst []byte) []byte { return appendTyped(dst, TypeDelete, m) }

func (m Delete) check() error {
	return firstError(checkID(m.ID), m.Room.check(), checkNumber("target", m.Target, 1))
}

// Type is TypeReact.
func (React) Type() Type { return TypeReact }

// Append writes the message.
func (m React) Append(dst []byte) []byte { return appendTyped(dst, TypeReact, m) }

func (m React) check() error {
	return firstError(checkID(m.ID), m.Room.check(), checkNumber("target", m.Target, 1), checkThere("emoji", m.Emoji))
}
