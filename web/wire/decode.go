package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"parley"
)

// MaxFrame is the longest message from a client, in bytes, all of it: room for a text of parley.MaxText with some escapes.
const MaxFrame = 128 << 10

// DecodeClient reads a message from a client, and takes nothing that it does not know: the error is an *parley.Error of
// CodeInvalid, CodeTooLong or CodeNameInvalid that says what is wrong. What it gives is complete and of the right form;
// whether it may be is not asked. It keeps nothing of data.
func DecodeClient(data []byte) (ClientMessage, error) {
	s := scanner{data: data}
	if err := s.scan(); err != nil {
		return nil, err
	}
	t, body := s.cut()
	read := clientReader(t)
	if read == nil {
		return nil, unknownType(t)
	}
	m, err := read(body)
	if err == nil {
		err = m.check()
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// RequestID gives the id in a message from a client that DecodeClient has refused, so that the answer can name it; "" where
// there is none that is one.
func RequestID(data []byte) parley.MessageID {
	var head struct {
		ID parley.MessageID `json:"id"`
	}
	if json.Unmarshal(data, &head) != nil || !head.ID.Valid() {
		return ""
	}
	return head.ID
}

// DecodeServer reads a message from a server. Fields that it does not know are passed over; a type that it does not know is
// an *parley.Error of CodeUnsupported, and the message is to be passed over. Any other error, of CodeInvalid, is a server
// that does not speak this protocol. What it gives is clean and may be shown: only a Text has line breaks.
func DecodeServer(data []byte) (ServerMessage, error) {
	var head struct {
		Type Type `json:"type"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "the server sent what is no message: %w", err)
	}
	read := serverReader(head.Type)
	if read == nil {
		return nil, parley.Errorf(parley.CodeUnsupported, "the server sent a message of the type %q",
			parley.CleanLine(string(head.Type)))
	}
	return read(data)
}

// Request is the body of a request: one of the types that say so.
type Request interface{ check() error }

// DecodeRequest reads the body of a request as strictly as DecodeClient reads a message.
func DecodeRequest[T Request](data []byte) (body T, err error) {
	s := scanner{data: data}
	if err := s.scan(); err != nil {
		return body, err
	}
	if body, err = strict[T](data); err != nil {
		return body, err
	}
	return body, body.check()
}

// DecodeAnswer reads the body of an answer as leniently as DecodeServer reads a message, and cleans it as well.
func DecodeAnswer[T any](data []byte) (body T, err error) {
	if err := json.Unmarshal(data, &body); err != nil {
		return body, parley.Errorf(parley.CodeInvalid, "the server sent what is no answer: %w", err)
	}
	clean(&body)
	return body, nil
}

// clientReader gives what reads a message of that type, nil for a type that clients do not send.
func clientReader(t Type) func([]byte) (ClientMessage, error) {
	switch t {
	case TypeHello:
		return strictMessage[Hello]
	case TypeJoin:
		return strictMessage[Join]
	case TypeLeave:
		return strictMessage[Leave]
	case TypePost:
		return strictMessage[Post]
	case TypeDirect:
		return strictMessage[Direct]
	case TypeEdit:
		return strictMessage[Edit]
	case TypeDelete:
		return strictMessage[Delete]
	case TypeReact:
		return strictMessage[React]
	case TypeTyping:
		return strictMessage[Typing]
	case TypeRead:
		return strictMessage[Read]
	case TypePing:
		return strictMessage[Ping]
	}
	return nil
}

// serverReader gives what reads a message of that type, nil for a type that is not known here.
func serverReader(t Type) func([]byte) (ServerMessage, error) {
	switch t {
	case TypeWelcome:
		return lenientMessage[Welcome]
	case TypeJoined:
		return lenientMessage[Joined]
	case TypeMessage:
		return lenientMessage[Message]
	case TypeDirect:
		return lenientMessage[DirectMessage]
	case TypeEdited:
		return lenientMessage[Edited]
	case TypeDeleted:
		return lenientMessage[Deleted]
	case TypeReaction:
		return lenientMessage[Reaction]
	case TypeMember:
		return lenientMessage[MemberChanged]
	case TypeRoom:
		return lenientMessage[RoomChanged]
	case TypePresence:
		return lenientMessage[Presence]
	case TypeTyping:
		return lenientMessage[PeopleTyping]
	case TypeRead:
		return lenientMessage[ReadUpTo]
	case TypeAck:
		return lenientMessage[Ack]
	case TypeError:
		return lenientMessage[Refused]
	case TypeBye:
		return lenientMessage[Bye]
	case TypePong:
		return lenientMessage[Pong]
	}
	return nil
}

func strictMessage[T ClientMessage](body []byte) (ClientMessage, error) { return strict[T](body) }

func lenientMessage[T ServerMessage](body []byte) (ServerMessage, error) {
	return DecodeAnswer[T](body)
}

// strict reads what scan has accepted into a T that has every field of it.
func strict[T any](body []byte) (value T, err error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&value)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := wrong.Field[strings.LastIndexByte(wrong.Field, '.')+1:]
		return value, parley.Errorf(parley.CodeInvalid, "the field %s takes no %s", field, wrong.Value)
	}
	if coded, ok := errors.AsType[*parley.Error](err); ok {
		return value, coded
	}
	if err != nil {
		_, name, _ := strings.Cut(err.Error(), "unknown field ")
		return value, unknownField(strings.Trim(name, `"`))
	}
	return value, nil
}

// notJSON says where data stops being JSON (RFC 8259).
func notJSON(data []byte) error {
	err := json.Unmarshal(data, new(any))
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok || syntax.Error() == "unexpected end of JSON input" {
		return parley.Errorf(parley.CodeInvalid, "this is JSON that stops before its end")
	}
	return parley.Errorf(parley.CodeInvalid, "this is not JSON from byte %d on", syntax.Offset)
}

func unknownType(t Type) error {
	if t == "" {
		return parley.Errorf(parley.CodeInvalid, "the field type is missing")
	}
	return parley.Errorf(parley.CodeInvalid, "there is no message of the type %q", short(string(t)))
}

func unknownField(name string) error {
	return parley.Errorf(parley.CodeInvalid, "there is no field %q here", short(name))
}

// short gives what a client sent as it may stand in a sentence.
func short(s string) string {
	const enough = 40
	if len(s) > enough {
		s = strings.ToValidUTF8(s[:enough], "") + "…"
	}
	return parley.CleanLine(s)
}
