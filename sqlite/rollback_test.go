package sqlite

import (
	"testing"

	"parley"
)

// TestWhatFailedIsForgotten: a batch changes what the writer has in mind, and then the disk is full. None of it may count
// for the next batch, which is decided by what the database holds.
func TestWhatFailedIsForgotten(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	carol := addAccount(t, s, "carol", parley.RoleMember)
	dave := addAccount(t, s, "dave", parley.RoleModerator)
	lobby := openKind(t, s, parley.Lobby, parley.RoomPublic, alice)
	den := openKind(t, s, "den", parley.RoomPrivate, alice)
	done(t, s, changed(den, alice, carol, parley.MemberInvited))
	announce := parley.RoomChanged{Entry: entryBy(lobby, alice), Kind: parley.RoomAnnounce}
	lost := []parley.Event{
		announce,
		changed(lobby, alice, bob, parley.MemberBanned),
		changed(den, alice, bob, parley.MemberInvited),
		changed(den, alice, carol, parley.MemberKicked),
		changeRole(carol, parley.RoleOwner),
		parley.AccountRemoved{ID: dave.ID},
		added("eve", parley.RoleOwner),
		parley.RoomOpened{Room: parley.Room{ID: "r-lost", Name: "lost", Kind: parley.RoomPublic}, By: alice},
		said(lobby, alice, id(1), "lost"),
		parley.Read{Room: lobby, Who: alice.ID, Seq: 1},
	}
	before := dump(t, s)
	failOnFullDisk(t, s, lost)
	if after := dump(t, s); after != before {
		t.Fatalf("the database has changed from\n%s\nto\n%s", before, after)
	}

	mention := parley.MessagePosted{Message: said(lobby, bob, id(1), "@eve @dave").Message, Mentions: []parley.NameKey{"eve", "dave"}}
	if seq := done(t, s, mention); seq != 1 {
		t.Errorf("the first number is %d", seq)
	}
	if u := unread(t, s, dave, lobby); u.Mentions != 1 {
		t.Errorf("who was not removed: %+v", u)
	}
	if u := unread(t, s, parley.Sender{ID: accountID("eve")}, lobby); u.Mentions != 0 {
		t.Errorf("who was not added: %+v", u)
	}
	done(t, s, said(den, carol, id(2), "I was not sent away"))
	done(t, s, said(lobby, dave, id(3), "I was not removed"))
	refusedWith(t, s, parley.CodeNoSuchRoom, said(den, bob, id(4), "I was not invited"))
	refusedWith(t, s, parley.CodeForbidden, changed(lobby, carol, bob, parley.MemberKicked))
	refusedWith(t, s, parley.CodeNoSuchRoom, said("r-lost", alice, id(5), "it was not opened"))
	refusedWith(t, s, parley.CodeUnauthorized, said(lobby, parley.Sender{ID: accountID("eve")}, id(6), "I was not added"))

	for _, e := range lost {
		done(t, s, e)
	}
	refusedWith(t, s, parley.CodeBanned, said(lobby, bob, id(7), "this time it is so"))
}
