package plain

import (
	"strings"
	"testing"
	"unicode/utf8"

	"parley"
)

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
