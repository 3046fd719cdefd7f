package plain

import (
	"testing"

	"parley"
	"parley/hub"
	"parley/plain/wire"
)

func TestForm(t *testing.T) {
	by := parley.Sender{Name: "alice"}
	message := says(parley.Message{By: by, Text: "a\nb"})
	private := message
	private.Room.Kind = parley.RoomDirect
	file := says(parley.Message{By: by, File: &parley.File{Name: "x.jpg", Size: 7}})
	joined := hub.Item{Kind: hub.ItemPresence, Joined: []hub.Person{{Shown: "alice"}}}
	left := hub.Item{Kind: hub.ItemPresence, Left: []hub.Person{{Shown: "alice"}}}
	entry := parley.Entry{By: by}
	edit := event(parley.MessageEdited{Entry: entry, Target: 1, Text: "a\nb\n"})
	erased := event(parley.MessageEdited{Entry: entry, Target: 1}) // what it said is deleted since
	private2 := edit
	private2.Room.Kind = parley.RoomDirect
	reacted := event(parley.MessageReacted{Entry: entry, Target: 1, Emoji: "x", On: true})
	deleted := event(parley.MessageDeleted{Entry: entry, Target: 1})
	gone := says(parley.Message{By: by, Deleted: true})
	bob := parley.Sender{Name: "bob"}
	kicked := event(parley.MemberChanged{Entry: entry, Who: bob, Change: parley.MemberKicked})
	changed := event(parley.RoomChanged{Entry: entry, Topic: "exams", Kind: parley.RoomAnnounce})
	typing := hub.Item{Kind: hub.ItemTyping, Typing: []hub.Person{{Shown: "alice"}}}
	read := hub.Item{Kind: hub.ItemRead, Read: 7}
	later := []*hub.Item{&edit, &private2, &deleted, &erased, &gone, &reacted, &kicked, &changed, &typing, &read}
	const edits, privateEdits = "<alice> :[edit] a\n<alice> :[edit] b\n",
		"<alice> (private) :[edit] a\n<alice> (private) :[edit] b\n"
	for o, want := range map[*Options]string{
		{}: edits + privateEdits + "<alice> :[deleted a message]\n",
		{Notices: true, Style: wire.Says}: "alice says: [edit] a\nalice says: [edit] b\n" + privateEdits +
			"alice says: [deleted a message]\n* bob was sent out by alice\n" +
			"* alice made this room announce, with the topic: exams\n",
		{Respond: RespondInput, Notices: true}: privateEdits,
	} {
		got := ""
		for _, item := range later {
			got += string(newForm(*o).AppendItem(nil, item))
		}
		if got != want {
			t.Errorf("with %+v\n%swant\n%s", *o, got, want)
		}
	}
	for _, test := range []struct {
		name string
		o    Options
		want []string // of message, private, file, joined, left
	}{
		{"the default", Options{}, []string{"<alice> :a\n<alice> :b\n", "<alice> (private) :a\n<alice> (private) :b\n",
			"<alice> :[file x.jpg 7 bytes]\n", "", ""}},
		{"style=says", Options{Style: wire.Says}, []string{"alice says: a\nalice says: b\n",
			"<alice> (private) :a\n<alice> (private) :b\n", "alice says: [file x.jpg 7 bytes]\n", "", ""}},
		{"notices=1", Options{Notices: true}, []string{"<alice> :a\n<alice> :b\n",
			"<alice> (private) :a\n<alice> (private) :b\n", "<alice> :[file x.jpg 7 bytes]\n",
			"* alice joined\n", "* alice left\n"}},
		{"respond=upper", Options{Respond: RespondUpper, Notices: true}, []string{"",
			"<alice> (private) :a\n<alice> (private) :b\n", "", "", ""}},
	} {
		f := newForm(test.o)
		for i, item := range []*hub.Item{&message, &private, &file, &joined, &left} {
			if got := string(f.AppendItem(nil, item)); got != test.want[i] {
				t.Errorf("%s, item %d: %q, want %q", test.name, i, got, test.want[i])
			}
		}
	}
}

// event is the item of something that has happened.
func event(e parley.RoomEvent) hub.Item { return hub.Item{Kind: hub.ItemEvent, Event: e} }

// says is the item of a message.
func says(m parley.Message) hub.Item { return event(parley.MessagePosted{Message: m}) }

// Showing an item allocates nothing but the room it takes.
func TestShowingAnItemAllocatesNothing(t *testing.T) {
	f := newForm(Options{Notices: true})
	items := []hub.Item{
		says(parley.Message{By: parley.Sender{Name: "127.0.0.1 : 49525"}, Text: "hello"}),
		says(parley.Message{By: parley.Sender{Name: "alice"}, Text: "two\nlines"}),
		says(parley.Message{By: parley.Sender{Name: "alice"}, File: &parley.File{Name: "x", Size: 7}}),
		{Kind: hub.ItemPresence, Joined: []hub.Person{{Shown: "alice"}}},
	}
	dst := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() {
		dst = dst[:0]
		for i := range items {
			dst = f.AppendItem(dst, &items[i])
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkAppendItem measures what a message costs, once for everybody who reads this form.
func BenchmarkAppendItem(b *testing.B) {
	f := newForm(Options{})
	item := says(parley.Message{By: parley.Sender{Name: "127.0.0.1 : 49525"}, Text: string(make([]byte, 200))})
	dst := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		dst = f.AppendItem(dst[:0], &item)
	}
}
