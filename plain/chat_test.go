package plain_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

func TestGreeting(t *testing.T) {
	for query, want := range map[string]string{
		"":                     "welcome\n",
		"welcome=good+morning": "good morning\n",
		"welcome=a%0Db%0Ac%1b": "a\uFFFDb\nc\uFFFD\n",
		"welcome=":             "",
	} {
		inHouse(t, func(t *testing.T, h *house) { h.join(h.listener(query)).sees(want) })
	}
}

func TestAMessageReachesEveryoneElse(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob, carol := h.enter(s), h.enter(s), h.enter(s)
		alice.sends("hello\n")
		bob.sees("<127.0.0.1 : 1001> :hello\n")
		carol.sees("<127.0.0.1 : 1001> :hello\n")
		alice.sees("")
	})
}

// A classroom client sends no newline: 50 ms of silence do.
func TestSilenceEndsAMessage(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		alice.sends("hel", "lo")
		bob.sees("")
		pass(49 * time.Millisecond)
		bob.sees("")
		pass(2 * time.Millisecond)
		bob.sees("<127.0.0.1 : 1001> :hello\n")
		alice.sends("caf\xc3")
		pass(100 * time.Millisecond)
		alice.sends("\xa9")
		pass(51 * time.Millisecond)
		bob.sees("<127.0.0.1 : 1001> :café\n")
		alice.sends("a line\nand")
		pass(time.Hour)
		alice.sends(" more\n")
		bob.sees("<127.0.0.1 : 1001> :a line\n<127.0.0.1 : 1001> :and more\n")
	})
}

func TestTypingIsSlower(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		for _, letter := range "hi" {
			alice.sends(string(letter))
			pass(1900 * time.Millisecond)
		}
		bob.sees("")
		pass(101 * time.Millisecond)
		bob.sees("<127.0.0.1 : 1001> :hi\n")
	})
}

func TestFramingByLinesOnly(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("frame=line")
		alice, bob := h.enter(s), h.enter(s)
		alice.sends("hel")
		pass(time.Hour)
		bob.sees("")
		alice.sends("lo\r\n")
		bob.sees("<127.0.0.1 : 1001> :hello\n")
	})
}

func TestTelnet(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		alice.sends("\xff\xfb\x18\xff", "\xfd\x03h")
		pass(time.Hour)
		alice.sends("i\r\n")
		bob.sees("<127.0.0.1 : 1001> :hi\n")
	})
}

func TestStyleAndEcho(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		quiet, loud := h.enter(h.listener("")), h.enter(h.listener("style=says&echo=1"))
		loud.sends("/name alice\n", "hello\n")
		loud.sees("you are alice\nalice says: hello\n")
		quiet.sees("<alice> :hello\n")
		quiet.sends("hello alice\n")
		loud.sees("127.0.0.1 : 1001 says: hello alice\n")
	})
}

// All that one read brought is one batch, in order.
func TestOneReadIsOneBatch(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		alice.sends("a\nb\n\nc\n")
		bob.sees("<127.0.0.1 : 1001> :a\n<127.0.0.1 : 1001> :b\n<127.0.0.1 : 1001> :c\n")
		if !slices.Equal(h.journal.batches, []int{3}) {
			t.Errorf("batches of %v", h.journal.batches)
		}
	})
}

func TestLeaving(t *testing.T) {
	for _, words := range [][]string{{"bye\nquit\nnever said\n"}, {"bye\r\nexit\r\n"}, {"bye", "exit"}} {
		inHouse(t, func(t *testing.T, h *house) {
			s := h.listener("notices=1")
			alice, bob := h.enter(s), h.enter(s)
			alice.sees("* 127.0.0.1 : 1002 joined\n")
			for _, piece := range words {
				bob.sends(piece)
				pass(time.Second)
			}
			bob.isGone(parley.CodeClosed)
			alice.sees("<127.0.0.1 : 1002> :bye\n* 127.0.0.1 : 1002 left\n")
		})
	}
}

// Whoever closes has said what they sent last, newline or not.
func TestClosing(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("notices=1")
		alice, bob := h.enter(s), h.enter(s)
		alice.seen()
		bob.sends("bye")
		bob.leaves()
		pass(gathered)
		alice.sees("<127.0.0.1 : 1002> :bye\n* 127.0.0.1 : 1002 left\n")
		bob.isGone(parley.CodeClosed)
	})
}

func TestWhoIsHere(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		h.enter(s)
		alice := h.enter(s)
		alice.sends("/name alice\n#ls\n")
		alice.sees("you are alice\nonline: 127.0.0.1 : 1001, alice\n")
	})
}

func TestNames(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("notices=1")
		alice, bob := h.enter(s), h.enter(s)
		alice.seen()
		alice.sends("/name alice\n", "hello\n")
		alice.sees("you are alice\n")
		bob.sees("* 127.0.0.1 : 1001 left\n* alice joined\n<alice> :hello\n")
		for ask, want := range map[string]string{
			"alice":                 "error: name alice is taken\n",
			"ALICE":                 "error: name ALICE is taken\n",
			"":                      "error: a name cannot be empty\n",
			"b\xff":                 "error: a name must be UTF-8 text\n",
			"10.0.0.1":              "error: a name cannot look like an IP address\n",
			"::1":                   "error: a name has only letters, digits, '_', '-' and '.'\n",
			"guest-7":               "error: the name guest-7 is reserved\n",
			"server":                "error: the name server is reserved\n",
			"a b":                   "error: a name has only letters, digits, '_', '-' and '.'\n",
			"\x1b[2J":               "error: a name has only letters, digits, '_', '-' and '.'\n",
			strings.Repeat("x", 33): "error: a name has at most 32 characters\n",
		} {
			bob.sends("/name " + ask + "\n")
			bob.sees(want)
		}
		alice.sees("")
	})
}

func TestPrivateMessages(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob, carol := h.enter(s), h.enter(s), h.enter(s)
		alice.sends("/name alice\n")
		alice.sees("you are alice\n")
		alice.sends("@127.0.0.1 : 1002: hi\n")
		bob.sees("<alice> (private) :hi\n")
		bob.sends("@alice: two\u2028lines\n")
		alice.sees("<127.0.0.1 : 1002> (private) :two\n<127.0.0.1 : 1002> (private) :lines\n")
		bob.sends("@ALICE:again\n")
		alice.sees("<127.0.0.1 : 1002> (private) :again\n")
		carol.sees("")
	})
}

// What was meant for one person is never read by others because its sender mistyped a name.
func TestPrivateMessagesForNobody(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		for text, want := range map[string]string{
			"@bbo: secret":                           "error: nobody here is called bbo\n",
			"@b\x1bo: secret":                        "error: nobody here is called b\uFFFDo\n",
			"@ : secret":                             "error: nobody here is called  \n",
			"@127.0.0.1 : 9: secret":                 "error: nobody here is called 127.0.0.1 \n",
			"@" + strings.Repeat("x", 999) + ": hey": "error: nobody here is called that\n",
			"@127.0.0.1 : 1002: ":                    "error: a message cannot be empty\n",
		} {
			alice.sends(text + "\n")
			alice.sees(want)
		}
		bob.sees("")
		alice.sends("@all look here\n")
		bob.sees("<127.0.0.1 : 1001> :@all look here\n")
	})
}

func TestIdle(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("idle=120s&notices=1")
		alice := h.enter(s)
		pass(100 * time.Second)
		alice.sends("I am\n", "here")
		pass(119 * time.Second)
		alice.sees("")
		pass(2 * time.Second)
		alice.sees("closed: idle for 120s\n")
		alice.isGone(parley.CodeIdle)
	})
}

// Nothing ends a connection on which nothing happens, unless it was asked for.
func TestNoIdleByDefault(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		pass(1000 * time.Hour)
		alice.sends("still here\n")
		bob.sees("<127.0.0.1 : 1001> :still here\n")
	})
}

func TestTooLong(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		long := strings.Repeat("x", parley.MaxText)
		alice.sends(long + "\n")
		bob.sees("<127.0.0.1 : 1001> :" + long + "\n")
		alice.sends("before\n", long, "y", "zzz\nafter\n")
		alice.sees("error: message too long (limit 65536 bytes)\n")
		bob.sees("<127.0.0.1 : 1001> :before\n<127.0.0.1 : 1001> :after\n")
		alice.sends(strings.Repeat("\xe9", parley.MaxText/2) + "\n") // three times as long when it is clean
		alice.sees("error: message too long (limit 65536 bytes)\n")
		bob.sees("")
	})
}

// What is too long is dropped to its end, at the pace of everything that is sent.
func TestTenMegabytesWithoutANewline(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		start := time.Now()
		for range 10 {
			alice.sends(strings.Repeat("x", 1<<20))
		}
		alice.sees("error: message too long (limit 65536 bytes)\n")
		if took := time.Since(start); took < 150*time.Second || took > 160*time.Second {
			t.Errorf("dropping it took %v", took)
		}
		pass(2 * time.Second)
		alice.sends("sorry\n")
		bob.sees("<127.0.0.1 : 1001> :sorry\n")
	})
}

func TestControlCharactersReachNobody(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		alice.sends("\x1b[2J\x07a\rb\x00\xc2\x9bc\u202ed\te\xe9\n")
		bob.sees("<127.0.0.1 : 1001> :\uFFFD[2J\uFFFDa\uFFFDb\uFFFD\uFFFDc\uFFFDd\te\uFFFD\n")
	})
}

// A text of several lines cannot pose as somebody else's.
func TestSeveralLines(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		mallory, bob := h.enter(s), h.enter(s)
		mallory.sends("look\u2028<alice> :I owe you\u0085* alice left\u2029error: x\n")
		bob.sees("<127.0.0.1 : 1001> :look\n<127.0.0.1 : 1001> :<alice> :I owe you\n" +
			"<127.0.0.1 : 1001> :* alice left\n<127.0.0.1 : 1001> :error: x\n")
	})
}

func TestFloodsArePaced(t *testing.T) {
	line := strings.Repeat("x", 1023) + "\n"
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		start := time.Now()
		alice.sends(strings.Repeat(line, 240)) // a paste passes
		if took := time.Since(start); took > 0 {
			t.Errorf("240 KiB took %v", took)
		}
		alice.sends(strings.Repeat(line, 128), "end\n")
		bob.seen()
		if took := time.Since(start).Round(100 * time.Millisecond); took != 2100*time.Millisecond {
			t.Errorf("128 KiB more took %v", took)
		}
	})
	inHouse(t, func(t *testing.T, h *house) {
		alice := h.enter(h.listener("flood=off"))
		start := time.Now()
		alice.sends(strings.Repeat(line, 4096))
		if took := time.Since(start); took > 0 {
			t.Errorf("with flood=off 4 MiB took %v", took)
		}
	})
}

// For whoever reads, the shortest message is a line with a name before it.
func TestFloodsOfShortLinesArePaced(t *testing.T) {
	for what, flood := range map[string]string{
		"12,000 messages":            strings.Repeat("a\n", 12_000),
		"12 messages of 1,000 lines": strings.Repeat(strings.Repeat("a\u2028", 1000)+"\n", 12),
	} {
		inHouse(t, func(t *testing.T, h *house) {
			s := h.listener("")
			alice, bob := h.enter(s), h.enter(s)
			start := time.Now()
			alice.sends(strings.Repeat("a short line of text\n", 3000), "and more\n") // a paste passes
			if took := time.Since(start); took > 0 {
				t.Errorf("3,000 lines took %v", took)
			}
			bob.seen()
			alice.sends(flood, "end\n")
			if took := time.Since(start); took < 11*time.Second || took > 14*time.Second {
				t.Errorf("%s took %v", what, took)
			}
			if got := strings.Count(bob.seen(), "<127.0.0.1 : 1001> :a\n"); got != 12_000 {
				t.Errorf("bob sees %d lines of %s", got, what)
			}
		})
	}
}

// What is not even a message is paced too.
func TestNothingIsSentForNothing(t *testing.T) {
	for what, flood := range map[string]string{
		"blank lines":     "\n",
		"telnet commands": "\xff\xf1",
	} {
		inHouse(t, func(t *testing.T, h *house) {
			alice := h.enter(h.listener(""))
			start := time.Now()
			alice.sends(strings.Repeat(flood, 1<<20/len(flood)), "#ls\n")
			if took := time.Since(start); took < 11*time.Second || took > 13*time.Second {
				t.Errorf("a megabyte of %s took %v", what, took)
			}
			alice.sees("online: 127.0.0.1 : 1001\n")
		})
	}
}

// A classroom program sends without newlines, 90 ms apart, and the disk takes 100 ms for each message.
func TestASlowDiskGluesNothing(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.journal.slow = 100 * time.Millisecond
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		network := make(chan string, 6) // takes what is sent while the server does not read
		h.serving.Go(func() {
			for text := range network {
				_, _ = io.WriteString(alice.pipe, text)
			}
		})
		want := ""
		for _, text := range []string{"one", "two", "three", "four", "five", "six"} {
			network <- text
			pass(90 * time.Millisecond)
			want += "<127.0.0.1 : 1001> :" + text + "\n"
		}
		close(network)
		pass(time.Second)
		bob.sees(want)
	})
}

// However slow the disk is, what somebody does comes after what they said.
func TestASlowDiskKeepsTheOrder(t *testing.T) {
	const said = "<127.0.0.1 : 1001> :said\n"
	for _, test := range []struct{ does, alice, bob string }{
		{"quit\n", "", "* 127.0.0.1 : 1001 left\n"},
		{"/name eve\n", "you are eve\n", "* 127.0.0.1 : 1001 left\n* eve joined\n"},
		{"@127.0.0.1 : 1002: psst\n", "", "<127.0.0.1 : 1001> (private) :psst\n"},
		{"send file:a 3\nabc", "stored a 3 sha256:" + digest("abc") + "\n", "<127.0.0.1 : 1001> :[file a 3 bytes]\n"},
		{"ask for file:b\n", "file:b 1 sha256:" + digest("x") + "\nx", ""},
		{"#ls\n", "online: 127.0.0.1 : 1001, 127.0.0.1 : 1002\n", ""},
	} {
		inHouse(t, func(t *testing.T, h *house) {
			h.files.files["b"] = "x"
			s := h.listener("notices=1")
			alice, bob := h.enter(s), h.enter(s)
			alice.seen()
			h.journal.slow = time.Second
			alice.sends("said\n", test.does)
			pass(999 * time.Millisecond)
			alice.sees("")
			bob.sees("")
			pass(1002 * time.Millisecond)
			alice.sees(test.alice)
			bob.sees(said + test.bob)
		})
	}
}

// Answers and errors keep the order of what they answer, also when the disk refuses what was said between them.
func TestErrorsOfASlowDiskAreInOrder(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		alice := h.enter(h.listener(""))
		h.journal.slow, h.journal.fail = time.Second, parley.Errorf(parley.CodeDiskFull, "the disk is full")
		alice.sends("/name eve\nlost\n#ls\n")
		pass(3 * time.Second)
		alice.sees("you are eve\nerror: the disk is full\nonline: eve\n")
	})
}

// What waits for the disk is bounded: behind that the client waits.
func TestWhatWaitsForTheDiskIsBounded(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		alice := h.enter(h.listener("flood=off&frame=line"))
		h.journal.slow = time.Hour
		sent := 0
		h.serving.Go(func() {
			for range 1000 {
				if _, err := alice.pipe.Write([]byte(strings.Repeat("x", 999) + "\n")); err != nil {
					return
				}
				sent++
			}
		})
		synctest.Wait()
		if sent < 64 || sent > 70 {
			t.Errorf("the server has taken %d KB", sent)
		}
	})
}

// Somebody who is held up by pacing has not been silent meanwhile.
func TestPacingIsNotSilence(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("idle=5s")
		alice, bob := h.enter(s), h.enter(h.listener("flood=off"))
		for range 12 {
			alice.sends(strings.Repeat("x", 60_000)) // 51 ms apart, as far as the client knows
			pass(51 * time.Millisecond)
		}
		want := strings.Repeat("<127.0.0.1 : 1001> :"+strings.Repeat("x", 60_000)+"\n", 12)
		pass(4 * time.Second)
		bob.sees(want)
		alice.sees("")
	})
}

// The answer to #ls can be a thousand times as long as the question: it counts as sent.
func TestQuestionsAreNoFlood(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		for range 100 {
			h.join(s)
		}
		alice := h.enter(s)
		start := time.Now()
		alice.sends(strings.Repeat("#ls\n", 300), "\n")
		if took := time.Since(start); took < 3*time.Second {
			t.Errorf("%d bytes in answer to 1,200 took %v", len(alice.seen()), took)
		}
	})
}

func TestAJournalThatFails(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		h.journal.fail = parley.Errorf(parley.CodeDiskFull, "the disk is full")
		alice.sends("hello\n")
		alice.sees("error: the disk is full\n")
		h.journal.fail = fmt.Errorf("secret: /var/lib/x")
		alice.sends("hello\n", "@127.0.0.1 : 1002: hello\n")
		alice.sees(strings.Repeat("error: something went wrong on the server\n", 2))
		h.journal.fail = nil
		alice.sends("hello again\n")
		bob.sees("<127.0.0.1 : 1001> :hello again\n")
	})
}

func TestOtherProtocols(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("notices=1&welcome=")
		bob := h.join(s)
		browser := h.join(s)
		browser.sends("POST / HTTP/1.1\r\nHost: x\r\n\r\nquit\r\n/name admin\r\n")
		got := browser.seen()
		if !strings.HasPrefix(got, "HTTP/1.1 400 ") || !strings.HasSuffix(got, "parley join plain://127.0.0.1:8001\n") {
			t.Errorf("a browser sees %q", got)
		}
		pass(3 * time.Second)
		browser.isGone(parley.CodeWrongProtocol)
		tls := h.join(s)
		tls.sends("\x16\x03\x01\x02\x00\x01\x00\n\n\n")
		tls.sees("\x15\x03\x03\x00\x02\x02\x28")
		pass(3 * time.Second)
		tls.isGone(parley.CodeWrongProtocol)
		bob.sees("* 127.0.0.1 : 1002 joined\n* 127.0.0.1 : 1002 left\n" +
			"* 127.0.0.1 : 1003 joined\n* 127.0.0.1 : 1003 left\n")
	})
}

// However the bytes are cut, the same happens.
func TestSplitAtEveryByte(t *testing.T) {
	const script = "\xff\xfb\x01/name älice\r\nhello\r\n#ls\n@nobody: hi\n" +
		"send file:a b.txt 5\nx\ny\xff\n\nask for file:a b.txt\r\nquit\n"
	run := func(pieces []string) (alices, bobs string) {
		inHouse(t, func(t *testing.T, h *house) {
			s := h.listener("notices=1")
			alice, bob := h.enter(s), h.enter(s)
			alice.sees("* 127.0.0.1 : 1002 joined\n")
			alice.sends(pieces...)
			pass(gathered)
			alices, bobs = alice.seen(), bob.seen()
		})
		return alices, bobs
	}
	wantAlice, wantBob := run([]string{script})
	const begin = "you are älice\nonline: 127.0.0.1 : 1002, älice\n" +
		"error: nobody here is called nobody\nstored a b.txt 5 sha256:"
	if !strings.HasPrefix(wantAlice, begin) || !strings.HasSuffix(wantAlice, "\nx\ny\xff\n") {
		t.Errorf("alice sees %q", wantAlice)
	}
	const room = "* 127.0.0.1 : 1001 left\n* älice joined\n" +
		"<älice> :hello\n<älice> :[file a b.txt 5 bytes]\n* älice left\n"
	if wantBob != room {
		t.Errorf("bob sees %q", wantBob)
	}
	all := [][]string{strings.Split(script, "")}
	for i := 1; i < len(script); i++ {
		all = append(all, []string{script[:i], script[i:]})
	}
	for _, pieces := range all {
		if alice, bob := run(pieces); alice != wantAlice || bob != wantBob {
			t.Errorf("in pieces %q alice sees %q, bob sees %q", pieces, alice, bob)
		}
	}
}

// FuzzSession: whatever one client sends, every line that another gets starts with the sender's name, and has no
// control character.
func FuzzSession(f *testing.F) {
	for _, script := range []string{
		"hello\n", "quit\n", "send file:a 5\nabc", "\xff\xfa",
		"@a:\n#ls\n/name a\n", "ask for file:a\n", "\x16\x03\x01",
	} {
		f.Add(script, "style=says")
		f.Add(script, "respond=upper")
	}
	f.Fuzz(func(t *testing.T, script, query string) {
		query, _, _ = strings.Cut(query, "&")
		if !slices.Contains([]string{"style=says", "respond=upper", "respond=input", "frame=line", "echo=1"}, query) {
			query = ""
		}
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			mallory, bob := h.join(h.listener(query)), h.enter(h.listener(""))
			for len(script) > 0 {
				n := min(len(script), 7)
				if _, err := mallory.pipe.Write([]byte(script[:n])); err != nil {
					break // she was sent away
				}
				script = script[n:]
			}
			mallory.leaves()
			got := bob.seen()
			if parley.CleanText(got) != got {
				t.Errorf("bob sees %q", got)
			}
			for line := range parley.Lines(got) {
				if line != "" && !strings.HasPrefix(line, "<") {
					t.Errorf("bob sees %q", line)
				}
			}
		})
	})
}

// Whoever is sent out of the room is told so, after what was said before, and has left.
func TestBeingSentOut(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("notices=1")
		alice, bob := h.enter(s), h.enter(s)
		pass(gathered)
		alice.seen()
		h.files.files["a"] = strings.Repeat("x", 10_000)
		goOn := bob.stall()
		bob.sends("ask for file:a\n")
		who := h.hub.Present(lobby.ID)[1]
		_, err := h.hub.Do(t.Context(), parley.Operator(), parley.MemberChanged{
			Entry: parley.Entry{Room: lobby.ID}, Who: parley.Sender{ID: who.ID, Name: who.Shown}, Change: parley.MemberKicked})
		if err != nil {
			t.Fatal(err)
		}
		alice.sees("* 127.0.0.1 : 1002 was sent out by server\n* 127.0.0.1 : 1002 left\n")
		goOn() // he gets what he was being given, and then learns it
		bob.sees("file:a 10000 sha256:" + digest(h.files.files["a"]) + "\n" + h.files.files["a"] +
			"closed: you were sent out of lobby by server\n")
		pass(3 * time.Second)
		bob.isGone(parley.CodeForbidden)
		alice.sees("")
	})
}
