package parley_test

import (
	"strings"
	"testing"

	"parley"
)

func TestNamesThatMayBeHad(t *testing.T) {
	for _, name := range []string{
		"a", "alice", "Alice", "a.b-c_d", "Jürgen", "李白", "نور", "नमस्ते", "x1", "1e", "guest", "guest-", "guest-a",
		"7", "42", "2026", "1234567", "20260117", "2130706433", "007", "0xyz", "x7f", "1.e4", "v1.2", "2.0y", "0.x1",
		strings.Repeat("ä", parley.MaxName),
	} {
		if got, err := parley.ParseName(name); err != nil || string(got) != name {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

func TestNamesThatNobodyMayHave(t *testing.T) {
	for name, why := range map[string]string{
		"":                       "a name cannot be empty",
		"\xff":                   "a name must be UTF-8 text",
		strings.Repeat("a", 33):  "a name has at most 32 characters",
		strings.Repeat("a", 1e6): "a name has at most 32 characters",
		"two words":              "a name has only letters, digits, '_', '-' and '.'",
		"a:b":                    "a name has only letters, digits, '_', '-' and '.'",
		"<b>":                    "a name has only letters, digits, '_', '-' and '.'",
		"a\x1b[31m":              "a name has only letters, digits, '_', '-' and '.'",
		"a\u202Eb":               "a name has only letters, digits, '_', '-' and '.'",
		"a\nb":                   "a name has only letters, digits, '_', '-' and '.'",
		"127.0.0.1":              "a name cannot look like an IP address",
		"1.2":                    "a name cannot look like an IP address",
		"999.999.999.999":        "a name cannot look like an IP address",
		"server":                 "the name server is reserved",
		"SERVER":                 "the name SERVER is reserved",
		"error":                  "the name error is reserved",
		"Closed":                 "the name Closed is reserved",
		"guest-१":                "the name guest-१ is reserved",
		"१२७.०.०.१":              "a name cannot look like an IP address",
		"guest-1":                "the name guest-1 is reserved",
		"Guest-12":               "the name Guest-12 is reserved",
	} {
		_, err := parley.ParseName(name)
		if parley.CodeOf(err) != parley.CodeNameInvalid || parley.Sentence(err) != why {
			t.Errorf("%.40q: %v, not %q", name, err, why)
		}
	}
}

// TestWhatProgramsTakeForAnAddressIsNoName: only four decimal numbers were taken for an address, and programs take more.
// All but the last line are 127.0.0.1 to inet_aton.
func TestWhatProgramsTakeForAnAddressIsNoName(t *testing.T) {
	for _, name := range []string{
		"127.0.0.1", "127.0.1", "127.1", "0177.0.0.1", "0177.1",
		"0x7f.0.0.1", "0X7F.1", "0x7f.0x0.0x0.0x1", "0x7f000001", "0X7F000001", "0x7f.0.01", "127.0x0.0.1", "000000127.1",
		"1.2.3.4.5", "0x1ff.1", "0x", "0x.1", "127.", ".1", "1..2", ".", "0xcafe",
	} {
		_, err := parley.ParseName(name)
		const why = "a name cannot look like an IP address"
		if parley.CodeOf(err) != parley.CodeNameInvalid || parley.Sentence(err) != why {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestNamesAreComparedWithoutCase(t *testing.T) {
	for _, same := range [][2]parley.Name{{"alice", "ALICE"}, {"jürgen", "JÜRGEN"}, {"u\u0308", "Ü"}} {
		if same[0].Key() != same[1].Key() || same[0].Key() == "" {
			t.Errorf("%q and %q have the keys %q and %q", same[0], same[1], same[0].Key(), same[1].Key())
		}
	}
	if parley.Name("alice").Key() == parley.Name("bob").Key() {
		t.Error("alice is bob")
	}
}

// However a name is written, whoever parses what ParseName gave gets the same name: keys never drift.
func FuzzParseName(f *testing.F) {
	f.Add("alice")
	f.Add("Ångström")
	f.Add("１２７.0.0.1")
	f.Fuzz(func(t *testing.T, s string) {
		name, err := parley.ParseName(s)
		if err != nil {
			return
		}
		again, err := parley.ParseName(string(name))
		if err != nil || again != name || name.Key() == "" {
			t.Errorf("%q is accepted as %q, which is read as %q, %v", s, name, again, err)
		}
		if look := name.Lookalike(); look == "" || look != parley.Name(name.Key()).Lookalike() {
			t.Errorf("%q looks like %+q, and the same name as %q like something else", name, look, name.Key())
		}
	})
}

func TestRoomNames(t *testing.T) {
	for name, good := range map[string]bool{
		"lobby": true, "lab-1": true, "平": true, "": false, "Lobby": false, "a b": false, "#lobby": false,
		"\xff": false, strings.Repeat("a", 33): false,
	} {
		if _, err := parley.ParseRoomName(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}
