package parley

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// RoomName is the name of a room that ParseRoomName has accepted. It is compared as it stands.
type RoomName string

// Lobby is the room everyone starts in.
const Lobby RoomName = "lobby"

// MaxTopic is the longest topic of a room, in bytes.
const MaxTopic = 512

// RoomKind says what sort of room it is.
type RoomKind string

// The kinds of room.
const (
	// RoomPublic is a room that everyone may enter and speak in.
	RoomPublic RoomKind = "public"
	// RoomPrivate is a room for those who were invited; nobody else learns that it exists.
	RoomPrivate RoomKind = "private"
	// RoomAnnounce is a room that everyone may enter, and only its moderators speak in.
	RoomAnnounce RoomKind = "announce"
	// RoomDirect is a conversation of two people. Its id is DirectRoom of the two, it has no name, and it comes into being
	// with its first message.
	RoomDirect RoomKind = "direct"
)

// Room is a room as the state knows it.
type Room struct {
	ID    RoomID
	Name  RoomName // "" for RoomDirect
	Kind  RoomKind
	Topic string // clean, without line breaks; "" for none
	First Seq    // the oldest number that is still kept; 1 in a room that has lost nothing
	Last  Seq    // the newest number given, 0 for none
}

// ParseRoomKind reads what a person wrote for the kind of a room that they make. The error is an *Error of CodeInvalid.
func ParseRoomKind(s string) (RoomKind, error) {
	switch kind := RoomKind(s); kind {
	case RoomPublic, RoomPrivate, RoomAnnounce:
		return kind, nil
	}
	return "", Errorf(CodeInvalid, "a room is public, private or announce, not %q", CleanLine(s))
}

// ParseRoomName accepts a room name: 1 to MaxName lower-case letters, digits, '_', '-' and '.'. The error is an *Error of
// CodeNameInvalid.
func ParseRoomName(s string) (RoomName, error) {
	bad := func(r rune) bool {
		return notInName(r) || r != unicode.ToLower(r)
	}
	if s == "" || !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxName || strings.ContainsFunc(s, bad) {
		return "", Errorf(CodeNameInvalid,
			"a room name has 1 to %d lower-case letters, digits, '_', '-' and '.', not %q", MaxName, CleanLine(s))
	}
	return RoomName(s), nil
}

// CheckTopic tells whether a topic, clean already, may be set.
func CheckTopic(topic string) error {
	switch {
	case len(topic) > MaxTopic:
		return Errorf(CodeTooLong, "topic too long (limit %d bytes)", MaxTopic)
	case strings.Contains(topic, "\n"):
		return Errorf(CodeInvalid, "a topic is one line")
	}
	return nil
}
