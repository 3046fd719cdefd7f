package plain_test

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"parley"
)

// digest is a content's SHA-256 as it is written.
func digest(content string) string { return parley.Digest(sha256.Sum256([]byte(content))).String() }

func TestSendingAFile(t *testing.T) {
	const content = "\x16\x03\x01\xff\xfb\x01\nquit\n\x00\r\n"
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		announce := fmt.Sprintf("send file:出师表 1.txt %d\n", len(content))
		stored := fmt.Sprintf("stored 出师表 1.txt %d sha256:%s\n", len(content), digest(content))
		message := fmt.Sprintf("<127.0.0.1 : 1001> :[file 出师表 1.txt %d bytes]\n", len(content))
		for _, pieces := range [][]string{
			{"before\n" + announce + content + "after\n"},
			{"before\n" + announce, content + "after\n"},
			append(append([]string{"before\n" + announce}, strings.Split(content, "")...), "after\n"),
		} {
			alice.sends(pieces...)
			alice.sees(stored)
			bob.sees("<127.0.0.1 : 1001> :before\n" + message + "<127.0.0.1 : 1001> :after\n")
			if got, _ := h.files.stored("出师表 1.txt"); got != content {
				t.Errorf("stored %q", got)
			}
		}
		alice.sends("send file:empty 0\n")
		alice.sees("stored empty 0 sha256:" + digest("") + "\n")
	})
}

// A classroom client ends the line by silence, and does not start to send at once.
func TestSendingAFileWithoutANewline(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		alice := h.enter(h.listener(""))
		alice.sends("send file:a")
		pass(900 * time.Millisecond)
		alice.sends(".txt 3")
		pass(1100 * time.Millisecond)
		alice.sends("abc")
		alice.sees("stored a.txt 3 sha256:" + digest("abc") + "\n")
	})
}

func TestFilesThatAreRefused(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.files.quota = 1000
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(s)
		for announce, want := range map[string]string{
			"../../x 5":             "error: a file name is not a path: ../../x\n",
			"/etc/passwd 5":         "error: a file name is not a path: /etc/passwd\n",
			`C:\x 5`:                "error: a file name is not a path: C:\\x\n",
			".. 5":                  "error: not a file name: \"..\"\n",
			" 5":                    "error: not a file name: \"\"\n",
			"\xff 5":                "error: a file name has no control characters\n",
			"a\x1bb 5":              "error: a file name has no control characters\n",
			"a 1001":                "error: a file has at most 1000 bytes\n",
			fmt.Sprint("a ", 1<<20): "error: a file has at most 1000 bytes\n",
		} {
			var size int
			if _, err := fmt.Sscan(announce[strings.LastIndex(announce, " "):], &size); err != nil {
				t.Fatal(err)
			}
			alice.sends("send file:" + announce + "\n")
			alice.sees(want)
			alice.sends(strings.Repeat("\nquit\n", size/6+1)[:size])
			alice.sees("")
			alice.sends("still here\n")
			bob.sees("<127.0.0.1 : 1001> :still here\n")
		}
		if len(h.files.files) > 0 || h.files.begun > 0 {
			t.Errorf("kept %v, begun %d", h.files.files, h.files.begun)
		}
	})
}

// Without a size nobody knows how many bytes to drop: none.
func TestFilesWithoutASize(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		alice := h.enter(h.listener(""))
		for _, announce := range []string{"a", "a -5", "a NaN", "a 1.5", "a 0x5", ""} {
			alice.sends("send file:" + announce + "\n#ls\n")
			alice.sees("error: the size of a file is a number of bytes: send file:NAME SIZE\nonline: 127.0.0.1 : 1001\n")
		}
	})
}

func TestFilesThatAreRefusedAndTooLargeToDrop(t *testing.T) {
	for _, size := range []string{fmt.Sprint(1<<20 + 1), fmt.Sprint(int64(math.MaxInt64)), "99999999999999999999"} {
		inHouse(t, func(t *testing.T, h *house) {
			h.files.quota = 1000
			alice := h.enter(h.listener(""))
			alice.sends("send file:a " + size + "\n")
			pass(3 * time.Second)
			alice.sees("error: a file has at most 1000 bytes\n")
			alice.isGone(parley.CodeTooLarge)
		})
	}
}

// A disk that fills in the middle of a file leaves the connection, where the rest is not too much.
func TestADiskThatFills(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.files.full = true
		alice := h.enter(h.listener(""))
		alice.sends("send file:a 1000\n", strings.Repeat("x", 500))
		alice.sees("error: the disk is full\n")
		alice.sends(strings.Repeat("x", 500) + "#ls\n")
		alice.sees("online: 127.0.0.1 : 1001\n")
	})
}

// A file that cannot be announced has not been sent.
func TestAFileThatTheJournalRefuses(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.journal.fail = parley.Errorf(parley.CodeDiskFull, "the disk is full")
		alice := h.enter(h.listener(""))
		alice.sends("send file:a 3\nabc#ls\n")
		alice.sees("error: the disk is full\nonline: 127.0.0.1 : 1001\n")
		if _, kept := h.files.stored("a"); kept {
			t.Error("it is kept all the same")
		}
	})
}

func TestDisappearingInTheMiddleOfAFile(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("notices=1")
		bob, alice := h.enter(s), h.enter(s)
		bob.seen()
		alice.sends("send file:a 1000\n", "half of it")
		alice.leaves()
		pass(gathered)
		bob.sees("* 127.0.0.1 : 1002 left\n")
		if len(h.files.files) > 0 || h.files.begun != 1 {
			t.Errorf("kept %v, begun %d", h.files.files, h.files.begun)
		}
	})
}

// Room on the disk is kept for an announced file, but not for ever.
func TestFallingSilentInTheMiddleOfAFile(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		s := h.listener("")
		alice := h.enter(s)
		alice.sends("send file:a 1000\n", "a little")
		for range 5 {
			pass(50 * time.Second)
			alice.sends("a little")
		}
		alice.sees("")
		pass(61 * time.Second)
		alice.sees("closed: idle for 60s\n")
		alice.isGone(parley.CodeIdle)
		if len(h.files.files) > 0 {
			t.Errorf("kept %v", h.files.files)
		}
	})
}

// Somebody announces a file as large as all that may be kept, and sends nothing: nobody else can send one meanwhile.
func TestAFileOfWhichNothingComes(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		alice := h.enter(h.listener(""))
		alice.sends("send file:a 1000\n")
		pass(9 * time.Second)
		alice.sees("")
		pass(time.Second)
		alice.sees("closed: idle for 10s\n")
		alice.isGone(parley.CodeIdle)
	})
	inHouse(t, func(t *testing.T, h *house) { // a shorter limit stays what it is
		alice := h.enter(h.listener("idle=5s"))
		alice.sends("send file:a 1000\n")
		pass(5 * time.Second)
		alice.sees("closed: idle for 5s\n")
	})
	inHouse(t, func(t *testing.T, h *house) { // nothing is kept for a file that was refused, so there is no hurry
		h.files.quota = 100
		alice := h.enter(h.listener(""))
		alice.sends("send file:a 101\n")
		alice.sees("error: a file has at most 100 bytes\n")
		pass(59 * time.Second)
		alice.sends(strings.Repeat("x", 101) + "#ls\n")
		alice.sees("online: 127.0.0.1 : 1001\n")
	})
}

// The bytes of a file are not paced.
func TestFilesAreNoFlood(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		alice := h.enter(h.listener(""))
		content := strings.Repeat("0123456789abcde\n", 1<<16)
		start := time.Now()
		alice.sends("send file:a 1048576\n"+content, "#ls\n")
		alice.sees("stored a 1048576 sha256:" + digest(content) + "\nonline: 127.0.0.1 : 1001\n")
		if took := time.Since(start); took > 0 {
			t.Errorf("it took %v", took)
		}
	})
}

func TestAskingForAFile(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.files.files = map[parley.FileName]string{"a b.txt": "one\ntwo\xff", "empty": ""}
		alice := h.enter(h.listener(""))
		for ask, want := range map[string]string{
			"a b.txt":          "file:a b.txt 8 sha256:" + digest("one\ntwo\xff") + "\none\ntwo\xff",
			" a b.txt ":        "file:a b.txt 8 sha256:" + digest("one\ntwo\xff") + "\none\ntwo\xff",
			"empty":            "file:empty 0 sha256:" + digest("") + "\n",
			"nothing.txt":      "error: no such file: nothing.txt\n",
			"../../etc/passwd": "error: no such file: ../../etc/passwd\n",
			"a\x1b\xff":        "error: no such file: a\uFFFD\uFFFD\n",
			"":                 "error: no such file: \n",
		} {
			alice.sends("ask for file:" + ask + "\n#ls\n")
			alice.sees(want + "online: 127.0.0.1 : 1001\n")
		}
		alice.sends("ask for file:" + strings.Repeat("x", 60_000) + "\n")
		alice.sees("error: no such file: " + strings.Repeat("x", 255) + "\n")
	})
}

// Nothing stands in a file that is on its way. What is said meanwhile comes afterwards, all of it, in order, once.
func TestChatWhileAFileIsOnItsWay(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		content := strings.Repeat("content\n", 100_000)
		h.files.files["a"] = content
		s := h.listener("")
		alice, bob := h.enter(s), h.enter(h.listener("flood=off&idle=1h"))
		goOn := alice.stall()
		alice.sends("ask for file:a\n")
		var want strings.Builder
		for i := range 3000 { // three megabytes: more than is ever queued
			line := fmt.Sprintf("%d %s\n", i, strings.Repeat("x", 1000))
			bob.sends(line)
			want.WriteString("<127.0.0.1 : 1002> :" + line)
		}
		bob.sends("@127.0.0.1 : 1001: psst\n")
		goOn()
		got := alice.seen()
		file := fmt.Sprintf("file:a %d sha256:%s\n%s", len(content), digest(content), content)
		private := "<127.0.0.1 : 1002> (private) :psst\n"
		chat, ok := strings.CutPrefix(got, file)
		if !ok || strings.Replace(chat, private, "", 1) != want.String() || !strings.Contains(chat, private) {
			t.Errorf("alice sees %s", abbreviate(got))
		}
		bob.sends("live\n")
		alice.sees("<127.0.0.1 : 1002> :live\n")
	})
}

// Twelve megabytes are said while a file is on its way: a client that reads them all as fast as it can is not too slow.
func TestMuchChatWhileAFileIsOnItsWay(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.files.files["a"] = "x"
		alice, bob := h.enter(h.listener("")), h.enter(h.listener("flood=off"))
		goOn := alice.stall()
		alice.sends("ask for file:a\n")
		var want strings.Builder
		want.WriteString("file:a 1 sha256:" + digest("x") + "\nx")
		for range 200 {
			line := strings.Repeat("x", 60_000) + "\n"
			bob.sends(line)
			want.WriteString("<127.0.0.1 : 1002> :" + line)
		}
		goOn()
		alice.sees(want.String())
		bob.sends("live\n")
		alice.sees("<127.0.0.1 : 1002> :live\n")
	})
}

// A client that is busy receiving is not idle.
func TestReceivingIsNotIdle(t *testing.T) {
	for _, ask := range []string{"ask for file:a\n", "ask for file:a"} {
		inHouse(t, func(t *testing.T, h *house) {
			h.files.files["a"] = strings.Repeat("x", 100_000)
			alice := h.enter(h.listener("idle=10s"))
			goOn := alice.stall()
			alice.sends(ask)
			pass(30 * time.Second)
			goOn()
			if got := alice.seen(); !strings.HasSuffix(got, "xxx") {
				t.Errorf("alice sees %s", abbreviate(got))
			}
			pass(9 * time.Second)
			alice.sends("#ls\n")
			alice.sees("online: 127.0.0.1 : 1001\n")
		})
	}
}

// A client that stops reading in the middle of a file is let go in the end.
func TestAFileThatIsNotRead(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.files.files["a"] = strings.Repeat("x", 100_000)
		s := h.listener("notices=1")
		alice, bob := h.enter(s), h.enter(s)
		goOn := alice.stall()
		alice.sends("ask for file:a\n")
		pass(10 * time.Minute)
		bob.sees("* 127.0.0.1 : 1001 left\n")
		goOn()
		alice.isGone(parley.CodeSlowReader)
	})
}
