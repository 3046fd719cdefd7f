package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// committed is the table as the root package has it.
const committed = "../../lookalikes.go"

// excerpt is some of the lines of confusables.txt, with all that they lead to.
func excerpt(t *testing.T) *confusables {
	t.Helper()
	f, err := os.Open("testdata/confusables.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := parseConfusables(f)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTheCommittedTableIsWhatTheDataGives cannot go by the whole data, which is not here; what the excerpt gives stands in
// the table word for word.
func TestTheCommittedTableIsWhatTheDataGives(t *testing.T) {
	table, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	looks := excerpt(t).table()
	if len(looks) < 20 {
		t.Errorf("the excerpt gives only %d entries", len(looks))
	}
	for _, l := range looks {
		if !bytes.Contains(table, []byte(entry(l)+",")) {
			t.Errorf("%s is not in the table", entry(l))
		}
	}
	if !bytes.Contains(table, []byte(`LookalikeVersion = "`+unicodeVersion+`"`)) {
		t.Error("the table is of another version")
	}
}

func TestWhatALetterStandsFor(t *testing.T) {
	want := map[rune]look{
		'0': {stands: "o"},             // which looks like the capital O, which is an o
		'1': {stands: "l"},             // as it is
		'i': {stands: "l"},             // because its capital does
		'm': {stands: "rn"},            // two letters
		'м': {stands: "rn"},            // Cyrillic, whose capital is an M
		'в': {stands: "b"},             // for its capital, not for the small capital that it looks like itself
		'г': {stands: "r"},             // for the small letter; its capital is no letter of Latin
		'ν': {stands: "n", small: "v"}, // a capital that looks like one letter, and a small letter like another
		'ø': {stands: "o\u0338"},       // a letter and a mark
		'०': {stands: "o"},             // a digit of Devanagari
		'̌': {stands: "\u0306"},        // a mark that looks like another
		'ɑ': {stands: "a"},             // Latin, and unusual
		'ԁ': {stands: "d", small: ""},  // Cyrillic, and unusual
		'ӏ': {stands: "l"},             // over i
	}
	for _, l := range excerpt(t).table() {
		w, asked := want[l.character]
		if asked && (l.stands != w.stands || l.small != w.small) {
			t.Errorf("%c stands for %+q and %+q, not %+q and %+q", l.character, l.stands, l.small, w.stands, w.small)
		}
		delete(want, l.character)
	}
	for r := range want {
		t.Errorf("%c is not in the table", r)
	}
}

// TestWhatCannotBeInANameIsNotInTheTable: signs, capitals, letters with a decomposition, and other scripts.
func TestWhatCannotBeInANameIsNotInTheTable(t *testing.T) {
	c := excerpt(t)
	for _, r := range "|ІМ！ⅰ𝐚ѐ" {
		c.prototypes[r] = "x"
	}
	c.prototypes['ա'] = "x" // Armenian
	for _, l := range c.table() {
		if strings.ContainsRune("|ІМ！ⅰ𝐚ѐա", l.character) {
			t.Errorf("%c is in the table", l.character)
		}
	}
}

func TestWhatIsNoDataIsNotRead(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":          "",
		"no version":       "0430 ; 0061 ; MA\n",
		"no characters":    "# Version: 15.0.0\n",
		"too few fields":   "# Version: 15.0.0\n0430 ; 0061\n",
		"no number":        "# Version: 15.0.0\nа ; a ; MA\n",
		"not one source":   "# Version: 15.0.0\n0430 0431 ; 0061 ; MA\n",
		"no prototype":     "# Version: 15.0.0\n0430 ; ; MA\n",
		"another document": "<html>\n",
	} {
		if c, err := parseConfusables(strings.NewReader(text)); err == nil {
			t.Errorf("%s: read as %v", name, c)
		}
	}
}

// TestTheTableStaysWhereItCannotBeMade: neither a machine without the data nor one with newer data changes it.
func TestTheTableStaysWhereItCannotBeMade(t *testing.T) {
	dir := t.TempDir()
	out, newer, missing := filepath.Join(dir, "out.go"), filepath.Join(dir, "newer.txt"), filepath.Join(dir, "missing.txt")
	if err := os.WriteFile(newer, []byte("# Version: 99.0.0\n0430 ; 0061 ; MA\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() error{
		"no data":           func() error { return generate(out, "", []string{missing}) },
		"newer data":        func() error { return generate(out, "", []string{missing, newer}) },
		"newer data, named": func() error { return generate(out, newer, nil) },
	} {
		if err := try(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(out); err == nil {
			t.Fatalf("%s: something was written", name)
		}
	}
	if err := generate(out, missing, nil); err == nil {
		t.Error("a file that is named and is not there is passed over")
	}
	if err := generate(out, "testdata/confusables.txt", nil); err != nil {
		t.Fatal(err)
	}
	if made, err := os.ReadFile(out); err != nil || !bytes.Contains(made, []byte("{0x0430, \"a\", \"\"},")) {
		t.Errorf("made %v\n%s", err, made)
	}
}
