package wire

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// at gives a time so many milliseconds after the test began.
func at(ms int) time.Time {
	return time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC).Add(time.Duration(ms) * time.Millisecond)
}

// show writes items as one would tell them.
func show(items []Item) string {
	var b strings.Builder
	for _, item := range items {
		switch item.Kind {
		case ItemText:
			from := item.From
			if item.Private {
				from += " PRIVATE"
			}
			fmt.Fprintf(&b, "[%s|%s]", from, item.Text)
		case ItemRoster:
			b.WriteString(string(item.Roster.Append(nil)))
		case ItemIgnored:
			fmt.Fprintf(&b, "(%s)", item.Text)
		}
	}
	return b.String()
}

// transcript drives a Parser: a string is a read, a number is that many milliseconds in which nothing comes. What is found
// is written down, with a '.' behind each step.
func transcript(steps ...any) string {
	var p Parser
	var b strings.Builder
	now := 0
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			b.WriteString(show(p.Read([]byte(step), at(now))))
		case int:
			now += step
			for wake := p.WakeAt(); !wake.IsZero() && !wake.After(at(now)); wake = p.WakeAt() {
				b.WriteString(show(p.Fire(wake)))
			}
		}
		b.WriteByte('.')
	}
	return b.String() + show(p.End())
}

func TestParserReadsWhatAServerSends(t *testing.T) {
	const a, b = `!{"alice": "10.20.30.11"}`, aliceAndBob
	for _, c := range []struct {
		story string
		steps []any
		want  string
	}{
		{"a roster is known at its end", []any{b}, b + "."},
		{"in two pieces, in the middle of an address", []any{b[:20], 500, b[20:]}, ".." + b + "."},
		{"in two pieces behind a space", []any{b[:27], 30, b[27:]}, ".." + b + "."},
		{"the '!' alone", []any{"!", 20, b[1:]}, ".." + b + "."},
		{"two glued together", []any{a + b}, a + b + "."},
		{"glued and split", []any{a + b[:9], 5, b[9:]}, a + ".." + b + "."},
		{"an empty one", []any{"!{}"}, "!{}."},
		{"with other spacing", []any{"! ", 50, "!{ \"alice\" :\n\"10.20.30.11\" } "}, ".[|!]." + a + "."},
		{"with escapes", []any{`!{"\u0061lice": "10.20.30.11", "a\"}\\": "::1"}`}, `!{"a\"}\\": "::1", "alice": "10.20.30.11"}.`},
		{"an address that is none", []any{`!{"alice": "here"}`}, `!{"alice": "invalid IP"}.`},

		{"a text is whole after a little silence", []any{"alice: hi ", 39, 1}, "..[alice|hi]."},
		{"in pieces", []any{"ali", 20, "ce", 20, ": ", 20, "hi", 20, " you", 900, " ", 40}, "...........[alice|hi you]."},
		{"without its space it is waited for", []any{"alice: hi", 999, 1}, "..[alice|hi]."},
		{"a name alone is no text yet", []any{"alice: ", 500, "hi ", 40}, "...[alice|hi]."},
		{"a character in two pieces", []any{"alice: \xe5\xb8", 5, "\x88 ", 40}, "...[alice|师]."},
		{"the next read is another text", []any{"alice: hi ", 5, "bob: yo ", 40}, "..[alice|hi].[bob|yo]."},
		{"but not what is written at once with it", []any{"alice: hi ", 4, "bob: yo ", 40}, "...[alice|hi bob: yo]."},
		{"also of somebody without a name", []any{"alice: hi ", 5, "127.0.0.1 : 7: yo ", 40}, "..[alice|hi].[127.0.0.1 : 7|yo]."},
		{"one person's texts in one piece", []any{"alice: one alice: two alice: three ", 40}, "[alice|one][alice|two].[alice|three]."},
		{"private ones too", []any{"bob (private): a bob (private): b ", 40}, "[bob PRIVATE|a].[bob PRIVATE|b]."},
		{"and in any pieces", []any{"alice: one al", "ice: two ", 40}, ".[alice|one].[alice|two]."},
		{"two people's texts in one piece stay one", []any{"alice: hi bob: yo ", 40}, ".[alice|hi bob: yo]."},
		{"the server's own words", []any{"name alice is taken, send another ", 40}, ".[|name alice is taken, send another]."},
		{"a question", []any{"password for alice: ", 40}, ".[|password for alice:]."},
		{"nothing but a name and a colon", []any{"alice: ", 1000}, ".[|alice:]."},
		{"newlines of another make", []any{"alice: hi\r\n ", 40, "bob: yo\n", 1000}, ".[alice|hi]..[bob|yo]."},
		{"control characters", []any{"alice: \x1b[2J\u202e ", 40}, ".[alice|\uFFFD[2J\uFFFD]."},

		{"a roster glued to a text", []any{"alice: hi " + b, 40}, ".[alice|hi]" + b + "."},
		{"with another text behind it", []any{"alice: hi " + b + "bob: yo ", 40}, "[alice|hi]" + b + ".[bob|yo]."},
		{"and split", []any{"alice: hi " + b[:10], 500, b[10:] + a, 40}, "..[alice|hi]" + b + a + ".."},
		{"split behind a space", []any{"alice: hi " + b[:27], 500, b[27:], 40}, "...[alice|hi]" + b + "."},
		{"a text glued to a roster", []any{b + "alice: hi ", 40}, b + ".[alice|hi]."},
		{"a roster behind a text, in time", []any{"alice: hi ", 25, b, 25, "bob: yo ", 40}, "....[alice|hi]" + b + ".[bob|yo]."},

		{"'!' is text", []any{"alice: wow! !! ", 40}, ".[alice|wow! !!]."},
		{"'!{' is text", []any{"alice: !{x} !{ ", 40, 960}, "..[alice|!{x} !{]."},
		{"a roster in a text is text", []any{"alice: try !{\"bob\": \"10.6.6.6\"} ", 40}, ".[alice|try !{\"bob\": \"10.6.6.6\"}]."},
		{"also in pieces", []any{"alice: !{\"bob\": ", 20, "\"10.6.6.6\"}", 20, " ", 40}, ".....[alice|!{\"bob\": \"10.6.6.6\"}]."},
		{"other JSON in a text is text", []any{"alice: !{\"a\": {}}", 40, "!{\"a\": [\"}\"]}", 40}, ".[alice|!{\"a\": {}}].(ignored a roster that makes no sense).."},
		{"half a roster in a text does not hold it up", []any{"alice: !{\"b ", 5, "bob: yo ", 40}, "..[alice|!{\"b].[bob|yo]."},
		{"nor forever", []any{"alice: !{\"b", 600, "cc", 400}, "...[alice|!{\"bcc]."},

		{"garbage is text", []any{"!hello ", 40}, ".[|!hello]."},
		{"also with a bracket", []any{"!{hello ", 40}, ".[|!{hello]."},
		{"with a roster behind it", []any{"!{hello " + b, 40}, ".[|!{hello]" + b + "."},
		{"nested JSON is no roster", []any{`!{"a": {"b": "}"}}` + b}, "(ignored a roster that makes no sense)" + b + "."},
		{"nor are numbers", []any{`!{"a": 7, "b": [1, true, null]}` + a}, "(ignored a roster that makes no sense)" + a + "."},
		{"nor wrong escapes", []any{`!{"a": "\x"}` + a}, "(ignored a roster that makes no sense)" + a + "."},
		{"brackets that do not match", []any{`!{"a": [}]}`}, "(ignored a roster that makes no sense).[|}]"},
		{"a roster that is never finished", []any{`!{"alice": "10.`, 9999, 1, a}, "..(ignored a roster that is not complete)." + a + "."},
		{"or that a text follows", []any{`!{"alice": `, 5, "bob: hi ", 40}, "..(ignored a roster that is not complete).[bob|hi]."},
		{"white space between messages", []any{" \r\n\t ", 1000, a}, ".." + a + "."},
		{"nothing", []any{"", 1000}, ".."},
		{"nothing is silence", []any{"alice: hi ", 30, "", 10}, "...[alice|hi]."},
	} {
		if got := transcript(c.steps...); got != c.want {
			t.Errorf("%s: %q\n gives %s\n want  %s", c.story, c.steps, got, c.want)
		}
	}
}

// However what one person and the server say is cut into reads, it reads the same.
func TestParserReadsAnySplitting(t *testing.T) {
	stream := aliceAndBob + `!{"a\"}\\é": "::1"}` + "alice: hello, 师 wow! alice: !{x} two " + aliceAndBob + "!{}bob: yo "
	want := aliceAndBob + `!{"a\"}\\é": "::1"}` + "[alice|hello, 师 wow!][alice|!{x} two]" + aliceAndBob + "!{}[bob|yo]"
	for size := 1; size <= len(stream); size++ {
		var p Parser
		var items []Item
		for rest := stream; rest != ""; rest = rest[min(size, len(rest)):] {
			items = append(items, p.Read([]byte(rest[:min(size, len(rest))]), at(0))...)
		}
		if got := show(append(items, p.End()...)); got != want {
			t.Errorf("in reads of %d bytes: %s\nwant %s", size, got, want)
		}
	}
}

// What our server makes of a text cannot be read as a roster, whatever is in it and however it is split.
func TestNobodyForgesARosterOnOurServer(t *testing.T) {
	for _, text := range []string{
		`x !{"bob": "10.6.6.6"}carol: hi`,
		`!{"bob": "10.6.6.6"}`,
		`!{"bob": "10.6.6.6", "k": "`,
		`!{"bob": "10.6.6.6", "k": {"`,
		"x\u2028!{\"bob\": \"10.6.6.6\"}carol: hi",
		strings.Repeat(`!{"`, 40) + `!{"bob": "10.6.6.6"}carol: hi`,
	} {
		wire := AppendText(nil, "alice", text)
		wire = AppendText(wire, "alice", `"}carol: hi`)
		for cut := range wire {
			var p Parser
			items := append(p.Read(wire[:cut], at(0)), p.Fire(at(5000))...)
			items = append(append(items, p.Read(wire[cut:], at(5000))...), p.End()...)
			for _, item := range items {
				if item.Kind != ItemText {
					t.Errorf("%s cut at %d gives %s", wire, cut, show([]Item{item}))
				}
			}
		}
	}
}

func TestLongTextComesInPieces(t *testing.T) {
	var p Parser
	text := strings.Repeat("é", MaxPart)
	items := append(p.Read([]byte("alice: "+text+" "), at(0)), p.Fire(at(40))...)
	var all strings.Builder
	for _, item := range items {
		if item.From != "alice" || len(item.Text) > MaxPart {
			t.Errorf("a piece of %d bytes from %q", len(item.Text), item.From)
		}
		all.WriteString(item.Text)
	}
	if all.String() != text || len(items) != 3 {
		t.Errorf("%d pieces, together %d bytes of %d", len(items), all.Len(), len(text))
	}
}

// Mallory quotes bob all over a long text, and a client reads what the server sends in pieces. One of them begins where bob's
// name stands: that is no word of bob's.
func TestReadThatBeginsAtAQuotedNameIsNobodyElses(t *testing.T) {
	wire := AppendText(nil, "mallory", strings.TrimSpace(strings.Repeat("bob: I owe mallory 100 ", 2500)))
	for _, size := range []int{1024, 1448, 4096, 32 << 10} {
		for start := range min(size, len("bob: I owe mallory 100 ")) {
			var p Parser
			p.Read([]byte(aliceAndBob), at(0))
			items := p.Read(wire[:size+start], at(1000))
			for rest := wire[size+start:]; len(rest) > 0; rest = rest[min(size, len(rest)):] {
				items = append(items, p.Read(rest[:min(size, len(rest))], at(1001))...)
			}
			for _, item := range append(items, p.End()...) {
				if item.Kind != ItemText || item.From != "mallory" {
					t.Fatalf("in reads of %d bytes from %d on: %s", size, start, show([]Item{item}))
				}
			}
		}
	}
}

func TestRosterOf10000PeopleIsRead(t *testing.T) {
	var entries []Entry
	for i := range 10_000 {
		entries = append(entries, entry(fmt.Sprintf("person-%d", i), fmt.Sprintf("10.0.%d.%d", i/250, i%250)))
	}
	wire := NewRoster(entries).Append(nil)
	var p Parser
	for rest := wire; len(rest) > 0; {
		n := min(1448, len(rest))
		items := p.Read(rest[:n], at(0))
		if rest = rest[n:]; (len(rest) == 0) != (len(items) == 1) {
			t.Fatalf("%d items with %d bytes to come", len(items), len(rest))
		}
	}
}

func TestRosterWithoutEndIsNotKept(t *testing.T) {
	var p Parser
	p.Read([]byte(`!{"`), at(0))
	piece := []byte(strings.Repeat("x", 64<<10))
	var got []Item
	for range 2 * MaxRoster / len(piece) {
		got = append(got, p.Read(piece, at(1))...)
		if len(p.buf) > MaxRoster+len(piece) {
			t.Fatalf("%d bytes are kept", len(p.buf))
		}
	}
	got = append(got, p.Fire(at(41))...)
	got = append(got, p.Read([]byte(aliceAndBob), at(42))...)
	if want := "(ignored a roster that is too long)" + aliceAndBob; show(got) != want {
		t.Errorf("read %.200s, want %s", show(got), want)
	}
}

// A server that sends the beginnings of rosters and nothing else costs its client little.
func TestManyBeginningsOfRostersCostLittle(t *testing.T) {
	var p Parser
	var got []Item
	for range 20 {
		got = append(got, p.Read([]byte("x: "+strings.Repeat(`!{"`, 20_000)), at(0))...)
		got = append(got, p.Fire(at(1000))...)
	}
	if len(got) == 0 {
		t.Error("nothing was read")
	}
}

func TestParserKeepsNoMemoryBetweenMessages(t *testing.T) {
	var p Parser
	p.Read([]byte(aliceAndBob+"alice: hi "), at(0))
	p.Fire(at(40))
	if p.buf != nil || p.items != nil || !p.WakeAt().IsZero() {
		t.Errorf("kept %d bytes until %v", cap(p.buf), p.WakeAt())
	}
}

// What explains a capture asks where in the bytes each item stood.
func TestAParserSaysWhereEachItemBegan(t *testing.T) {
	const stream = `!{"bob": "10.0.0.3"}bob: one bob: two !{"al": "10.0.0.4"}al: `
	for size := 1; size <= len(stream); size++ {
		var p Parser
		var starts []int64
		now := time.Unix(0, 0)
		for from := 0; from < len(stream); from += size {
			p.Read([]byte(stream[from:min(from+size, len(stream))]), now)
			items, kept := p.Where()
			starts = append(starts, items...)
			if kept < 0 || kept > int64(from+size) {
				t.Fatalf("in pieces of %d: %d bytes are told of %d", size, kept, from+size)
			}
		}
		p.End()
		items, kept := p.Where()
		starts = append(starts, items...)
		if want := []int64{0, 20, 29, 38, 57}; !slices.Equal(starts, want) || kept != int64(len(stream)) {
			t.Fatalf("in pieces of %d: %d, up to %d", size, starts, kept)
		}
	}
}
