package wire

import "parley"

// Ack answers what a client asked for with an id, where no other answer is promised: it is done, and lasts.
type Ack struct {
	ID     parley.MessageID `json:"id"`
	Room   Place            `json:"room,omitempty"`
	Number parley.Seq       `json:"number,omitempty"` // of the event that came of it, where one did
}

// Refused says that something was not done, and why. Its type is "error".
type Refused struct {
	ID         parley.MessageID `json:"id,omitempty"` // of what was asked for, where that had one
	Code       parley.Code      `json:"code"`
	Sentence   string           `json:"sentence"`              // for the person
	Retry      bool             `json:"retry"`                 // asking again later, with nothing changed, can help
	RetryAfter int              `json:"retry_after,omitempty"` // seconds to wait before
}

// Bye is the last message of the server before it closes.
type Bye struct {
	Code       parley.Code `json:"code"`
	Sentence   string      `json:"sentence"`              // for the person
	Retry      bool        `json:"retry"`                 // coming back later, with nothing changed, can help
	RetryAfter int         `json:"retry_after,omitempty"` // seconds to wait before
}

// Pong answers a Ping.
type Pong struct {
	ID parley.MessageID `json:"id,omitempty"`
}

// RefusedFor tells of an error in the request with that id, "" for one without; what may be told of it and no more.
func RefusedFor(id parley.MessageID, err error) Refused {
	code := parley.CodeOf(err)
	return Refused{ID: id, Code: code, Sentence: parley.Sentence(err), Retry: code.Retry()}
}

// ByeFor tells of the reason for which a connection is closed.
func ByeFor(reason error) Bye {
	code := parley.CodeOf(reason)
	return Bye{Code: code, Sentence: parley.Sentence(reason), Retry: code.Retry()}
}

// Err gives what was refused as an error.
func (m Refused) Err() *parley.Error { return &parley.Error{Code: m.Code, Sentence: m.Sentence} }

// Err gives the reason as an error.
func (m Bye) Err() *parley.Error { return &parley.Error{Code: m.Code, Sentence: m.Sentence} }

// Type is TypeAck.
func (Ack) Type() Type { return TypeAck }

// Append writes the message.
func (m Ack) Append(dst []byte) []byte {
	dst = appendString(append(dst, `{"type":"ack","id":`...), string(m.ID))
	if m.Room != "" {
		dst = appendString(append(dst, `,"room":`...), string(m.Room))
	}
	return append(appendNumber(dst, `,"number":`, m.Number), '}')
}

func (Ack) fromServer() {}

// Type is TypeError.
func (Refused) Type() Type { return TypeError }

// Append writes the message.
func (m Refused) Append(dst []byte) []byte { return appendTyped(dst, TypeError, m) }

func (Refused) fromServer() {}

// Type is TypeBye.
func (Bye) Type() Type { return TypeBye }

// Append writes the message.
func (m Bye) Append(dst []byte) []byte { return appendTyped(dst, TypeBye, m) }

func (Bye) fromServer() {}

// Type is TypePong.
func (Pong) Type() Type { return TypePong }

// Append writes the message.
func (m Pong) Append(dst []byte) []byte { return appendTyped(dst, TypePong, m) }

func (Pong) fromServer() {}
