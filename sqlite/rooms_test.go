package sqlite

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"parley"
)

func TestRoomsHaveAKindATopicAndAnOwner(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openLobby(t, s)
	room := parley.Room{ID: "r-den", Name: "den", Kind: parley.RoomPrivate, Topic: "quiet, please"}
	done(t, s, parley.RoomOpened{Room: room, By: alice, At: noon})
	want := []parley.Room{
		{ID: "r-den", Name: "den", Kind: parley.RoomPrivate, Topic: "quiet, please", First: 1},
		{ID: lobby, Name: parley.Lobby, Kind: parley.RoomPublic, First: 1},
	}
	if got, err := s.Rooms(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("rooms %+v, %v", got, err)
	}
	if got, err := s.RoomByID(t.Context(), "r-den"); err != nil || got != want[0] {
		t.Errorf("by id %+v, %v", got, err)
	}
	if _, err := s.RoomByID(t.Context(), "r-nowhere"); parley.CodeOf(err) != parley.CodeNoSuchRoom {
		t.Errorf("nowhere: %v", err)
	}
	if got := members(t, s, "r-den"); !reflect.DeepEqual(got, map[parley.SenderID]member{alice.ID: {role: parley.RoleOwner}}) {
		t.Errorf("members %v", got)
	}
	if got := members(t, s, lobby); len(got) != 0 {
		t.Errorf("of a room that the server made: %v", got)
	}
	long := room
	long.ID, long.Name, long.Topic = "r-long", "long", strings.Repeat("x", parley.MaxTopic+1)
	refusedWith(t, s, parley.CodeTooLong, parley.RoomOpened{Room: long, By: alice})
	refusedWith(t, s, parley.CodeNameTaken, parley.RoomOpened{Room: room, By: alice})
	room.ID, room.Name = "r-other", "other"
	refusedWith(t, s, parley.CodeUnauthorized, parley.RoomOpened{Room: room, By: parley.Sender{ID: "a-nobody"}})
}

func TestARoomChangesItsKindAndTopic(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	hall := openKind(t, s, "hall", parley.RoomPublic, alice)
	set := func(by parley.Sender, kind parley.RoomKind, topic string) parley.RoomChanged {
		return parley.RoomChanged{Entry: entryBy(hall, by), Kind: kind, Topic: topic}
	}
	refusedWith(t, s, parley.CodeForbidden, set(bob, parley.RoomPrivate, ""))
	done(t, s, said(hall, bob, id(1), "hello"))
	first := set(alice, parley.RoomAnnounce, "news only")
	done(t, s, first)
	repeated(t, s, 2, first)
	refusedWith(t, s, parley.CodeForbidden, said(hall, bob, id(2), "no news"))
	done(t, s, set(alice, parley.RoomPrivate, "news only"))
	refusedWith(t, s, parley.CodeNoSuchRoom, said(hall, bob, id(2), "hello?"))
	refusedWith(t, s, parley.CodeInvalid, set(alice, parley.RoomDirect, ""))
	refusedWith(t, s, parley.CodeInvalid, set(alice, parley.RoomPublic, "two\nlines"))
	want := parley.Room{ID: hall, Name: "hall", Kind: parley.RoomPrivate, Topic: "news only", First: 1, Last: 3}
	if got, err := s.Room(t.Context(), "hall"); err != nil || got != want {
		t.Errorf("room %+v, %v", got, err)
	}
	done(t, s, said(parley.DirectRoom(alice.ID, bob.ID), alice, id(3), "psst"))
	direct := set(alice, parley.RoomPublic, "")
	direct.Entry.Room = parley.DirectRoom(alice.ID, bob.ID)
	refusedWith(t, s, parley.CodeForbidden, direct)
}

func TestAConversationIsForItsTwoPeople(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	carol := addAccount(t, s, "carol", parley.RoleMember)
	owner := addAccount(t, s, "owner", parley.RoleOwner)
	with := parley.DirectRoom(alice.ID, carol.ID)
	refusedWith(t, s, parley.CodeNoSuchRoom, said(with, bob, id(1), "hello"))
	refusedWith(t, s, parley.CodeNoSuchRoom, said(with, owner, id(1), "hello"))
	refusedWith(t, s, parley.CodeNoSuchUser, said(parley.DirectRoom(alice.ID, "a-nobody"), alice, id(1), "hello"))
	swapped := parley.RoomID("d-" + string(alice.ID) + "+" + string(carol.ID)) // two people have one conversation
	refusedWith(t, s, parley.CodeNoSuchRoom, said(swapped, alice, id(1), "hello"))

	say := func(by, to parley.Sender, n int) parley.MessagePosted {
		e := said(parley.DirectRoom(by.ID, to.ID), by, id(n), "hello")
		e.Message.At = noon.Add(time.Duration(n) * time.Hour)
		return e
	}
	appendAll(t, s, say(alice, carol, 1), say(owner, carol, 2), say(alice, carol, 3), say(bob, alice, 4), say(carol, carol, 5))
	refusedWith(t, s, parley.CodeNoSuchRoom, said(with, bob, id(9), "hello"))
	got, err := s.Conversations(t.Context(), carol.ID)
	want := []parley.Conversation{
		{With: carol, At: noon.Add(5 * time.Hour), Room: parley.Room{ID: parley.DirectRoom(carol.ID, carol.ID), Last: 1}},
		{With: alice, At: noon.Add(3 * time.Hour), Room: parley.Room{ID: with, Last: 2}},
		{With: owner, At: noon.Add(2 * time.Hour), Room: parley.Room{ID: parley.DirectRoom(owner.ID, carol.ID), Last: 1}},
	}
	for i := range want {
		want[i].Room.Kind, want[i].Room.First = parley.RoomDirect, 1
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("conversations %+v, %v", got, err)
	}
	got, err = s.Conversations(t.Context(), alice.ID)
	if err != nil || len(got) != 2 || got[0].With != bob || got[1].With != carol { // who has an account is called as it is
		t.Errorf("conversations of the other %+v, %v", got, err)
	}
	if got, err := s.Conversations(t.Context(), "g-nobody"); err != nil || got != nil {
		t.Errorf("of nobody %v, %v", got, err)
	}
	if room, err := s.RoomByID(t.Context(), with); err != nil || room != want[1].Room {
		t.Errorf("by id %+v, %v", room, err)
	}
}

func TestStandingComesOfTheAccountAndOfTheRoom(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	carol := addAccount(t, s, "carol", parley.RoleModerator)
	lobby := openKind(t, s, parley.Lobby, parley.RoomPublic, alice)
	done(t, s, changed(lobby, alice, bob, parley.MemberBanned))
	for _, c := range []struct {
		room parley.RoomID
		who  parley.SenderID
		want parley.Standing
	}{
		{lobby, alice.ID, parley.Standing{Role: parley.RoleGuest, InRoom: parley.RoleOwner}},
		{lobby, bob.ID, parley.Standing{Role: parley.RoleGuest, Banned: true}},
		{lobby, carol.ID, parley.Standing{Role: parley.RoleModerator}},
		{lobby, "g-nobody", parley.Standing{Role: parley.RoleGuest}},
		{lobby, parley.OperatorID, parley.Standing{Role: parley.RoleOwner}},
		{"r-nowhere", carol.ID, parley.Standing{Role: parley.RoleModerator}},
		{parley.DirectRoom(alice.ID, carol.ID), alice.ID, parley.Standing{Role: parley.RoleGuest}},
	} {
		if got, err := s.Standing(t.Context(), c.room, c.who); err != nil || got != c.want {
			t.Errorf("%s in %s: %+v, %v", c.who, c.room, got, err)
		}
	}
}
