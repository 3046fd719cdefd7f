package parley

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:generate go run ./scripts/lookalikes

// LookalikeKey is a Name in a form in which names that look alike are equal. It is for comparing alone: it is no name, and
// what stands in it is nothing to show.
type LookalikeKey string

// lookalike is one character that looks like others.
type lookalike struct {
	character rune
	stands    string // what stands for all of them
	small     string // what would stand for its small letter, where that looks like others than the capital; mostly ""
}

// Lookalike gives the form in which n is compared with names that it must not be taken for: the skeleton of its key (UTS
// #39, section 4), in which each letter, digit and mark that looks like others is replaced by what stands for all of them.
// Names with the same key have the same. It is "" for what has no key. Whoever stores it stores LookalikeVersion too.
//
// The table has the Latin, Greek and Cyrillic scripts and the digits of all. As keys have no capitals, letters count as
// alike that are so in capitals or in small letters: 0 and o; 1, i and l; m and rn; the Cyrillic в and b. One letter can
// have one look only, and the capital's comes first: the Greek ν is an N, not a v.
func (n Name) Lookalike() LookalikeKey {
	return LookalikeKey(skeleton(n.Key(), func(l lookalike) string { return l.stands }))
}

// looksLike reports whether a reader could take n for other, in whichever way its letters look.
func (n Name) looksLike(other Name) bool {
	small := func(l lookalike) string { return cmp.Or(l.small, l.stands) }
	return n.Lookalike() == other.Lookalike() || skeleton(n.Key(), small) == skeleton(other.Key(), small)
}

// dotAbove is drawn over letters. An i has its dot already, and is the same with it.
const dotAbove = '\u0307'

// skeleton replaces in a key each character that looks like others, by what stands says.
func skeleton(key NameKey, stands func(lookalike) string) string {
	var b strings.Builder
	before := ' '
	for _, r := range norm.NFD.String(string(key)) {
		i, found := slices.BinarySearchFunc(lookalikes, r, func(l lookalike, r rune) int { return cmp.Compare(l.character, r) })
		switch {
		case r == dotAbove && unicode.Is(unicode.Soft_Dotted, before):
		case found:
			b.WriteString(stands(lookalikes[i]))
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return norm.NFD.String(b.String())
}
