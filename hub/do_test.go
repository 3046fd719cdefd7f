package hub_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley"
)

// entry is an event's place in the lobby.
var entry = parley.Entry{Room: lobby.ID}

func TestWhatIsDoneIsStampedAndCleaned(t *testing.T) {
	w := newTown(t)
	alice, _ := w.connect(lobby, w.account("alice", parley.RoleMember), w.form)
	_, bobs := w.person("bob", w.form)
	forged := parley.Message{Room: lobby.ID, Seq: 99, By: parley.Sender{ID: "a-bob", Name: "bob"},
		Text: "@Bob, red \x1b[31m", Edited: true, Reactions: []parley.ReactionCount{{Emoji: "x"}}}
	outcome, err := alice.Do(t.Context(), parley.MessagePosted{Message: forged, Mentions: []parley.NameKey{"mallory"}})
	check(t, err)
	if outcome.Seq != 1 {
		t.Errorf("outcome %+v", outcome)
	}
	posted := w.journal.events[lobby.ID][0].Event.(parley.MessagePosted)
	m := posted.Message
	if m.By.Name != "alice" || m.Seq != 0 || !m.ID.Valid() || m.At.IsZero() || m.Edited || m.Reactions != nil {
		t.Errorf("posted %+v", m)
	}
	if !slices.Equal(posted.Mentions, []parley.NameKey{"bob"}) {
		t.Errorf("mentions %v", posted.Mentions)
	}
	_, err = alice.Do(t.Context(), parley.MessageEdited{Entry: entry, Target: 1, Text: "green \x1b[32m"})
	check(t, err)
	bobs.wait(t, "alice: @Bob, red \uFFFD[31m\nalice edits 1: green \uFFFD[32m\n")
}

func TestTheSameIDIsAcceptedOnce(t *testing.T) {
	w := newTown(t)
	alice, _ := w.person("alice", w.form)
	_, bobs := w.person("bob", w.form)
	e := parley.MessagePosted{Message: parley.Message{Room: lobby.ID, ID: "mine-1", Text: "once"}}
	for range 2 {
		outcome, err := alice.Do(t.Context(), e)
		check(t, err)
		if outcome.Seq != 1 {
			t.Errorf("outcome %+v", outcome)
		}
	}
	check(t, alice.Post(t.Context(), "done"))
	bobs.wait(t, "alice: once\nalice: done\n")
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	w := newTown(t)
	alice, _ := w.person("alice", w.form)
	somebody := parley.Sender{ID: "g-1", Name: "bob"}
	for name, c := range map[string]struct {
		e    parley.RoomEvent
		code parley.Code
	}{
		"an empty text":    {parley.MessagePosted{Message: parley.Message{Room: lobby.ID, Text: " "}}, parley.CodeInvalid},
		"an id":            {parley.MessagePosted{Message: parley.Message{Room: lobby.ID, ID: "a b", Text: "x"}}, parley.CodeInvalid},
		"no room":          {parley.MessagePosted{Message: parley.Message{Room: "r-none", Text: "x"}}, parley.CodeNoSuchRoom},
		"a long edit":      {parley.MessageEdited{Entry: entry, Text: strings.Repeat("x", parley.MaxText+1)}, parley.CodeTooLong},
		"a reaction":       {parley.MessageReacted{Entry: entry, Emoji: "two words"}, parley.CodeInvalid},
		"a topic":          {parley.RoomChanged{Entry: entry, Kind: parley.RoomPublic, Topic: "two\nlines"}, parley.CodeInvalid},
		"a kind":           {parley.RoomChanged{Entry: entry, Kind: parley.RoomDirect}, parley.CodeInvalid},
		"a change":         {parley.MemberChanged{Entry: entry, Change: "adored", Who: somebody}, parley.CodeInvalid},
		"a role":           {parley.MemberChanged{Entry: entry, Change: parley.MemberAppointed, Who: somebody, Role: parley.RoleGuest}, parley.CodeInvalid},
		"nobody":           {parley.MemberChanged{Entry: entry, Change: parley.MemberKicked}, parley.CodeInvalid},
		"what she may not": {parley.MemberChanged{Entry: entry, Change: parley.MemberKicked, Who: somebody}, parley.CodeForbidden},
	} {
		_, err := alice.Do(t.Context(), c.e)
		refused(t, name, err, c.code)
	}
	_, err := w.Do(t.Context(), parley.Identity{ID: "g-2"}, parley.MessagePosted{
		Message: parley.Message{Room: lobby.ID, Text: "x"}})
	refused(t, "somebody without a name", err, parley.CodeInvalid)
}

func TestWhatIsDoneElsewhereIsByThePersonHere(t *testing.T) {
	w := newTown(t)
	guest := parley.Identity{ID: "g-1", Role: parley.RoleGuest}
	s, _ := w.connect(lobby, guest, w.form)
	_, bobs := w.person("bob", w.form)
	w.says(guest, lobby, "by another door")
	bobs.wait(t, s.Person().Shown+": by another door\n")
}

func TestRoomsAreMadeByThoseWhoMay(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice := w.account("alice", parley.RoleMember)
	made, err := w.OpenRoom(ctx, alice, parley.Room{Name: "chess", Kind: parley.RoomPrivate, Topic: "e4"})
	check(t, err)
	s, out := w.connect(parley.Room{}, alice, w.form)
	joins(t, s, out, made, 0)
	_, err = w.OpenRoom(ctx, alice, parley.Room{Name: "chess", Kind: parley.RoomPublic})
	refused(t, "a second of that name", err, parley.CodeNameTaken)
	_, err = w.OpenRoom(ctx, alice, parley.Room{Name: "Chess!", Kind: parley.RoomPublic})
	refused(t, "a name", err, parley.CodeNameInvalid)
	_, err = w.OpenRoom(ctx, alice, parley.Room{Name: "go", Kind: "secret"})
	refused(t, "a kind", err, parley.CodeInvalid)
	_, err = w.OpenRoom(ctx, alice, parley.Room{Name: "go", Kind: parley.RoomPublic, Topic: "a\nb"})
	refused(t, "a topic", err, parley.CodeInvalid)
	_, err = w.OpenRoom(ctx, parley.Identity{ID: "g-1", Name: "bob", Role: parley.RoleGuest}, parley.Room{Name: "go", Kind: parley.RoomPublic})
	refused(t, "a guest", err, parley.CodeForbidden)
}

// Somebody made rooms in a loop. Rooms are for good, and everybody who lists them reads them all.
func TestRoomsAreMadeOnlySoOften(t *testing.T) {
	w := newTown(t)
	alice, owner := w.account("alice", parley.RoleModerator), w.account("olga", parley.RoleOwner)
	wait, made := error(nil), 0
	for ; wait == nil && made < 1000; made++ {
		room := parley.Room{Name: parley.RoomName(fmt.Sprint("r", made)), Kind: parley.RoomPublic}
		_, wait = w.OpenRoom(t.Context(), alice, room)
	}
	refused(t, "one more", wait, parley.CodeThrottled)
	if after, ok := errors.AsType[parley.Wait](wait); !ok || after.RetryAfter() <= 0 || made < 20 {
		t.Errorf("%d rooms, and then %v", made, wait)
	}
	_, err := w.OpenRoom(t.Context(), owner, parley.Room{Name: "of-an-owner", Kind: parley.RoomPublic})
	check(t, err)
}
