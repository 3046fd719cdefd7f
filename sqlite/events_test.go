package sqlite

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"parley"
)

// numbered gives an event as history tells it.
func numbered(seq parley.Seq, e parley.Event) parley.Applied {
	switch x := e.(type) {
	case parley.MessagePosted:
		x.Message.Seq = seq
		e = x
	case parley.MessageEdited:
		x.Entry.Seq = seq
		e = x
	case parley.MessageDeleted:
		x.Entry.Seq = seq
		e = x
	case parley.MessageReacted:
		x.Entry.Seq = seq
		e = x
	case parley.MemberChanged:
		x.Entry.Seq = seq
		e = x
	case parley.RoomChanged:
		x.Entry.Seq = seq
		e = x
	}
	return parley.Applied{Event: e, Outcome: parley.Outcome{Seq: seq}}
}

// TestHistoryTellsEverythingThatHappened, each with its number and as it was, but for what was taken back.
func TestHistoryTellsEverythingThatHappened(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	den := openKind(t, s, "den", parley.RoomPrivate, alice)
	answer := said(den, bob, id(3), "an answer")
	answer.Message.Reply = 2
	happened := []parley.Event{
		changed(den, alice, bob, parley.MemberInvited),
		said(den, alice, id(2), "hello"),
		answer,
		sent(den, alice, id(4), parley.File{Name: "a.txt", Size: 7, Digest: parley.Digest{1}}),
		appointed(den, alice, bob, parley.RoleModerator),
		reacted(den, alice, 3, "👍", true),
		reacted(den, alice, 3, "👍", false),
		parley.RoomChanged{Entry: entryBy(den, alice), Kind: parley.RoomAnnounce, Topic: `"quoted" <topic>`},
		said(den, alice, id(9), "secret one"),
		edited(den, alice, 9, "secret two"),
		edited(den, alice, 9, "secret three"),
		reacted(den, bob, 9, "secret", true),
		said(den, alice, id(13), "a first version"),
		edited(den, alice, 13, "a second version"),
		edited(den, alice, 13, "as it is now"),
		deleted(den, bob, 9),
		sent(den, alice, id(17), parley.File{Name: "a.png", Size: 7, Digest: parley.Digest{2}, Width: 1600, Height: 1}),
	}
	for i, o := range appendAll(t, s, happened...) {
		if o != (parley.Outcome{Seq: parley.Seq(i + 1)}) {
			t.Fatalf("event %d: %+v", i+1, o)
		}
	}
	var want []parley.Applied
	for i, e := range happened {
		want = append(want, numbered(parley.Seq(i+1), e))
	}
	told := func(seq parley.Seq, text string) {
		e := want[seq-1].Event.(parley.MessageEdited)
		e.Text = text
		want[seq-1].Event = e
	}
	told(10, "")
	told(11, "")
	told(14, "as it is now")
	gone := want[8].Event.(parley.MessagePosted)
	gone.Message.Text, gone.Message.Deleted = "", true
	want[8].Event = gone
	now := want[12].Event.(parley.MessagePosted)
	now.Message.Text, now.Message.Edited = "as it is now", true
	want[12].Event = now
	gestured := want[11].Event.(parley.MessageReacted)
	gestured.Emoji = ""
	want[11].Event = gestured

	for after := range want {
		for _, limit := range []int{1, 5, parley.MaxPage} {
			got, err := s.Events(t.Context(), den, parley.Seq(after), limit)
			if err != nil || !reflect.DeepEqual(got, want[after:min(after+limit, len(want))]) {
				t.Fatalf("after %d, %d of them: %v\n%+v\nwant\n%+v", after, limit, err, got, want[after:min(after+limit, len(want))])
			}
		}
	}
	for _, limit := range []int{0, -1} {
		if got, err := s.Events(t.Context(), den, 0, limit); err != nil || got != nil {
			t.Errorf("limit %d: %v, %v", limit, got, err)
		}
	}
	if got, err := s.Events(t.Context(), "r-nowhere", 0, 10); err != nil || got != nil {
		t.Errorf("nowhere: %v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Events(ctx, den, 0, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody wants it any more: %v", err)
	}
}

// TestAPageOfEventsIsBounded: in number, and in text, but there is always one.
func TestAPageOfEventsIsBounded(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{Volatile: true})
	lobby, den := openLobby(t, s), openRoom(t, s, "den")
	long := strings.Repeat("x", parley.MaxText)
	var events []parley.Event
	for n := range 6 {
		events = append(events, said(lobby, alice, id(n), long))
	}
	for range 6 {
		events = append(events, edited(lobby, alice, 1, long))
	}
	appendAll(t, s, events...)
	for after, n := range map[parley.Seq]int{0: 4, 4: 4, 6: 4, 8: 4, 10: 2} {
		if got, err := s.Events(t.Context(), lobby, after, parley.MaxPage); err != nil || len(got) != n {
			t.Errorf("after %d: %d events, %v", after, len(got), err)
		}
	}
	short := make([]parley.Event, parley.MaxPage+1)
	for n := range short {
		short[n] = said(den, bob, id(n), "x")
	}
	appendAll(t, s, short...)
	if got, err := s.Events(t.Context(), den, 0, 1<<30); err != nil || len(got) != parley.MaxPage {
		t.Errorf("%d events, %v", len(got), err)
	}
}

func TestMessagesComeInPagesOfEitherDirection(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openLobby(t, s)
	var events []parley.Event
	for n := range 10 { // the messages are 1, 3, 5 …
		events = append(events, said(lobby, alice, id(n), "x"), reacted(lobby, bob, parley.Seq(2*n+1), "+1", true))
	}
	appendAll(t, s, events...)
	for _, c := range []struct {
		page parley.Page
		want []parley.Seq
	}{
		{parley.Page{Limit: 3}, []parley.Seq{1, 3, 5}},
		{parley.Page{After: 5, Limit: 2}, []parley.Seq{7, 9}},
		{parley.Page{After: 5, Before: 9, Limit: 9}, []parley.Seq{7}},
		{parley.Page{Limit: 3, Newest: true}, []parley.Seq{19, 17, 15}},
		{parley.Page{Before: 15, Limit: 2, Newest: true}, []parley.Seq{13, 11}},
		{parley.Page{After: 15, Limit: 9, Newest: true}, []parley.Seq{19, 17}},
		{parley.Page{Before: 1, Limit: 9, Newest: true}, nil},
		{parley.Page{After: 19, Limit: 9}, nil},
	} {
		got, err := s.Messages(t.Context(), lobby, c.page)
		var numbers []parley.Seq
		for _, m := range got {
			numbers = append(numbers, m.Seq)
			if len(m.Reactions) != 1 || m.Reactions[0].By[0] != bob {
				t.Errorf("%+v: message %d has the reactions %v", c.page, m.Seq, m.Reactions)
			}
		}
		if err != nil || !reflect.DeepEqual(numbers, c.want) {
			t.Errorf("%+v: %v, %v", c.page, numbers, err)
		}
	}
}
