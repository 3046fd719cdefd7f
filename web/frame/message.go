package frame

import (
	"github.com/gobwas/ws"
)

// Kind says what a message is.
type Kind uint8

// The kinds of message.
const (
	Text  Kind = iota + 1 // Payload is valid UTF-8
	Ping                  // to be answered by a Pong of the same payload
	Pong                  // the answer to a Ping, or a sign of life
	Close                 // the last one: Code and Reason say why
)

// Message is one message, or one control frame.
type Message struct {
	Kind    Kind
	Payload []byte // of Text, Ping and Pong; valid until the Reader is asked for the next one
	Code    ws.StatusCode
	Reason  string // why the other side closes, for people; not clean
}

// Error is a violation of the protocol, after which the connection is closed with Code.
type Error struct {
	Code     ws.StatusCode
	Sentence string
}

// Error gives the sentence.
func (e *Error) Error() string { return e.Sentence }

// The errors of a Reader.
var (
	errBinary   = &Error{ws.StatusUnsupportedData, "only text is spoken here"}
	errTooBig   = &Error{ws.StatusMessageTooBig, "message too long"}
	errNotUTF8  = &Error{ws.StatusInvalidFramePayloadData, "a text must be UTF-8"}
	errBadClose = &Error{ws.StatusProtocolError, "malformed close frame"}
)
