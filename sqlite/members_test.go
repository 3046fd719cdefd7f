package sqlite

import (
	"reflect"
	"testing"

	"parley"
)

// members gives what everybody is in a room, as far as that is something.
func members(t *testing.T, s *Store, room parley.RoomID) map[parley.SenderID]member {
	t.Helper()
	all, err := s.Members(t.Context(), room)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[parley.SenderID]member)
	for _, m := range all {
		found[m.Who.ID] = member{m.Role, m.Banned}
		standing, err := s.Standing(t.Context(), room, m.Who.ID)
		if err != nil || standing.InRoom != m.Role || standing.Banned != m.Banned {
			t.Errorf("%+v has the standing %+v, %v", m, standing, err)
		}
	}
	return found
}

// TestAPrivateRoomIsForThoseWhoAreInvited walks through everything that can become of somebody in a room.
func TestAPrivateRoomIsForThoseWhoAreInvited(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	den := openKind(t, s, "den", parley.RoomPrivate, alice)
	carol, dave := addAccount(t, s, "carol", parley.RoleMember), addAccount(t, s, "dave", parley.RoleMember)
	refusedWith(t, s, parley.CodeNoSuchRoom, said(den, carol, id(1), "let me in"))
	refusedWith(t, s, parley.CodeNoSuchRoom, changed(den, carol, carol, parley.MemberInvited))

	invited := changed(den, alice, carol, parley.MemberInvited)
	done(t, s, invited)
	repeated(t, s, 1, invited)
	done(t, s, said(den, carol, id(1), "hello"))
	refusedWith(t, s, parley.CodeForbidden, changed(den, carol, dave, parley.MemberInvited))
	refusedWith(t, s, parley.CodeInvalid, changed(den, alice, carol, parley.MemberInvited))

	done(t, s, appointed(den, alice, carol, parley.RoleModerator))
	done(t, s, changed(den, carol, dave, parley.MemberInvited))
	done(t, s, changed(den, carol, dave, parley.MemberBanned))
	refusedWith(t, s, parley.CodeBanned, said(den, dave, id(1), "why?"))
	refusedWith(t, s, parley.CodeInvalid, changed(den, carol, dave, parley.MemberBanned))
	refusedWith(t, s, parley.CodeBanned, changed(den, dave, dave, parley.MemberLeft))
	done(t, s, changed(den, carol, dave, parley.MemberUnbanned))
	refusedWith(t, s, parley.CodeInvalid, changed(den, carol, dave, parley.MemberUnbanned))
	done(t, s, said(den, dave, id(1), "thanks")) // a ban leaves the role as it is
	want := map[parley.SenderID]member{alice.ID: {role: parley.RoleOwner}, carol.ID: {role: parley.RoleModerator},
		dave.ID: {role: parley.RoleMember}}
	if got := members(t, s, den); !reflect.DeepEqual(got, want) {
		t.Errorf("members %v", got)
	}

	done(t, s, changed(den, carol, dave, parley.MemberKicked))
	refusedWith(t, s, parley.CodeNoSuchRoom, said(den, dave, id(2), "hello?"))
	refusedWith(t, s, parley.CodeInvalid, changed(den, carol, dave, parley.MemberKicked))
	done(t, s, changed(den, carol, dave, parley.MemberBanned))
	refusedWith(t, s, parley.CodeInvalid, changed(den, carol, dave, parley.MemberInvited))
	done(t, s, changed(den, carol, carol, parley.MemberLeft))
	refusedWith(t, s, parley.CodeNoSuchRoom, changed(den, carol, carol, parley.MemberLeft))
	want = map[parley.SenderID]member{alice.ID: {role: parley.RoleOwner}, dave.ID: {banned: true}}
	if got := members(t, s, den); !reflect.DeepEqual(got, want) {
		t.Errorf("members in the end %v", got)
	}
}

func TestNobodySendsAwayThoseAboveThem(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	owner := addAccount(t, s, "owner", parley.RoleOwner)
	mod, peer := addAccount(t, s, "mod", parley.RoleModerator), addAccount(t, s, "peer", parley.RoleModerator)
	lobby := openKind(t, s, parley.Lobby, parley.RoomPublic, bob)
	operator := parley.Sender{ID: parley.OperatorID, Name: "server"}
	for _, c := range []struct {
		code  parley.Code
		event parley.MemberChanged
	}{
		{parley.CodeForbidden, changed(lobby, alice, mod, parley.MemberKicked)},
		{parley.CodeForbidden, changed(lobby, mod, peer, parley.MemberKicked)},
		{parley.CodeForbidden, changed(lobby, mod, owner, parley.MemberBanned)},
		{parley.CodeForbidden, changed(lobby, mod, bob, parley.MemberBanned)}, // the room's owner
		{parley.CodeForbidden, changed(lobby, owner, operator, parley.MemberBanned)},
		{parley.CodeForbidden, appointed(lobby, mod, alice, parley.RoleModerator)},
		{parley.CodeForbidden, changed(lobby, owner, alice, parley.MemberLeft)},
		{parley.CodeForbidden, changed(lobby, owner, alice, parley.MemberInvited)}, // everyone may enter as it is
		{parley.CodeInvalid, changed(lobby, bob, bob, parley.MemberKicked)},
		{parley.CodeInvalid, changed(lobby, bob, bob, parley.MemberBanned)},
		{parley.CodeInvalid, changed(lobby, alice, alice, parley.MemberLeft)},
		{parley.CodeInvalid, appointed(lobby, bob, alice, parley.RoleGuest)},
		{parley.CodeInvalid, appointed(lobby, bob, alice, "king")},
		{parley.CodeInvalid, appointed(lobby, bob, bob, parley.RoleOwner)},
		{parley.CodeInvalid, changed(lobby, bob, parley.Sender{}, parley.MemberKicked)},
		{parley.CodeInvalid, changed(lobby, bob, alice, "praised")},
		{parley.CodeNoSuchUser, changed(lobby, bob, parley.Sender{ID: "a-nobody"}, parley.MemberBanned)},
		{parley.CodeNoSuchRoom, changed("r-nowhere", owner, alice, parley.MemberKicked)},
		{parley.CodeForbidden, changed(parley.DirectRoom(alice.ID, bob.ID), alice, bob, parley.MemberKicked)},
	} {
		refusedWith(t, s, c.code, c.event)
	}
	done(t, s, changed(lobby, mod, alice, parley.MemberKicked)) // to be sent out of a public room is something
	done(t, s, changed(lobby, operator, owner, parley.MemberBanned))
	done(t, s, said(lobby, owner, id(1), "an owner of the server is here all the same"))
	done(t, s, appointed(lobby, bob, alice, parley.RoleModerator))
	done(t, s, changed(lobby, bob, alice, parley.MemberKicked))
	refusedWith(t, s, parley.CodeForbidden, changed(lobby, alice, parley.Sender{ID: "g-x"}, parley.MemberKicked))
	done(t, s, changed(lobby, bob, alice, parley.MemberBanned))
	refusedWith(t, s, parley.CodeBanned, said(lobby, alice, id(2), "hello"))
	refusedWith(t, s, parley.CodeInvalid, changed(lobby, bob, alice, parley.MemberKicked))
}

// TestARepeatIsAnsweredAsItWasWhateverHasChanged: the first answer is lost on its way, somebody is banned meanwhile, and
// asks again.
func TestARepeatIsAnsweredAsItWasWhateverHasChanged(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openKind(t, s, parley.Lobby, parley.RoomPublic, bob)
	hello := said(lobby, alice, id(1), "hello")
	outcomes := appendAll(t, s, hello, changed(lobby, bob, alice, parley.MemberBanned), hello)
	if outcomes[2] != (parley.Outcome{Seq: 1, Repeat: true}) {
		t.Errorf("in the same batch: %+v", outcomes)
	}
	repeated(t, s, 1, hello)
	refusedWith(t, s, parley.CodeBanned, said(lobby, alice, id(2), "hello again"))
}

// TestAnIDIsUsedOnceWhateverItIsOf: an id belongs to one entry, be it a message or anything else.
func TestAnIDIsUsedOnceWhateverItIsOf(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openKind(t, s, parley.Lobby, parley.RoomPublic, alice)
	head := parley.Entry{Room: lobby, ID: id(1), By: alice, At: noon}
	all := []parley.Event{
		said(lobby, alice, id(1), "hello"),
		parley.MessageEdited{Entry: head, Target: 1, Text: "bye"},
		parley.MessageDeleted{Entry: head, Target: 1},
		parley.MessageReacted{Entry: head, Target: 1, Emoji: "+1", On: true},
		parley.MemberChanged{Entry: head, Who: bob, Change: parley.MemberKicked},
		parley.RoomChanged{Entry: head, Kind: parley.RoomPrivate},
	}
	outcomes := appendAll(t, s, all...)
	if outcomes[0] != (parley.Outcome{Seq: 1}) {
		t.Errorf("the first: %+v", outcomes[0])
	}
	for i, o := range outcomes[1:] {
		if o != (parley.Outcome{Seq: 1, Repeat: true}) {
			t.Errorf("%T: %+v", all[i+1], o)
		}
	}
	setting := parley.RoomChanged{Entry: parley.Entry{Room: lobby, ID: id(2), By: alice, At: noon}, Kind: parley.RoomPublic}
	outcomes = appendAll(t, s, setting, said(lobby, alice, id(2), "hello"))
	if outcomes[0] != (parley.Outcome{Seq: 2}) || outcomes[1] != (parley.Outcome{Seq: 2, Repeat: true}) {
		t.Errorf("a message with the id of a setting: %+v", outcomes)
	}
}
