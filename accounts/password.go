package accounts

import (
	"unicode/utf8"

	"parley"
)

// What a password may be.
const (
	MinPassword = 3       // characters
	MaxPassword = 1 << 10 // bytes
)

// CheckPassword tells whether a password may be set: MinPassword characters to MaxPassword bytes of UTF-8, any of them,
// white space at its ends too. The error is an *parley.Error of CodeInvalid. What somebody logs in with need not be
// asked: it is right or wrong.
func CheckPassword(password string) error {
	switch {
	case !utf8.ValidString(password):
		return parley.Errorf(parley.CodeInvalid, "a password must be UTF-8 text")
	case utf8.RuneCountInString(password) < MinPassword:
		return parley.Errorf(parley.CodeInvalid, "a password has at least %d characters", MinPassword)
	case len(password) > MaxPassword:
		return parley.Errorf(parley.CodeInvalid, "a password has at most %d bytes", MaxPassword)
	}
	return nil
}
