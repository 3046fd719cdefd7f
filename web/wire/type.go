package wire

// Type is the member "type" of a message on the socket; append-only. The same word can have one meaning from a client and
// another from the server.
type Type string

// The types of message from a client.
const (
	TypeHello  Type = "hello"
	TypeJoin   Type = "join"
	TypeLeave  Type = "leave"
	TypePost   Type = "post"
	TypeEdit   Type = "edit"
	TypeDelete Type = "delete"
	TypeReact  Type = "react"
	TypePing   Type = "ping"
)

// The types of message that both sides send.
const (
	TypeDirect Type = "direct"
	TypeTyping Type = "typing"
	TypeRead   Type = "read"
)

// The types of message from the server.
const (
	TypeWelcome  Type = "welcome"
	TypeJoined   Type = "joined"
	TypeMessage  Type = "message"
	TypeEdited   Type = "edited"
	TypeDeleted  Type = "deleted"
	TypeReaction Type = "reaction"
	TypeMember   Type = "member"
	TypeRoom     Type = "room"
	TypePresence Type = "presence"
	TypeAck      Type = "ack"
	TypeError    Type = "error"
	TypeBye      Type = "bye"
	TypePong     Type = "pong"
)

// ClientMessage is what a client sends on the socket: one of the types that ClientMessages lists, by value.
type ClientMessage interface {
	// Type is the member "type" of the message.
	Type() Type
	// Append writes the message as it is sent, without a line break.
	Append(dst []byte) []byte
	check() error
}

// ServerMessage is what the server sends on the socket: one of the types that ServerMessages lists, by value.
type ServerMessage interface {
	// Type is the member "type" of the message.
	Type() Type
	// Append writes the message as it is sent, without a line break.
	Append(dst []byte) []byte
	fromServer()
}

// ClientMessages gives one empty message of each type that a client sends, in the order in which they are explained.
func ClientMessages() []ClientMessage {
	return []ClientMessage{Hello{}, Join{}, Leave{}, Post{}, Direct{}, Edit{}, Delete{}, React{}, Typing{}, Read{}, Ping{}}
}

// ServerMessages gives one empty message of each type that the server sends, in the order in which they are explained.
func ServerMessages() []ServerMessage {
	return []ServerMessage{Welcome{}, Joined{}, Message{}, DirectMessage{}, Edited{}, Deleted{}, Reaction{}, MemberChanged{},
		RoomChanged{}, Presence{}, PeopleTyping{}, ReadUpTo{}, Ack{}, Refused{}, Bye{}, Pong{}}
}
