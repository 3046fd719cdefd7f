package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"parley"
)

// TestStore is what a store promises, whether it waits for the disk or not.
func TestStore(t *testing.T) {
	for name, o := range map[string]Options{"durable": {}, "volatile": {Volatile: true}} {
		t.Run(name, func(t *testing.T) {
			for _, c := range []struct {
				name string
				run  func(*testing.T, Options)
			}{
				{"messages are numbered, delivered, then acknowledged", messagesInOrder},
				{"a room is opened once", roomOpenedOnce},
				{"what cannot be is refused, and the rest stands", refusals},
				{"a repeat is answered with the first number", repeats},
				{"a conversation of two comes into being with its first message", conversations},
				{"the newest file of a name is found", newestFile},
				{"history comes in pages", pages},
				{"a restart keeps everything and goes on counting", restart},
				{"senders do not wait for each other's turn", concurrentAppends},
				{"an Append of nothing waits for what came before", barrier},
				{"Close commits what was accepted", closeCommits},
				{"Close leaves one file", closeLeavesOneFile},
				{"after Close nothing is accepted", appendAfterClose},
				{"a cancelled Append that still waits never happens", cancelWhileWaiting},
				{"a cancelled Append that is being committed happens", cancelWhileCommitting},
			} {
				t.Run(c.name, func(t *testing.T) { c.run(t, o) })
			}
		})
	}
}

func messagesInOrder(t *testing.T, o Options) {
	s := openStore(t, t.TempDir(), o)
	var delivered []parley.Applied
	s.Start(func(done []parley.Applied) { delivered = append(delivered, done...) })
	lobby := openLobby(t, s)

	outcomes := appendAll(t, s, said(lobby, alice, id(1), "hello"), said(lobby, bob, id(1), "你好\nand more"))
	if want := []parley.Outcome{{Seq: 1}, {Seq: 2}}; !reflect.DeepEqual(outcomes, want) {
		t.Fatalf("outcomes %v", outcomes)
	}
	if len(delivered) != 3 { // the room, and two messages: Append returns after deliver
		t.Fatalf("delivered %v", delivered)
	}
	if last := delivered[2]; last.Outcome.Seq != 2 || last.Event.(parley.MessagePosted).Message.By != bob {
		t.Fatalf("delivered last %v", last)
	}
	want := []parley.Message{
		{Room: lobby, Seq: 1, ID: id(1), By: alice, At: noon, Text: "hello"},
		{Room: lobby, Seq: 2, ID: id(1), By: bob, At: noon, Text: "你好\nand more"},
	}
	if got := history(t, s, lobby); !reflect.DeepEqual(got, want) {
		t.Fatalf("history %v", got)
	}
	room, err := s.Room(t.Context(), parley.Lobby)
	if err != nil || room != (parley.Room{ID: lobby, Name: parley.Lobby, Kind: parley.RoomPublic, First: 1, Last: 2}) {
		t.Fatalf("room %v, %v", room, err)
	}
}

func roomOpenedOnce(t *testing.T, o Options) {
	s := startStore(t, t.TempDir(), o)
	if _, err := s.Room(t.Context(), "den"); parley.CodeOf(err) != parley.CodeNoSuchRoom {
		t.Fatalf("a room before it was opened: %v", err)
	}
	den := openRoom(t, s, "den")
	room := func(id parley.RoomID, name parley.RoomName, kind parley.RoomKind) parley.Event {
		return parley.RoomOpened{Room: parley.Room{ID: id, Name: name, Kind: kind}}
	}
	for _, c := range []struct {
		event parley.Event
		code  parley.Code
	}{
		{room(parley.NewRoomID(), "den", parley.RoomPublic), parley.CodeNameTaken},
		{room(den, "study", parley.RoomPublic), parley.CodeNameTaken},
		{room(parley.NewRoomID(), "No Such Name", parley.RoomPublic), parley.CodeNameInvalid},
		{room("", "study", parley.RoomPublic), parley.CodeInvalid},
		{room(parley.DirectRoom("a", "b"), "study", parley.RoomPublic), parley.CodeInvalid},
		{room(parley.NewRoomID(), "study", parley.RoomDirect), parley.CodeInvalid},
	} {
		if o := appendOne(t, s, c.event); parley.CodeOf(o.Err) != c.code {
			t.Errorf("%v: %v", c.event, o.Err)
		}
	}
	if _, err := s.Room(t.Context(), "study"); parley.CodeOf(err) != parley.CodeNoSuchRoom {
		t.Fatalf("a refused room is there: %v", err)
	}
}

// unheardOf is an event of another version.
type unheardOf struct{}

func (unheardOf) Type() parley.EventType { return "unheard-of.1" }

func refusals(t *testing.T, o Options) {
	s := openStore(t, t.TempDir(), o)
	var delivered []parley.Applied
	s.Start(func(done []parley.Applied) { delivered = done })
	lobby := openLobby(t, s)
	cases := []struct {
		event parley.Event
		code  parley.Code
	}{
		{said(lobby, alice, id(1), "first"), ""},
		{said("r-nowhere", alice, id(2), "hello"), parley.CodeNoSuchRoom},
		{said("d-", alice, id(2), "hello"), parley.CodeNoSuchRoom},
		{said("d-alone+", alice, id(2), "hello"), parley.CodeNoSuchRoom},
		{said("", alice, id(2), "hello"), parley.CodeNoSuchRoom},
		{said(lobby, alice, id(2), " \n"), parley.CodeInvalid},
		{said(lobby, alice, id(2), strings.Repeat("x", parley.MaxText+1)), parley.CodeTooLong},
		{said(lobby, alice, "not an id", "hello"), parley.CodeInvalid},
		{said(lobby, parley.Sender{Name: "nobody"}, id(2), "hello"), parley.CodeInvalid},
		{sent(lobby, alice, id(2), parley.File{Name: "", Size: 1}), parley.CodeInvalid},
		{sent(lobby, alice, id(2), parley.File{Name: "a", Size: -1}), parley.CodeInvalid},
		{unheardOf{}, parley.CodeInternal},
		{said(lobby, alice, id(2), "second"), ""},
	}
	events := make([]parley.Event, len(cases))
	for i, c := range cases {
		events[i] = c.event
	}
	outcomes := appendAll(t, s, events...)
	for i, c := range cases {
		if code := parley.CodeOf(outcomes[i].Err); code != c.code {
			t.Errorf("%v: %v", c.event, outcomes[i].Err)
		}
	}
	if outcomes[0].Seq != 1 || outcomes[len(outcomes)-1].Seq != 2 || len(delivered) != 2 {
		t.Fatalf("what stands: %v, delivered %v", outcomes, delivered)
	}
}

func repeats(t *testing.T, o Options) {
	s := openStore(t, t.TempDir(), o)
	var delivered []parley.Applied
	s.Start(func(done []parley.Applied) { delivered = append(delivered, done...) })
	lobby := openLobby(t, s)
	appendAll(t, s, said(lobby, alice, id(1), "one"), said(lobby, bob, id(1), "another's one"))
	delivered = nil

	outcomes := appendAll(t, s,
		said(lobby, alice, id(2), "two"),
		said(lobby, alice, id(1), "one"),
		said(lobby, alice, id(2), "two, once more in the same batch"),
		said(parley.DirectRoom(alice.ID, bob.ID), bob, id(1), "whatever else it says, and where"),
		said("r-nowhere", bob, id(1), "be it where nothing is"),
		sent(lobby, alice, id(3), parley.File{Name: "a.txt"}),
		sent(lobby, alice, id(3), parley.File{Name: "a.txt"}),
		said(lobby, bob, id(4), "five"))
	want := []parley.Outcome{{Seq: 3}, {Seq: 1, Repeat: true}, {Seq: 3, Repeat: true}, {Seq: 2, Repeat: true},
		{Seq: 2, Repeat: true}, {Seq: 4}, {Seq: 4, Repeat: true}, {Seq: 5}}
	if !reflect.DeepEqual(outcomes, want) {
		t.Fatalf("outcomes %v", outcomes)
	}
	if len(delivered) != 3 {
		t.Fatalf("delivered %v", delivered)
	}
	delivered = nil
	if o := appendOne(t, s, said(lobby, alice, id(2), "two")); o.Seq != 3 || !o.Repeat || len(delivered) != 0 {
		t.Fatalf("repeat alone: %v, delivered %v", o, delivered)
	}
	messages := history(t, s, lobby)
	noGaps(t, messages)
	if len(messages) != 5 || messages[2].Text != "two" {
		t.Fatalf("history %v", messages)
	}
}

func conversations(t *testing.T, o Options) {
	s := startStore(t, t.TempDir(), o)
	lobby := openLobby(t, s)
	both := parley.DirectRoom(alice.ID, bob.ID)
	if got := history(t, s, both); got != nil {
		t.Fatalf("before the first message: %v", got)
	}
	outcomes := appendAll(t, s, said(both, alice, id(1), "psst"), said(lobby, alice, id(2), "hello all"),
		said(both, bob, id(3), "yes?"))
	if want := []parley.Outcome{{Seq: 1}, {Seq: 1}, {Seq: 2}}; !reflect.DeepEqual(outcomes, want) {
		t.Fatalf("each room counts for itself: %v", outcomes)
	}
	if got := history(t, s, both); len(got) != 2 || got[1].Text != "yes?" {
		t.Fatalf("conversation %v", got)
	}
}

func newestFile(t *testing.T, o Options) {
	s := startStore(t, t.TempDir(), o)
	lobby, den := openLobby(t, s), openRoom(t, s, "den")
	const name = "出师表.txt"
	older := parley.File{Name: name, Size: 3, Digest: parley.Digest{1}}
	newer := parley.File{Name: name, Size: 1 << 40, Digest: parley.Digest{2}}
	appendAll(t, s, sent(lobby, alice, id(1), older), sent(lobby, bob, id(2), newer),
		sent(lobby, bob, id(3), parley.File{Name: "empty"}))

	if got, err := s.NewestFile(t.Context(), lobby, name); err != nil || got != newer {
		t.Fatalf("newest %v, %v", got, err)
	}
	if got, err := s.NewestFile(t.Context(), lobby, "empty"); err != nil || got != (parley.File{Name: "empty"}) {
		t.Fatalf("empty file %v, %v", got, err)
	}
	for _, room := range []parley.RoomID{den, "r-nowhere"} {
		if _, err := s.NewestFile(t.Context(), room, name); parley.CodeOf(err) != parley.CodeNoSuchFile {
			t.Fatalf("in another room: %v", err)
		}
	}
	if got := history(t, s, lobby); *got[1].File != newer || got[1].Text != "" {
		t.Fatalf("history %v", got)
	}
}

func pages(t *testing.T, o Options) {
	s := startStore(t, t.TempDir(), o)
	lobby := openLobby(t, s)
	events := make([]parley.Event, parley.MaxPage+5)
	for i := range events {
		events[i] = said(lobby, alice, id(i), "x")
	}
	appendAll(t, s, events...)
	for _, c := range []struct {
		after       parley.Seq
		limit       int
		first, last parley.Seq
		n           int
	}{
		{0, 10, 1, 10, 10},
		{10, 1, 11, 11, 1},
		{parley.MaxPage, 10, parley.MaxPage + 1, parley.MaxPage + 5, 5},
		{0, 1 << 30, 1, parley.MaxPage, parley.MaxPage},
		{-5, 1, 1, 1, 1},
	} {
		got, err := s.Messages(t.Context(), lobby, parley.Page{After: c.after, Limit: c.limit})
		if err != nil || len(got) != c.n || got[0].Seq != c.first || got[len(got)-1].Seq != c.last {
			t.Errorf("after %d, %d: %d messages, %v", c.after, c.limit, len(got), err)
		}
	}
	for _, limit := range []int{0, -1} {
		if got, err := s.Messages(t.Context(), lobby, parley.Page{Limit: limit}); err != nil || got != nil {
			t.Errorf("limit %d: %v, %v", limit, got, err)
		}
	}
	if got, err := s.Messages(t.Context(), lobby, parley.Page{After: parley.MaxPage + 5, Limit: 10}); err != nil || got != nil {
		t.Errorf("after the last: %v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Messages(ctx, lobby, parley.Page{Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody wants it any more: %v", err)
	}
}

func restart(t *testing.T, o Options) {
	dir := filepath.Join(t.TempDir(), "a folder?with #odd% name") // a name is no part of the URI's syntax
	mkdir(t, dir)
	s := startStore(t, dir, o)
	lobby, both := openLobby(t, s), parley.DirectRoom(alice.ID, bob.ID)
	file := parley.File{Name: "a", Size: 1, Digest: parley.Digest{9}}
	appendAll(t, s, said(lobby, alice, id(1), "one"), said(both, bob, id(2), "psst"), sent(lobby, bob, id(3), file))
	before := [][]parley.Message{history(t, s, lobby), history(t, s, both)}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = startStore(t, dir, o)
	if after := [][]parley.Message{history(t, s, lobby), history(t, s, both)}; !reflect.DeepEqual(after, before) {
		t.Fatalf("after restart %v, before %v", after, before)
	}
	outcomes := appendAll(t, s, said(lobby, alice, id(1), "one"), said(lobby, alice, id(4), "three"),
		said(both, bob, id(5), "!"))
	if want := []parley.Outcome{{Seq: 1, Repeat: true}, {Seq: 3}, {Seq: 2}}; !reflect.DeepEqual(outcomes, want) {
		t.Fatalf("going on: %v", outcomes)
	}
}

func concurrentAppends(t *testing.T, o Options) {
	s := openStore(t, t.TempDir(), o)
	var delivered []parley.Seq // deliver is on one goroutine
	s.Start(func(done []parley.Applied) {
		for _, a := range done {
			if _, ok := a.Event.(parley.MessagePosted); ok {
				delivered = append(delivered, a.Outcome.Seq)
			}
		}
	})
	lobby := openLobby(t, s)
	const senders, each = 20, 50
	var all sync.WaitGroup
	for range senders {
		by := parley.Sender{ID: parley.NewGuestID(), Name: "somebody"}
		all.Go(func() {
			var last parley.Seq
			for i := range each {
				outcomes, err := s.Append(t.Context(), said(lobby, by, id(i), "x"))
				if err != nil || outcomes[0].Seq <= last {
					t.Errorf("after %d: %v, %v", last, outcomes, err)
					return
				}
				last = outcomes[0].Seq
			}
		})
	}
	all.Wait()
	messages := history(t, s, lobby)
	noGaps(t, messages)
	if len(messages) != senders*each || len(delivered) != senders*each {
		t.Fatalf("%d messages, %d delivered", len(messages), len(delivered))
	}
	for i, seq := range delivered {
		if seq != parley.Seq(i+1) {
			t.Fatalf("number %d was delivered as the %dth", seq, i+1)
		}
	}
}
