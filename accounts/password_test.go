package accounts

import (
	"strings"
	"testing"

	"parley"
)

func TestPasswords(t *testing.T) {
	for password, want := range map[string]parley.Code{
		"abc":                              "",
		" a ":                              "",
		"   ":                              "",
		"日本語":                              "",
		"a\tb\n":                           "",
		"\u202eéß":                         "",
		strings.Repeat("x", MaxPassword):   "",
		"":                                 parley.CodeInvalid,
		"ab":                               parley.CodeInvalid,
		"日本":                               parley.CodeInvalid,
		"abc\xff":                          parley.CodeInvalid,
		strings.Repeat("x", MaxPassword+1): parley.CodeInvalid,
		strings.Repeat("é", MaxPassword/2) + "é": parley.CodeInvalid,
	} {
		if err := CheckPassword(password); parley.CodeOf(err) != want {
			t.Errorf("%.20q: %v", password, err)
		}
	}
}

// TestPasswordsAreNotTrimmed: each of these is another password than the others.
func TestPasswordsAreNotTrimmed(t *testing.T) {
	o := open(t, Open)
	all := []string{"secret", " secret", "secret ", "Secret", "secret\n", "se\x00cret", "ﬁrst", "first"}
	for i, password := range all {
		name := string(rune('a'+i)) + "lice"
		o.add(name, password, parley.RoleMember)
		for _, tried := range all {
			_, err := o.Login(t.Context(), name, tried, here)
			if want := tried == password; (err == nil) != want {
				t.Errorf("%q instead of %q: %v", tried, password, err)
			}
			o.pardon(parley.Name(name).Key())
		}
	}
}
