package parley_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley"
)

func TestMentions(t *testing.T) {
	for text, want := range map[string][]parley.NameKey{
		"":                              nil,
		"hello":                         nil,
		"@":                             nil,
		"@ alice":                       nil,
		"@alice":                        {"alice"},
		"hello @Alice, and @BOB!":       {"alice", "bob"},
		"@alice @Alice @ALICE":          {"alice"},
		"(@alice)":                      {"alice"},
		"\"@alice\"":                    {"alice"},
		"@alice: look":                  {"alice"},
		"@alice.":                       {"alice"},
		"@a.b... and so on":             {"a.b"},
		"@alice\n@bob":                  {"alice", "bob"},
		"@李白，你好":                        {"李白"},
		"你好 @李白":                        {"李白"},
		"@Jürgen":                       {"jürgen"},
		"mail alice@example.org":        nil,
		"mail alice.@example":           nil,
		"a@b@c":                         nil,
		"@alice@example.org":            {"alice"},
		"@@alice":                       {"alice"},
		"@...":                          nil,
		"@" + strings.Repeat("a", 1000): nil,
	} {
		if got := parley.Mentions(text); !slices.Equal(got, want) {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
	}
}

func TestAMessageMentionsNotMoreThan50(t *testing.T) {
	var text strings.Builder
	for n := range 60 {
		fmt.Fprintf(&text, "@u%d ", n)
	}
	if got := parley.Mentions(text.String()); len(got) != 50 || got[0] != "u0" || got[49] != "u49" {
		t.Errorf("%d: %v", len(got), got)
	}
}
