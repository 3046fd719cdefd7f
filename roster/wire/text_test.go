package wire

import (
	"strings"
	"testing"
)

func TestRegisteringName(t *testing.T) {
	for message, want := range map[string]string{
		"alice":                  "alice",
		"  alice \r\n":           "alice",
		"alice  from \t the lab": "alice_from_the_lab",
		"\u00a0Ümit\u2003Çelik":  "Ümit_Çelik",
		"   ":                    "",
	} {
		if got := CleanName(message); got != want {
			t.Errorf("%q means %q, want %q", message, got, want)
		}
	}
}

func TestAnswersToImpossibleNames(t *testing.T) {
	long := strings.Repeat("é", 40)
	for got, want := range map[string]string{
		string(AppendTaken(nil, "alice")):                       "name alice is taken, send another ",
		string(AppendTaken(nil, "a\x1b[2J\nb")):                 "name a\uFFFD[2J b is taken, send another ",
		string(AppendTaken(nil, long)):                          "name " + strings.Repeat("é", 32) + "… is taken, send another ",
		string(AppendRefused(nil, "a name cannot be empty")):    "a name cannot be empty, send another ",
		string(AppendNotice(nil, "server is full (3 clients)")): "server is full (3 clients) ",
	} {
		if got != want {
			t.Errorf("wrote %q, want %q", got, want)
		}
	}
	var p Parser
	p.Read([]byte("name alice is taken, send another "), at(0))
	if items := p.End(); len(items) != 1 || !IsRefusal(items[0]) {
		t.Errorf("a client reads %+v", items)
	}
	p.Read([]byte("bob: name alice is taken, send another "), at(0))
	if items := p.End(); len(items) != 1 || IsRefusal(items[0]) {
		t.Errorf("a client believes %+v", items)
	}
}

func TestTextIsWrittenWithItsNameAndOneSpace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"alice", "hello", "alice: hello "},
		{"127.0.0.1 : 49525", "hello", "127.0.0.1 : 49525: hello "},
		{"alice", "one\ntwo\n\n \nthree\n", "alice: one alice: two alice: three "},
		{"alice", EditText("one\n\ntwo\n"), "alice: [edit] one alice: [edit] two "},
		{"alice", EditText(""), ""},
		{"alice", DeletedText, "alice: [deleted a message] "},
		{"alice", "hi\nbob: I quit", "alice: hi alice: bob: I quit "},
		{"alice", "wow! {really} !{x} !", "alice: wow! {really} !{x} ! "},
		{"alice", `x !{"bob": "10.6.6.6"}carol: hi`, `alice: x ! {"bob": "10.6.6.6"}carol: hi `},
		{"alice", `!{}`, `alice: ! {} `},
		{"alice", `!{"bob": "10.6.6.6", "k": "`, `alice: ! {"bob": "10.6.6.6", "k": " `},
		{"alice", `!{"deep": [{"x": 1}]}`, `alice: ! {"deep": [{"x": 1}]} `},
		{"alice", `!!{"a": 1}!{"a": 1}`, `alice: !! {"a": 1}! {"a": 1} `},
	} {
		if got := string(AppendText(nil, c.name, c.text)); got != c.want {
			t.Errorf("%q of %s is written as %q, want %q", c.text, c.name, got, c.want)
		}
	}
	if got := string(AppendPrivate([]byte("x"), "alice", "a\nb")); got != "xalice (private): a alice (private): b " {
		t.Errorf("a private text is written as %q", got)
	}
}

// Whoever reads what is sent in pieces of their own finds the name of the sender close by, in a long line too.
func TestLongLineHasItsNameBeforeEachPiece(t *testing.T) {
	ascii, wide := strings.Repeat("x", MaxLine), strings.Repeat("é", MaxLine/2)
	for _, c := range []struct{ text, want string }{
		{ascii, "alice: " + ascii + " "},
		{ascii + "y", "alice: " + ascii + " alice: y "},
		{ascii + wide + "z\nshort", "alice: " + ascii + " alice: " + wide + " alice: z alice: short "},
		{"x" + wide, "alice: x" + strings.TrimSuffix(wide, "é") + " alice: é "}, // at a character
		{ascii[1:] + "!{}", "alice: " + ascii[1:] + "! alice: {} "},
		{ascii[1:] + " " + strings.Repeat(" ", MaxLine) + "y", "alice: " + ascii[1:] + "  alice: y "},
	} {
		if got := string(AppendText(nil, "alice", c.text)); got != c.want {
			t.Errorf("%.20q … of %d bytes is written as %q, want %q", c.text, len(c.text), got, c.want)
		}
	}
	line := []byte(strings.Repeat("x", 64<<10))
	wire := string(AppendPrivate(nil, "alice", string(line)))
	if pieces := strings.Count(wire, "alice (private): "); pieces != 66 || strings.Count(wire, "x") != len(line) {
		t.Errorf("%d pieces of %d bytes", pieces, strings.Count(wire, "x"))
	}
}

func TestTextFullOfBeginningsOfRostersCostsLittle(t *testing.T) {
	text := strings.Repeat(`!{"`, 64<<10/3)
	got := strings.ReplaceAll(string(AppendText(nil, "a", text)), " a: ", "") // the pieces of a line that is too long
	if want := "a: " + text + " "; strings.ReplaceAll(got, "! {", "!{") != want {
		t.Errorf("wrote %.60q …", got)
	}
}

func TestWhoSaysIt(t *testing.T) {
	known := Roster{entry("Mary Ann", "10.0.0.1"), entry("Mary Ann: the 2nd", "10.0.0.2")}
	for text, want := range map[string]string{
		"alice: hi ":                        "alice|hi ",
		"alice: bob: hi ":                   "alice|bob: hi ",
		"alice (private): hi ":              "alice PRIVATE|hi ",
		"127.0.0.1 : 49525: hi ":            "127.0.0.1 : 49525|hi ",
		"127.0.0.1 : 49525 (private): hi ":  "127.0.0.1 : 49525 PRIVATE|hi ",
		"::1 : 49525: hi: there ":           "::1 : 49525|hi: there ",
		"Mary Ann: hi ":                     "Mary Ann|hi ",
		"Mary Ann: the 2nd: hi ":            "Mary Ann: the 2nd|hi ",
		"Mary Bob: hi ":                     "|Mary Bob: hi ",
		"name alice is taken, send another": "|name alice is taken, send another",
		": hi ":                             "|: hi ",
		"alice:hi":                          "|alice:hi",
		"":                                  "|",
		strings.Repeat("x", 200) + ": hi ":  "|" + strings.Repeat("x", 200) + ": hi ",
	} {
		from, private, words := splitText([]byte(text), known)
		if private {
			from += " PRIVATE"
		}
		if got := from + "|" + words; got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}
