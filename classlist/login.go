package classlist

import (
	"strings"
	"unicode"

	"parley"
)

// LoginOf makes a name to log in with of a person's full name: small letters, with a full stop between the parts, what
// stands behind a comma first, and without what cannot be in a name. "Ada Lovelace" and "Lovelace, Ada" both give
// ada.lovelace. ok is false where no name comes of it, or only one part.
func LoginOf(person string) (login parley.Name, ok bool) {
	if last, first, comma := strings.Cut(person, ","); comma {
		person = first + " " + last
	}
	parts := strings.FieldsFunc(strings.ToLower(person), func(r rune) bool { return unicode.IsSpace(r) || r == '.' })
	for i, part := range parts {
		parts[i] = strings.Map(inLogin, part)
	}
	text := strings.Trim(strings.Join(parts, "."), ".-_")
	name, err := parley.ParseName(text)
	return name, err == nil && len(parts) > 1
}

// inLogin drops what cannot stand in a name, such as the apostrophe of O'Neill.
func inLogin(r rune) rune {
	if unicode.In(r, unicode.L, unicode.M, unicode.Nd) || r == '-' || r == '_' {
		return r
	}
	return -1
}
