package parley

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

// MaxName is the longest user name, in characters.
const MaxName = 32

// Name is a user name that ParseName has accepted, as its owner wrote it (in Unicode's normalization form C).
type Name string

// NameKey is a Name in the form in which names are compared: two names are the same exactly when their keys are.
type NameKey string

// ServerName is the operator's own name; nobody else can have it.
const ServerName Name = "server"

// ParseName accepts a user name: 1 to MaxName letters, digits, '_', '-' and '.', that is allowed by the PRECIS
// UsernameCasePreserved profile (RFC 8265, section 3.4), does not look like an IP address, and does not look like what is kept for the server.
// The error is an *Error of CodeNameInvalid that says what is wrong.
func ParseName(s string) (Name, error) {
	switch {
	case s == "":
		return "", Errorf(CodeNameInvalid, "a name cannot be empty")
	case !utf8.ValidString(s):
		return "", Errorf(CodeNameInvalid, "a name must be UTF-8 text")
	case utf8.RuneCountInString(s) > MaxName:
		return "", Errorf(CodeNameInvalid, "a name has at most %d characters", MaxName)
	}
	name, err := precis.UsernameCasePreserved.String(s)
	if err != nil || strings.ContainsFunc(name, notInName) {
		return "", Errorf(CodeNameInvalid, "a name has only letters, digits, '_', '-' and '.'")
	}
	if looksLikeAddress(name) {
		return "", Errorf(CodeNameInvalid, "a name cannot look like an IP address")
	}
	switch key := Name(name).Key(); {
	case key == "":
		return "", Errorf(CodeNameInvalid, "a name has only letters, digits, '_', '-' and '.'")
	case isReserved(Name(name)), isGuestName(key):
		return "", Errorf(CodeNameInvalid, "the name %s is reserved", name)
	}
	return Name(name), nil
}

// Key gives the form in which n is compared, by the PRECIS UsernameCaseMapped profile (RFC 8265, section 3.3). It is ""
// for what ParseName would not accept.
func (n Name) Key() NameKey {
	key, err := precis.UsernameCaseMapped.String(string(n))
	if err != nil {
		return ""
	}
	return NameKey(key)
}

// notInName reports whether r may not stand in a name: everything but letters, marks (many scripts cannot do without),
// digits, and three signs.
func notInName(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.Nd) && r != '_' && r != '-' && r != '.'
}

// reserved are the names by which somebody could pose as the server: its own, and the words that begin what it says where
// nothing else tells them apart.
var reserved = []Name{ServerName, "error", "closed"}

// isReserved reports whether a reader could take a name for a reserved one.
func isReserved(name Name) bool { return slices.ContainsFunc(reserved, name.looksLike) }

// looksLikeAddress reports whether a reader, or a program, could take s for an IP address: it parses as one, or it is made
// of numbers and dots, or it is a hexadecimal number. What POSIX has inet_addr take (one to four numbers, each decimal,
// octal or hexadecimal, such as 127.1, 0177.0.0.1 and 0x7f000001) is among that, but for a single decimal number: students
// go by their numbers, and nobody reads one as an address.
func looksLikeAddress(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	parts := strings.Split(s, ".")
	for _, part := range parts {
		if !isDigits(part) && !isHexadecimal(part) {
			return false
		}
	}
	return len(parts) > 1 || isHexadecimal(s)
}

// isDigits reports whether there is nothing but digits in s, whatever script's they are.
func isDigits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
}

// isHexadecimal reports whether s is 0x with nothing but hexadecimal digits behind it. None at all is enough for some
// systems' inet_addr.
func isHexadecimal(s string) bool {
	digits, ok := strings.CutPrefix(strings.ToLower(s), "0x")
	return ok && strings.Trim(digits, "0123456789abcdef") == ""
}

// IsGuest reports whether n has the form guest-N, which the server gives and nobody can choose.
func (n Name) IsGuest() bool { return isGuestName(n.Key()) }

// isGuestName reports whether a name has the form guest-N, which the server gives and nobody can choose, or looks like it
// but for the number.
func isGuestName(key NameKey) bool {
	i := strings.LastIndexByte(string(key), '-')
	if i < 0 {
		return false
	}
	guest, number := Name(key[:i]), string(key[i+1:])
	return number != "" && isDigits(number) && guest.looksLike("guest")
}
