package parley_test

import (
	"strings"
	"testing"

	"parley"
)

func TestReactionsThatMayBeMade(t *testing.T) {
	for _, emoji := range []string{"👍", "👩‍👩‍👧‍👦", "🏳️‍🌈", "+1", "ok", "好", strings.Repeat("x", parley.MaxReaction)} {
		if err := parley.CheckReaction(emoji); err != nil {
			t.Errorf("%q: %v", emoji, err)
		}
	}
}

func TestReactionsThatNobodyMayMake(t *testing.T) {
	for _, emoji := range []string{
		"", " ", "two words", "a\nb", "\t", "a\u00A0b", "\u3000", "a\x1b[31m", "\xff", "a\u202Eb", "a\u2028b",
		strings.Repeat("x", parley.MaxReaction+1),
	} {
		if err := parley.CheckReaction(emoji); parley.CodeOf(err) != parley.CodeInvalid {
			t.Errorf("%q: %v", emoji, err)
		}
	}
}
