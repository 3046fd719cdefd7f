package parley

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxMentions is how many people one message can mention.
const maxMentions = 50

// Mentions gives the people whom a text names with an '@' before their name, each once, in the order in which they are
// named, and no more than 50. They need not exist.
func Mentions(text string) []NameKey {
	var found []NameKey
	for rest := text; len(found) < maxMentions; {
		at := strings.IndexByte(rest, '@')
		if at < 0 {
			break
		}
		inWord := !startsName(rest[:at])
		rest = rest[at+1:]
		end := strings.IndexFunc(rest, notInName)
		if end < 0 {
			end = len(rest)
		}
		name := strings.TrimRight(rest[:end], ".")
		if inWord || name == "" || len(name) > 4*MaxName {
			continue
		}
		if key := Name(name).Key(); key != "" && !slices.Contains(found, key) {
			found = append(found, key)
		}
	}
	return found
}

// startsName reports whether an '@' behind before can begin a name: not inside a word, as in an address for mail.
func startsName(before string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || notInName(last)
}
