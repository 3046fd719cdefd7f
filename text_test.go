package parley_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"parley"
)

func TestCleanText(t *testing.T) {
	for dirty, clean := range map[string]string{
		"":                                       "",
		"plain words":                            "plain words",
		"tab\tand\nnewline":                      "tab\tand\nnewline",
		"a\r\nb":                                 "a\nb",
		"a\rb":                                   "a\uFFFDb",
		"\x1b[2J":                                "\uFFFD[2J",
		"nul\x00bell\x07del\x7F":                 "nul\uFFFDbell\uFFFDdel\uFFFD",
		"c1 \u009b31m":                           "c1 \uFFFD31m",
		"next\u0085line\u2028paragraph\u2029end": "next\nline\nparagraph\nend",
		"hidden \u202Eorder\u2066":               "hidden \uFFFDorder\uFFFD",
		"cut \xe4\xb8":                           "cut \uFFFD\uFFFD",
		"出师表 🙂":                                  "出师表 🙂",
	} {
		if got := parley.CleanText(dirty); got != clean {
			t.Errorf("%q becomes %q, not %q", dirty, got, clean)
		}
	}
	if got := parley.CleanLine("a\nb\u2028c"); got != "a b c" {
		t.Errorf("on one line: %q", got)
	}
}

func TestLines(t *testing.T) {
	for text, want := range map[string][]string{
		"": {""}, "a": {"a"}, "a\n": {"a"}, "a\nb": {"a", "b"}, "a\n\nb\n": {"a", "", "b"}, "\n": {""},
	} {
		if got := slices.Collect(parley.Lines(text)); !slices.Equal(got, want) {
			t.Errorf("%q has the lines %q, not %q", text, got, want)
		}
	}
}

func TestCheckText(t *testing.T) {
	for text, code := range map[string]parley.Code{
		"x": "", strings.Repeat("x", parley.MaxText): "",
		"": parley.CodeInvalid, " \n\t": parley.CodeInvalid, strings.Repeat("x", parley.MaxText+1): parley.CodeTooLong,
	} {
		if got := parley.CodeOf(parley.CheckText(text)); got != code {
			t.Errorf("a text of %d bytes: %q", len(text), got)
		}
	}
}

// TestATextHasSoManyLinesAtMost: each of them is shown with the name before it, and 65,535 bytes of line breaks were more
// than a connection may have queued.
func TestATextHasSoManyLinesAtMost(t *testing.T) {
	lines := func(n int, end string) string { return strings.Repeat("x"+end, n) }
	for text, code := range map[string]parley.Code{
		lines(parley.MaxLines, "\n"): "", lines(parley.MaxLines, "\n") + "x": parley.CodeTooLong,
		lines(parley.MaxLines-1, "\u2028") + "x": "", lines(parley.MaxLines+1, "\u0085"): parley.CodeTooLong,
	} {
		if got := parley.CodeOf(parley.CheckText(parley.CleanText(text))); got != code {
			t.Errorf("a text of %d bytes: %q, want %q", len(text), got, code)
		}
	}
}

func FuzzCleanText(f *testing.F) {
	f.Add("a\x1b[31m\r\n\u2028\xff")
	f.Fuzz(func(t *testing.T, s string) {
		clean := parley.CleanText(s)
		if again := parley.CleanText(clean); again != clean {
			t.Errorf("%q is cleaned to %q and then to %q", s, clean, again)
		}
		if !utf8.ValidString(clean) || strings.ContainsAny(clean, "\x00\x07\x1b\r\x7f\u0085\u009b\u2028\u2029\u202e\u2066") {
			t.Errorf("%q is cleaned to %q", s, clean)
		}
	})
}
