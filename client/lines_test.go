package client

import (
	"strings"
	"testing"
	"time"

	"parley/plain/wire"
)

// heardLine is a line that was heard.
type heardLine struct {
	kind piece
	text string
}

// hear gives what lines make of what a server sends: a text is fed, a time passes in silence.
func hear(script ...any) (heard []heardLine) {
	var l lines
	now := time.Unix(1_700_000_000, 0)
	take := func() {
		for text, kind, ok := l.next(); ok; text, kind, ok = l.next() {
			heard = append(heard, heardLine{kind, text})
		}
	}
	for _, step := range script {
		switch step := step.(type) {
		case string:
			l.feed([]byte(step), now)
		case time.Duration:
			until := now.Add(step)
			for at := l.wakeAt(); !at.IsZero() && !at.After(until); at = l.wakeAt() {
				now = at
				l.tick(now)
				take()
			}
			now = until
		}
		take()
	}
	l.end()
	take()
	return heard
}

// heardFrom is hear for people.
func heardFrom(script ...any) string {
	var out strings.Builder
	for _, h := range hear(script...) {
		out.WriteString([]string{"", "rest ", "cut ", "dropped "}[h.kind] + h.text + "|")
	}
	return out.String()
}

func TestLines(t *testing.T) {
	for _, test := range []struct {
		about  string
		script []any
		want   string
	}{
		{"a server of ours", []any{"welcome\n<bob> :hi\n", "<bob> :a", "gain\n"}, "welcome|<bob> :hi|<bob> :again|"},
		{"a classroom server", []any{"welcome", time.Second, "<a> :x", time.Second, "<a> :y", time.Second},
			"welcome|<a> :x|<a> :y|"},
		{"split by the network", []any{"<a> :x", 10 * time.Millisecond, "yz", time.Second}, "<a> :xyz|"},
		{"only the greeting ends with LF",
			[]any{"welcome\n", time.Second, "<a> :x", time.Second, "<a> :y", wire.Silence, "<a> :z"},
			"welcome|cut <a> :x|<a> :y|<a> :z|"},
		{"a pause within a line", []any{"welcome\n", "<a> :x", lineStall, "<b> :y\n", "<a> :z\n"},
			"welcome|cut <a> :x|rest <b> :y|<a> :z|"},
		{"cut off within a line", []any{"welcome\n", "<a> :pay 10"}, "welcome|cut <a> :pay 10|"},
		{"a line without an end", []any{strings.Repeat("x", wire.MaxServerLine+2), "y\nnext\n"}, "dropped |next|"},
		{"blank lines", []any{"\n\n  \n", time.Second}, ""},
	} {
		if got := heardFrom(test.script...); got != test.want {
			t.Errorf("%s: %q, want %q", test.about, got, test.want)
		}
	}
}

func FuzzLinesLoseNothing(f *testing.F) {
	f.Add("welcome\n", "<a> :x", "y\n", true)
	f.Fuzz(func(t *testing.T, a, b, c string, pause bool) {
		var script []any
		for _, s := range []string{a, b, c} {
			if s == "" || len(s) > 1000 || strings.Contains(s, "\xff") { // telnet's IAC is meant to be lost
				t.Skip()
			}
			script = append(script, s)
			if pause {
				script = append(script, 2*time.Second)
			}
		}
		var got strings.Builder
		for _, h := range hear(script...) {
			got.WriteString(h.text)
		}
		if got, want := visible(got.String()), visible(a+b+c); got != want {
			t.Errorf("%q: %q, want %q", script, got, want)
		}
	})
}

// visible gives the letters, digits and signs of ASCII in s: blank lines are passed over, and what white space is
// depends on where a character of several bytes was cut.
func visible(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] > ' ' && s[i] < 0x7f {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
