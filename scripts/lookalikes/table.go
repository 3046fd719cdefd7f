package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"
)

// look is a character, and what stands for all that look like it.
type look struct {
	character rune
	stands    string
	small     string // what stands for it where its small letter looks like another plain one than its capital, else ""
}

// scripts are those whose characters the table has, besides digits and the marks that scripts share.
var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Nd, unicode.Inherited}

// table gives what stands for each character that can be in the key of a name, in the order of the characters, without
// those that stand for themselves.
func (c *confusables) table() (looks []look) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, scripts...) || !inKey(r) {
			continue
		}
		if stands := c.stands(string(r)); stands != string(r) {
			looks = append(looks, look{r, stands, c.small(r, stands)})
		}
	}
	return looks
}

// inKey reports whether r can stand in the decomposed key of a name: alone, or behind a letter of one direction or the
// other.
func inKey(r rune) bool {
	if norm.NFD.String(string(r)) != string(r) || !unicode.In(r, unicode.L, unicode.M, unicode.Nd) {
		return false
	}
	for _, before := range []string{"", "a", "ن"} {
		composed := norm.NFC.String(before + string(r))
		if key, err := precis.UsernameCaseMapped.String(composed); err == nil && key == composed {
			return true
		}
	}
	return false
}

// stands gives what stands for all texts that look like s, which is decomposed and in lower case. It is itself decomposed
// and in lower case, and stands for itself.
func (c *confusables) stands(s string) string {
	for range 10 { // more than the longest chain
		next := ""
		for _, r := range s {
			next += c.step(r)
		}
		next = norm.NFD.String(next)
		if next == s {
			return s
		}
		s = next
	}
	panic("a chain of look-alikes has no end: " + s)
}

// step gives what a lower-case character looks like. A name is shown as its owner wrote it, in capitals or not, so both
// count; as there can be but one answer, it is the first of these that there is: plain letters or digits that the capital
// looks like, because the capitals of these scripts are often the very same shapes; plain letters or digits that the small
// letter looks like; and then anything else, in the same order.
func (c *confusables) step(r rune) string {
	capital, small := c.capital(r), c.prototype(r)
	self := string(r)
	switch {
	case capital != self && isPlain(capital):
		return capital
	case small != self && isPlain(small):
		return small
	case capital != self:
		return capital
	}
	return small
}

// small gives what else may stand for a character that stands for a plain text: what the small letter looks like, if that
// is another plain one.
func (c *confusables) small(r rune, stands string) string {
	like := c.prototype(r)
	if like == string(r) || !isPlain(like) || !isPlain(stands) {
		return ""
	}
	if small := c.stands(like); small != stands {
		return small
	}
	return ""
}

// capital gives what the capital of a letter looks like. Only letters have one here: Unicode has one for a mark too, which
// is a letter.
func (c *confusables) capital(r rune) string {
	if !unicode.IsLetter(r) {
		return string(r)
	}
	return c.prototype(unicode.ToUpper(r))
}

// prototype gives what a character looks like, decomposed and in lower case.
func (c *confusables) prototype(r rune) string {
	var like strings.Builder
	for _, part := range norm.NFD.String(string(r)) {
		if p, ok := c.prototypes[part]; ok {
			like.WriteString(p)
		} else {
			like.WriteRune(part)
		}
	}
	return norm.NFD.String(strings.ToLower(like.String()))
}

// isPlain reports whether s is letters and digits of ASCII.
func isPlain(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}
