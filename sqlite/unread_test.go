package sqlite

import (
	"testing"

	"parley"
)

func unread(t *testing.T, s *Store, who parley.Sender, room parley.RoomID) parley.Unread {
	t.Helper()
	u, err := s.Unread(t.Context(), who.ID, room)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestReadPositionsOnlyAdvance(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openKind(t, s, parley.Lobby, parley.RoomPublic, alice)
	read := func(seq parley.Seq) parley.Read { return parley.Read{Room: lobby, Who: bob.ID, Seq: seq} }
	outcomes := appendAll(t, s, said(lobby, alice, id(1), "1"), said(lobby, alice, id(2), "2"), read(2), said(lobby, alice, id(3), "3"))
	if outcomes[2] != (parley.Outcome{}) {
		t.Errorf("in a batch: %+v", outcomes)
	}
	for _, seq := range []parley.Seq{2, 1, 0, -1} {
		repeated(t, s, 0, read(seq))
	}
	done(t, s, read(3))
	refusedWith(t, s, parley.CodeInvalid, read(4))
	refusedWith(t, s, parley.CodeInvalid, parley.Read{Room: lobby, Seq: 1})
	refusedWith(t, s, parley.CodeNoSuchRoom, parley.Read{Room: "r-nowhere", Who: bob.ID, Seq: 1})
	refusedWith(t, s, parley.CodeNoSuchRoom, parley.Read{Room: parley.DirectRoom(alice.ID, "g-x"), Who: bob.ID, Seq: 1})
	done(t, s, changed(lobby, alice, bob, parley.MemberBanned))
	refusedWith(t, s, parley.CodeBanned, read(4))
	if got := unread(t, s, bob, lobby); got.Read != 3 {
		t.Errorf("%+v", got)
	}
}

func TestWhatOthersHaveSaidSinceIsCounted(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openLobby(t, s)
	carol, dave := addAccount(t, s, "Carol", parley.RoleMember), addAccount(t, s, "dave", parley.RoleMember)
	mentions := func(by parley.Sender, n int, text string) parley.Event {
		e := said(lobby, by, id(n), text)
		e.Mentions = parley.Mentions(text)
		return e
	}
	appendAll(t, s,
		mentions(alice, 1, "hello @carol, @alice and @nobody"),
		mentions(carol, 2, "I am @carol, hello @dave"),
		mentions(dave, 3, "hello @CAROL @carol"),
		reacted(lobby, dave, 1, "+1", true),
		said(lobby, alice, id(5), "and all the others"))
	if got := unread(t, s, carol, lobby); got != (parley.Unread{Messages: 3, Mentions: 2}) {
		t.Errorf("one has unread %+v", got)
	}
	if got := unread(t, s, dave, lobby); got != (parley.Unread{Messages: 3, Mentions: 1}) {
		t.Errorf("the other has unread %+v", got)
	}
	done(t, s, edited(lobby, alice, 1, "hello @dave"))
	done(t, s, edited(lobby, alice, 5, "and @carol"))
	done(t, s, parley.Read{Room: lobby, Who: carol.ID, Seq: 1})
	if got := unread(t, s, carol, lobby); got != (parley.Unread{Read: 1, Messages: 2, Mentions: 2}) {
		t.Errorf("after edits one has unread %+v", got)
	}
	if got := unread(t, s, dave, lobby); got != (parley.Unread{Messages: 3, Mentions: 2}) {
		t.Errorf("after edits the other has unread %+v", got)
	}
	done(t, s, deleted(lobby, alice, 5))
	if got := unread(t, s, carol, lobby); got != (parley.Unread{Read: 1, Messages: 1, Mentions: 1}) {
		t.Errorf("after a deletion %+v", got)
	}
	if got := unread(t, s, carol, "r-nowhere"); got != (parley.Unread{}) {
		t.Errorf("of a room that is not there %+v", got)
	}
}

// TestCountingEnds: in a room of any length, whoever wrote it.
func TestCountingEnds(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{Volatile: true})
	lobby := openLobby(t, s)
	carol := addAccount(t, s, "carol", parley.RoleMember)
	say := func(by parley.Sender, from, n int) {
		events := make([]parley.Event, n)
		for i := range events {
			e := said(lobby, by, id(from+i), "x")
			e.Mentions = []parley.NameKey{"carol"}
			events[i] = e
		}
		appendAll(t, s, events...)
	}
	say(alice, 0, parley.MaxUnread+1)
	if got := unread(t, s, carol, lobby); got != (parley.Unread{Messages: parley.MaxUnread, Mentions: parley.MaxUnread}) {
		t.Errorf("of many %+v", got)
	}
	say(carol, 0, maxCounted-1)
	if got := unread(t, s, carol, lobby); got != (parley.Unread{Messages: 1, Mentions: parley.MaxUnread}) {
		t.Errorf("behind many of their own %+v", got)
	}
}
