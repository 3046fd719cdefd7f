package parley_test

import (
	"testing"
	"unicode"

	"parley"
)

func TestNamesThatLookAlike(t *testing.T) {
	for why, names := range map[string][]parley.Name{
		"Cyrillic small letters":       {"paypal", "pаypal", "раураl", "PayPal"},
		"Cyrillic capitals":            {"Kate", "Кate", "Кatе", "KATE", "КАТЕ"},
		"a Cyrillic M":                 {"Mary", "Мary", "mary", "rnary"},
		"Cyrillic alone":               {"еггог", "error"},
		"Greek small letters":          {"popa", "ρορα", "рорα"},
		"Greek capitals":               {"Tom", "Τom", "Τοm", "ΤΟΜ"},
		"a Greek N":                    {"Nick", "Νick", "NICK", "ΝΙCΚ"},
		"Greek for Cyrillic":           {"Τата", "Тата"},
		"the digit zero":               {"bob", "b0b", "B0B", "bοb"},
		"the digit one":                {"alice", "a1ice", "aIice", "aiice", "allce", "AL1CE"},
		"m and rn":                     {"modern", "rnodern"},
		"digits of other scripts":      {"b0b", "b०b", "b௦b", "b０b"},
		"a dotless i":                  {"ivan", "ıvan", "ІVAN"},
		"an i that has its dot twice":  {"ivan", "i\u0307van", "і\u0307van"},
		"marks, composed or not":       {"jürgen", "ju\u0308rgen"},
		"a caron and a breve":          {"jǎn", "jăn"},
		"a letter with a stroke":       {"øle", "o\u0338le"},
		"letters that are made of two": {"cæsar", "caesar"},
		"small capitals":               {"ron", "ʀon", "rᴏn"},
	} {
		t.Run(why, func(t *testing.T) {
			for _, name := range names {
				if got, want := name.Lookalike(), names[0].Lookalike(); got != want || got == "" {
					t.Errorf("%q (%+q) looks like %+q, not like %q (%+q)", name, name, got, names[0], want)
				}
			}
		})
	}
}

func TestNamesThatDoNotLookAlike(t *testing.T) {
	names := []parley.Name{"van", "nan", "uan", "yan", "alice", "alicia", "bob", "rob", "6ob", "vick", "nick", "anna", "änna",
		"ánna", "Анна", "Инна", "Иван", "Νίκος", "Γιώργος", "李白", "李臼", "نور", "نوح", "नमस्ते", "משה", "ขวัญ", "한글", "ゆき", "ユキ",
		"room5", "rooms", "room2", "roomz", "a.b", "a-b", "a_b", "ab"}
	owner := make(map[parley.LookalikeKey]parley.Name)
	for _, name := range names {
		if _, err := parley.ParseName(string(name)); err != nil {
			t.Errorf("%q is refused: %v", name, err)
		}
		key := name.Lookalike()
		if other, taken := owner[key]; taken || key == "" {
			t.Errorf("%q looks like %q: %+q", name, other, key)
		}
		owner[key] = name
	}
}

// TestNobodyPosesAsTheServer: server was reserved, and a server with a Cyrillic letter in it was not.
func TestNobodyPosesAsTheServer(t *testing.T) {
	for _, name := range []string{
		"sеrver", "ѕеrvеr", "SЕRVЕR", "Ѕerver", "sеrνеr", "serνer", "ѕεгѵεг", "ＳＥＲＶＥＲ",
		"еrror", "err0r", "ERR0R", "errοr", "еггог",
		"сlosed", "c1osed", "cIosed", "ciosed", "cl0sed", "CLΟSED", "сӏоѕеԁ",
		"guеst-7", "gυest-7", "GUЕST-1", "guеst-१",
	} {
		_, err := parley.ParseName(name)
		if parley.CodeOf(err) != parley.CodeNameInvalid {
			t.Errorf("%q (%+q) is accepted, %v", name, name, err)
		}
	}
	for _, name := range []string{"serve", "servers", "mirror", "terror", "close", "closet", "guest-a", "guest", "сервер", "guёst-7"} {
		if _, err := parley.ParseName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestWhatStandsForAllStandsForItself asks of every character that there is.
func TestWhatStandsForAllStandsForItself(t *testing.T) {
	folded := 0
	for r := rune('0'); r <= unicode.MaxRune; r++ {
		name := parley.Name("a" + string(r))
		key := name.Lookalike()
		if again := parley.Name(key).Lookalike(); again != "" && again != key {
			t.Errorf("%q looks like %+q, and that like %+q", name, key, again)
		}
		if key != "" && string(key) != string(name.Key()) {
			folded++
		}
	}
	if folded < 300 {
		t.Errorf("only %d characters look like others", folded)
	}
}
