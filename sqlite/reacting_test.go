package sqlite

import (
	"fmt"
	"reflect"
	"testing"

	"parley"
)

func TestReactionsAreCounted(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openLobby(t, s)
	thumb := reacted(lobby, alice, 1, "👍", true)
	outcomes := appendAll(t, s,
		said(lobby, bob, id(1), "shall we?"),
		said(lobby, bob, id(2), "hello?"),
		reacted(lobby, bob, 1, "👍", true),
		reacted(lobby, bob, 1, "tea", true),
		thumb,
		reacted(lobby, bob, 1, "👍", false))
	if outcomes[5] != (parley.Outcome{Seq: 6}) {
		t.Fatalf("outcomes %+v", outcomes)
	}
	want := []parley.ReactionCount{{Emoji: "tea", By: []parley.Sender{bob}}, {Emoji: "👍", By: []parley.Sender{alice}}}
	for _, newest := range []bool{false, true} {
		got, err := s.Messages(t.Context(), lobby, parley.Page{Limit: 10, Newest: newest})
		if newest {
			got[0], got[1] = got[1], got[0]
		}
		if err != nil || len(got) != 2 || !reflect.DeepEqual(got[0].Reactions, want) || got[1].Reactions != nil {
			t.Errorf("newest first %v: %+v, %v", newest, got, err)
		}
	}
	repeated(t, s, 5, thumb)
}

func TestReactionsThatAreRefused(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openLobby(t, s)
	appendAll(t, s, said(lobby, bob, id(1), "hello"), reacted(lobby, alice, 1, "+1", true), said(lobby, bob, id(2), "!"))
	done(t, s, deleted(lobby, bob, 3))
	for _, c := range []struct {
		code  parley.Code
		event parley.Event
	}{
		{parley.CodeInvalid, reacted(lobby, alice, 1, "+1", true)},
		{parley.CodeInvalid, reacted(lobby, bob, 1, "+1", false)},
		{parley.CodeInvalid, reacted(lobby, alice, 1, "not one word", true)},
		{parley.CodeNoSuchMessage, reacted(lobby, alice, 2, "+1", true)},
		{parley.CodeNoSuchMessage, reacted(lobby, alice, 3, "+1", true)},
		{parley.CodeNoSuchRoom, reacted("r-nowhere", alice, 1, "+1", true)},
		{parley.CodeNoSuchRoom, reacted(parley.DirectRoom(alice.ID, bob.ID), alice, 1, "+1", true)},
	} {
		refusedWith(t, s, c.code, c.event)
	}
	for n := range parley.MaxReactions {
		done(t, s, reacted(lobby, bob, 1, fmt.Sprint("no", n), true))
	}
	refusedWith(t, s, parley.CodeInvalid, reacted(lobby, bob, 1, "no-more", true))
	done(t, s, reacted(lobby, bob, 1, "no1", false))
	done(t, s, reacted(lobby, bob, 1, "no-more", true))
}
