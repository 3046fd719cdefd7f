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

// RoomKind says what sort of room it is.
type RoomKind string

// The kinds of room.
const (
	// RoomPublic is a room that everyone may enter.
	RoomPublic RoomKind = "public"
	// RoomDirect is a conversation of two people. Its id is DirectRoom of the two, it has no name, and it comes into being
	// with its first message.
	RoomDirect RoomKind = "direct"
)

// Room is a room as the state knows it.
type Room struct {
	ID   RoomID
	Name RoomName // "" for RoomDirect
	Kind RoomKind
	Last Seq // the newest number given, 0 for none
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
