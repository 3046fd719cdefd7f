package client

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"parley"
)

func TestScreenPrintsOneLineEach(t *testing.T) {
	file := parley.File{Name: "shore.jpg", Size: 48211, Digest: parley.Digest{0xab}}
	digest := file.Digest.String()
	for _, test := range []struct {
		event Event
		want  string
	}{
		{Connected{"127.0.0.1:8001"}, "* connected to 127.0.0.1:8001"},
		{Lost{"it is lost: why", 1234 * time.Millisecond}, "* it is lost: why; trying again in 1.2s"},
		{Message{From: "bob", Text: "hi"}, "bob: hi"},
		{Message{From: "127.0.0.1 : 49525", Text: "hi"}, "127.0.0.1 : 49525: hi"},
		{Message{From: "bob", Text: "hi", Direct: true}, "bob (direct): hi"},
		{Message{From: "bob", Text: "one\n* alice left\nalice: three"}, "bob: one\nbob: * alice left\nbob: alice: three"},
		{Presence{"alice", true}, "* alice joined"},
		{Presence{"alice", false}, "* alice left"},
		{Online{[]Person{{"alice", netip.MustParseAddr("127.0.0.11")}, {"bob", netip.MustParseAddr("127.0.0.12")}}},
			"* online: alice 127.0.0.11, bob 127.0.0.12"},
		{Online{[]Person{{Name: "alice"}, {Name: "127.0.0.1 : 49525"}}}, "* online: alice, 127.0.0.1 : 49525"},
		{Notice{"you are alice"}, "* you are alice"},
		{Line{"HELLO"}, "HELLO"},
		{Doubt{"hello"}, "* not known whether this arrived: hello"},
		{Sent{File: file}, "* sent shore.jpg 48211 bytes sha256:" + digest},
		{Received{File: file, SavedAs: "shore.jpg"}, "* received shore.jpg 48211 bytes sha256:" + digest},
		{Received{File: file, SavedAs: "shore-1.jpg"},
			"* received shore.jpg 48211 bytes sha256:" + digest + " as shore-1.jpg"},
		{Sent{File: file, Unverified: true},
			"* sent shore.jpg 48211 bytes sha256:" + digest + " (not verified: the server tells no checksum)"},
	} {
		out, problems := newShown(), newShown()
		(&Screen{Out: out, Err: problems}).Show(test.event)
		if out.String() != test.want+"\n" || problems.String() != "" {
			t.Errorf("%T: %q and %q, want %q", test.event, out, problems, test.want)
		}
	}
}

func TestProblemsGoToStandardError(t *testing.T) {
	out, problems := newShown(), newShown()
	s := &Screen{Out: out, Err: problems}
	s.Show(Problem{parley.Wrap(parley.CodeStore, errors.New("secret path"), "x cannot be\nkept")})
	if out.String() != "" || problems.String() != "parley: x cannot be kept\n" {
		t.Errorf("%q and %q", out, problems)
	}
}

// FuzzScreen holds that whatever others send, no control character reaches the terminal, and no line poses as another.
func FuzzScreen(f *testing.F) {
	f.Add("bob", "\x1b[2J\x9b31m\r\u202etext\u2028* left")
	f.Fuzz(func(t *testing.T, name, text string) {
		for prefix, e := range map[string]Event{
			parley.CleanLine(name) + ": ":          Message{From: name, Text: text},
			parley.CleanLine(name) + " (direct): ": Message{From: name, Text: text, Direct: true},
			"* not known whether this arrived: ":   Doubt{text},
			"* ":                                   Notice{text},
			"":                                     Line{text},
		} {
			out := newShown()
			(&Screen{Out: out, Err: out}).Show(e)
			if parley.CleanText(out.String()) != out.String() {
				t.Errorf("%T prints %q", e, out)
			}
			for line := range parley.Lines(out.String()) {
				if !strings.HasPrefix(line, prefix) {
					t.Errorf("%T prints the line %q", e, line)
				}
			}
		}
	})
}

func TestBarIsOutOfTheWayOfLines(t *testing.T) {
	out := newShown()
	s := &Screen{Out: out, Err: out, Bars: true}
	meter := s.Begin("shore.jpg", 1000)
	_, _ = meter.Write(make([]byte, 500))
	if !strings.Contains(out.String(), "shore.jpg") || !strings.Contains(out.String(), "50%") {
		t.Errorf("the bar is %q", out)
	}
	s.Show(Message{From: "bob", Text: "hi"})
	if !strings.HasSuffix(out.String(), "\x1b[2K\rbob: hi\n") {
		t.Errorf("a line in its way is shown as %q", out)
	}
	_ = meter.Close()
	if !strings.HasSuffix(out.String(), "\x1b[2K\r") {
		t.Errorf("in the end it is %q", out)
	}
	_ = s.Begin("empty", 0).Close()
}

func TestNoBarWithoutATerminal(t *testing.T) {
	out := newShown()
	s := &Screen{Out: out, Err: out}
	meter := s.Begin("shore.jpg", 1000)
	_, _ = meter.Write(make([]byte, 500))
	_ = meter.Close()
	if out.String() != "" {
		t.Errorf("shown is %q", out)
	}
}
