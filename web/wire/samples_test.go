package wire

import (
	"testing"
	"time"

	"parley"
)

// noon is when everything happens here.
var noon = time.Date(2026, 10, 16, 12, 0, 0, 250_000, time.UTC)

// awkward is a text with everything in it that JSON, HTML or a terminal could trip over.
const awkward = "a\"\\/<b>&amp;\n\t\r\b\f\x01\x7f\u2028\u2029é日👍\U000E0001"

func sampleEntry() Entry {
	return Entry{Room: "lobby", Number: 42, ID: "01-<&>\"\\", By: Person{ID: "a-1", Name: "älice"}, At: At(noon)}
}

func sampleFile() *File {
	return &File{Name: "a <b> & 出师表.txt", Size: 48211, Digest: parley.Digest{0xAB, 31: 0xCD}, Width: 1600, Height: 1200}
}

// clientSamples gives two messages of each type: with everything, and with as little as can be.
func clientSamples() []ClientMessage {
	three, zero := parley.Seq(3), parley.Seq(0)
	words := Words{Text: awkward, Reply: 7}
	return []ClientMessage{
		Hello{Name: "alice", Password: "geheim", Keep: true, Client: "x/1",
			Rooms: []Resume{{Room: "lobby", After: &three}, {Room: "d-a-1+g-2", After: &zero}, {Room: "@bob"}}},
		Hello{}, Hello{Token: "p-1"},
		Hello{Name: "bob", Ticket: Ticket{Invite: "MFRGGZDFMZTWQ2LKNNWG23TPOB", Use: "0199e1a2-7c4d-7000"}},
		Join{ID: "1", Resume: Resume{Room: "lobby", After: &zero}}, Join{Resume: Resume{Room: "lobby"}},
		Leave{ID: "2", Room: "lobby"}, Leave{Room: "lobby"},
		Post{ID: "3", Room: "lobby", Words: words}, Post{ID: "4", Room: "@bob", Words: Words{Text: "x"}},
		Direct{ID: "5", To: "bob", Words: words}, Direct{ID: "6", To: "bob", Words: Words{Text: "x"}},
		Edit{ID: "7", Room: "lobby", Target: 12, Text: awkward}, Edit{ID: "7", Room: "@x", Target: maxNumber, Text: "x"},
		Delete{ID: "8", Room: "lobby", Target: 12}, Delete{ID: "~", Room: "lobby", Target: 1},
		React{ID: "9", Room: "lobby", Target: 12, Emoji: "👍", Off: true}, React{ID: "9", Room: "lobby", Target: 12, Emoji: "x"},
		Typing{ID: "1", Room: "lobby"}, Typing{Room: "d-a-1+g-2"},
		Read{ID: "1", Room: "lobby", Number: 9}, Read{Room: "lobby", Number: 1},
		Ping{ID: "1"}, Ping{},
	}
}

// serverSamples gives two messages or more of each type: with everything, and with as little as can be.
func serverSamples() []ServerMessage {
	entry, bare := sampleEntry(), Entry{At: At(noon)}
	full := Content{Text: awkward, File: sampleFile(), Reply: 7, Edited: true, Deleted: true}
	bob := Person{ID: "g-2", Name: "b<o>b", Role: parley.RoleGuest}
	return []ServerMessage{
		Welcome{You: Me{ID: "a-1", Name: "alice", Role: parley.RoleOwner, Account: true, Session: "l-1"}, Token: "p-1",
			Expires: At(noon), Server: Server{Version: "1.2"}, Limits: TheLimits()},
		Welcome{You: Me{ID: "g-1", Name: "guest-1", Role: parley.RoleGuest}},
		Joined{ID: "1", Room: "lobby", Kind: parley.RoomPublic, Topic: "<t>", Role: parley.RoleOwner, First: 3, Last: 9, Read: 8,
			Unread: 1, Mentions: 1, Members: []Person{bob}, Count: 1, More: true, Next: 5},
		Joined{Room: "d-a-1+g-2", Kind: parley.RoomDirect, With: &bob, First: 1, Members: []Person{}},
		Message{Entry: entry, Content: full}, Message{Entry: bare},
		DirectMessage{Entry: entry, To: bob, Content: full}, DirectMessage{Entry: bare, To: Person{ID: "a-1"}},
		Edited{Entry: entry, Target: 7, Text: awkward}, Edited{Entry: bare},
		Deleted{Entry: entry, Target: 7}, Deleted{Entry: bare},
		Reaction{Entry: entry, Target: 7, Emoji: "<👍>", Off: true}, Reaction{Entry: bare},
		MemberChanged{Entry: entry, Who: bob, Change: parley.MemberAppointed, Role: parley.RoleModerator},
		MemberChanged{Entry: bare, Change: parley.MemberKicked},
		RoomChanged{Entry: entry, Kind: parley.RoomPrivate, Topic: "<t>"}, RoomChanged{Entry: bare},
		Presence{Room: "lobby", Joined: []Person{bob, {ID: "a-1", Name: "alice"}}, Left: []Person{bob}, Count: 2},
		Presence{Room: "lobby"},
		PeopleTyping{Room: "lobby", People: []Person{bob, bob}}, PeopleTyping{People: []Person{}},
		ReadUpTo{Room: "lobby", Number: 9}, ReadUpTo{},
		Ack{ID: "1<", Room: "lobby", Number: 9}, Ack{ID: "1"},
		Refused{ID: "1", Code: parley.CodeThrottled, Sentence: "wait <3>", Retry: true, RetryAfter: 3}, Refused{},
		Bye{Code: parley.CodeShutdown, Sentence: "the server stops", Retry: true, RetryAfter: 1}, Bye{},
		Pong{ID: "1"}, Pong{},
	}
}

// Every type that the package lists has samples, so what the tests say of the samples holds for all types.
func TestEveryTypeHasSamples(t *testing.T) {
	client, server := make(map[Type]int), make(map[Type]int)
	for _, m := range clientSamples() {
		client[m.Type()]++
	}
	for _, m := range serverSamples() {
		server[m.Type()]++
	}
	for _, m := range ClientMessages() {
		if client[m.Type()] < 2 {
			t.Errorf("%d samples of %s", client[m.Type()], m.Type())
		}
		delete(client, m.Type())
	}
	for _, m := range ServerMessages() {
		if server[m.Type()] < 2 {
			t.Errorf("%d samples of %s", server[m.Type()], m.Type())
		}
		delete(server, m.Type())
	}
	if len(client)+len(server) > 0 {
		t.Errorf("types that are not listed: %v %v", client, server)
	}
}
