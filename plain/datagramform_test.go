package plain

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"parley"
)

func TestWhatBecomesOfAMessageIsADatagramToo(t *testing.T) {
	entry := parley.Entry{By: parley.Sender{Name: "alice"}}
	for _, c := range []struct {
		event parley.RoomEvent
		want  []string
	}{
		{parley.MessageEdited{Entry: entry, Text: "a\nb"}, []string{"<alice> :[edit] a", "<alice> :[edit] b"}},
		{parley.MessageEdited{Entry: entry}, nil},
		{parley.MessageDeleted{Entry: entry}, []string{"<alice> :[deleted a message]"}},
		{parley.MessagePosted{Message: parley.Message{By: entry.By, Deleted: true}}, nil},
		{parley.MessageReacted{Entry: entry, Emoji: "x"}, nil},
		{parley.MemberChanged{Entry: entry, Who: entry.By, Change: parley.MemberLeft}, nil},
	} {
		item := event(c.event)
		var got []string
		for block := (&datagramForm{}).AppendItem(nil, &item); len(block) > 0; {
			var datagram []byte
			datagram, block = cutDatagram(block)
			got = append(got, string(datagram))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%T: %q, want %q", c.event, got, c.want)
		}
	}
}

// FuzzDatagramForm cuts any text into datagrams, and puts it together again.
func FuzzDatagramForm(f *testing.F) {
	f.Add("hello", false)
	f.Add(strings.Repeat("é", 501)+"\n\n"+strings.Repeat("x", 2000), true)
	f.Fuzz(func(t *testing.T, text string, private bool) {
		text = strings.TrimSuffix(parley.CleanText(text), "\n")
		item := says(parley.Message{By: parley.Sender{Name: "alice"}, Text: text})
		prefix := "<alice> :"
		if private {
			item.Room.Kind = parley.RoomDirect
			prefix = "<alice> (private) :"
		}
		var all strings.Builder
		for block := (&datagramForm{}).AppendItem(nil, &item); len(block) > 0; {
			var datagram []byte
			datagram, block = cutDatagram(block)
			piece, ok := strings.CutPrefix(string(datagram), prefix)
			if !ok || len(piece) > maxDatagramText || !utf8.ValidString(piece) || strings.Contains(piece, "\n") {
				t.Fatalf("a datagram is %q", datagram)
			}
			all.WriteString(piece)
		}
		if want := strings.ReplaceAll(text, "\n", ""); all.String() != want {
			t.Errorf("%q has become %q", want, all.String())
		}
	})
}
