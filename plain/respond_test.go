package plain_test

import (
	"strings"
	"testing"
	"time"

	"parley"
)

func TestRespondingInUpperCase(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("respond=upper")
		alice, bob := h.enter(s), h.enter(s)
		chat := h.enter(h.listener(""))
		for text, want := range map[string]string{
			"hello":             "HELLO\n",
			"Straße, ﬁne, ŉ, ǆ": "STRASSE, FINE, ʼN, Ǆ\n",
			"#ls":               "#LS\n",
			"/name bob":         "/NAME BOB\n",
			"@bob: hi":          "@BOB: HI\n",
			"a\x1b\u2028b":      "A\uFFFD\nB\n",
		} {
			alice.sends(text + "\n")
			alice.sees(want)
		}
		alice.sends("hello")
		pass(51 * time.Millisecond)
		alice.sees("")
		chat.sends("hello all\n")
		chat.sees("")
		bob.sees("")
		alice.sees("")
		chat.sends("@" + alice.name + ": psst\n") // but what is for them alone
		alice.sees("<" + chat.name + "> (private) :psst\n")
	})
	inHouse(t, func(t *testing.T, h *house) {
		alice := h.enter(h.listener("respond=upper"))
		alice.sends("hello")
		pass(51 * time.Millisecond)
		alice.sees("HELLO\n")
	})
}

func TestFilesAndExitWhileResponding(t *testing.T) {
	for _, query := range []string{"respond=upper", "respond=input"} {
		inHouse(t, func(t *testing.T, h *house) {
			s := h.listener(query)
			alice, bob := h.enter(s), h.enter(s)
			alice.sends("send file:a 3\nabc")
			alice.sees("stored a 3 sha256:" + digest("abc") + "\n")
			bob.sends("ask for file:a\n")
			bob.sees("file:a 3 sha256:" + digest("abc") + "\nabc")
			bob.sends("exit\n")
			pass(3 * time.Second)
			bob.isGone(parley.CodeClosed)
		})
	}
}

func TestTheOperatorAnswers(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("respond=input")
		alice, bob := h.enter(s), h.enter(s)
		alice.sends("what?\u2028really?\n")
		bob.sends("and me?\n")
		if got := h.asked.sees(); got != "127.0.0.1 : 1001: what?\nreally?\n127.0.0.1 : 1002: and me?\n" {
			t.Errorf("the operator sees %q", got)
		}
		h.asked.types("that")
		alice.sees("that\n")
		bob.sees("")
		h.asked.types("you\x1b\ntoo")
		bob.sees("you\uFFFD\ntoo\n")
		alice.sees("")
	})
}

// Whoever leaves takes their questions along, so that nobody else gets the answers.
func TestLeavingWithAnOpenQuestion(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("respond=input")
		alice, bob := h.enter(s), h.enter(s)
		alice.sends("what?\n", "who?\n")
		bob.sends("and me?\n")
		late := h.asked.open[0].answer
		alice.leaves()
		if got := h.asked.sees(); got != "127.0.0.1 : 1002: and me?\n" {
			t.Errorf("the operator sees %q", got)
		}
		late("nobody hears this")
		h.asked.types("you")
		bob.sees("you\n")
	})
}

func TestTooManyQuestions(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		alice := h.enter(h.listener("respond=input"))
		alice.sends(strings.Repeat("what?\n", 65))
		alice.sees("error: 64 messages wait for an answer already\n")
		h.asked.types("this")
		alice.sends("and now?\n")
		alice.sees("this\n")
	})
}

// An answer that comes while a file is on its way waits for the file's end.
func TestAnAnswerWhileAFileIsOnItsWay(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.files.files["a"] = strings.Repeat("x", 100_000)
		alice := h.enter(h.listener("respond=input"))
		alice.sends("what?\n")
		goOn := alice.stall()
		alice.sends("ask for file:a\n")
		h.asked.types("this")
		goOn()
		if got := alice.seen(); !strings.HasPrefix(got, "file:a 100000 ") || !strings.HasSuffix(got, "xxxthis\n") {
			t.Errorf("alice sees %s", abbreviate(got))
		}
	})
}
