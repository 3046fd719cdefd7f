package client

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parley"
)

// fileNamed gives what a file of that name and content is.
func fileNamed(name parley.FileName, content string) parley.File {
	return parley.File{Name: name, Size: int64(len(content)), Digest: sha256.Sum256([]byte(content))}
}

// header gives the line that announces a file.
func header(word string, f parley.File) string {
	return fmt.Sprintf("%s%s %d sha256:%s\n", word, f.Name, f.Size, f.Digest)
}

// withFiles gives a client its folder.
func withFiles(folder *Folder) func(*Options) { return func(o *Options) { o.Files = folder } }

func TestSendFile(t *testing.T) {
	for name, content := range map[parley.FileName]string{
		"keep.jpg":     strings.Repeat("\xff\xd8\n\x00", 100_000),
		"出师表.txt":      "先帝创业未半",
		"empty":        "",
		"two words 10": "10",
	} {
		folder := NewFolder(t.TempDir())
		writeFile(t, filepath.Join(folder.Path(), string(name)), content)
		j, c, _ := joinPlain(t, withFiles(folder))
		sent := make(chan error, 1)
		go func() { sent <- j.SendFile(t.Context(), string(name)) }()
		c.expect(fmt.Sprintf("send file:%s %d\n%s", name, len(content), content))
		j.do(<-sent)
		c.say(header("stored ", fileNamed(name, content)))
		j.expect(Sent{File: fileNamed(name, content)})
		j.do(j.Say(t.Context(), "done"))
		c.expect("done\n")
	}
}

func TestSendFileThatTheServerRefuses(t *testing.T) {
	folder := NewFolder(t.TempDir())
	writeFile(t, filepath.Join(folder.Path(), "big"), strings.Repeat("x", 100_000))
	j, c, _ := joinPlain(t, withFiles(folder))
	sent := make(chan error, 1)
	go func() { sent <- j.SendFile(t.Context(), "big") }()
	c.expect("send file:big 100000\n")
	c.say("error: the limit for one file is 10 bytes\n")
	j.expect(Notice{"error: the limit for one file is 10 bytes"})
	c.expect(strings.Repeat("x", 100_000)) // which the server drops
	j.do(<-sent)
	c.reset()
	j.expectLost("reset") // and nothing is in doubt
}

func TestSendFileThatIsNotThere(t *testing.T) {
	j, _, _ := joinPlain(t)
	for path, want := range map[string]parley.Code{
		"none.jpg": parley.CodeNoSuchFile, "../../x": parley.CodeNameInvalid, "/etc/passwd": parley.CodeNameInvalid,
	} {
		if err := j.SendFile(t.Context(), path); parley.CodeOf(err) != want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

func TestSentFileThatArrivesDamagedIsAProblem(t *testing.T) {
	folder := NewFolder(t.TempDir())
	writeFile(t, filepath.Join(folder.Path(), "keep"), "content")
	j, c, _ := joinPlain(t, withFiles(folder))
	j.do(j.SendFile(t.Context(), "keep"))
	c.say(header("stored ", fileNamed("keep", "CONTENT")))
	j.expectProblem("keep has arrived damaged")
}

func TestConnectionLostWhileAFileIsSent(t *testing.T) {
	folder := NewFolder(t.TempDir())
	writeFile(t, filepath.Join(folder.Path(), "big"), strings.Repeat("x", 16<<20))
	j, c, _ := joinPlain(t, withFiles(folder))
	sent := make(chan error, 1)
	go func() { sent <- j.SendFile(t.Context(), "big") }()
	c.expect("send file:big 16777216\nxxx")
	c.reset()
	j.expectProblem("big was not sent")
	j.expectLost("")
	j.do(<-sent)
}

func TestConnectionLostBeforeAFileIsConfirmed(t *testing.T) {
	folder := NewFolder(t.TempDir())
	writeFile(t, filepath.Join(folder.Path(), "keep"), "content")
	j, c, _ := joinPlain(t, withFiles(folder))
	j.do(j.SendFile(t.Context(), "keep"))
	c.expect("send file:keep 7\ncontent")
	_ = c.Close()
	j.expect(Doubt{"keep 7 bytes"})
	j.expectLost("the server has closed it")
}

func TestFileThatBecomesShorterWhileItIsSentEndsTheConnection(t *testing.T) {
	folder := NewFolder(t.TempDir())
	path := filepath.Join(folder.Path(), "log")
	writeFile(t, path, strings.Repeat("x", 16<<20))
	j, c, _ := joinPlain(t, withFiles(folder))
	sent := make(chan error, 1)
	go func() { sent <- j.SendFile(t.Context(), "log") }()
	c.expect("send file:log 16777216\nxxx")
	if err := os.Truncate(path, 100); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, c)
	j.do(<-sent)
	j.expectProblem("log was not sent")
	j.expectLost("log has changed while it was sent")
}

func TestAskFile(t *testing.T) {
	for name, content := range map[parley.FileName]string{
		"shore.jpg":  strings.Repeat("\xff\xd8\n\x00", 100_000),
		"出师表.txt":    "先帝创业未半\n<bob> :not a message\n",
		"empty":      "",
		"a b 1 .txt": "exit\n",
	} {
		folder := NewFolder(t.TempDir())
		j, c, _ := joinPlain(t, withFiles(folder))
		file := fileNamed(name, content)
		for _, savedAs := range []string{string(name), numbered(string(name), 1)} {
			j.do(j.AskFile(t.Context(), string(name)))
			c.expect("ask for file:" + string(name) + "\n")
			c.say("<bob> :before\n" + header("file:", file) + content + "<bob> :after\n")
			j.expect(Message{From: "bob", Text: "before"}, Received{File: file, SavedAs: savedAs, Folder: folder.Path()},
				Message{From: "bob", Text: "after"})
			if got, err := os.ReadFile(filepath.Join(folder.Path(), savedAs)); err != nil || string(got) != content {
				t.Errorf("%s has %d bytes, %v, want %d", savedAs, len(got), err, len(content))
			}
		}
	}
}

func TestFileThatComesInManyPieces(t *testing.T) {
	folder := NewFolder(t.TempDir())
	j, c, _ := joinPlain(t, withFiles(folder))
	file := fileNamed("x", "abc\ndef")
	j.do(j.AskFile(t.Context(), "x"))
	c.expect("ask for file:x\n")
	_ = c.Conn.(interface{ SetNoDelay(bool) error }).SetNoDelay(true)
	for _, b := range []byte(header("file:", file) + "abc\ndef<bob> :hi\n") {
		c.say(string(b))
	}
	j.expect(Received{File: file, SavedAs: "x", Folder: folder.Path()}, Message{From: "bob", Text: "hi"})
}

func TestAskFileThatIsNotThere(t *testing.T) {
	j, c, _ := joinPlain(t)
	j.do(j.AskFile(t.Context(), "x"))
	c.expect("ask for file:x\n")
	c.say("error: no such file: x\n")
	j.expect(Notice{"error: no such file: x"})
	j.Settle(t.Context())
}

func TestFileThatNobodyAskedForIsText(t *testing.T) {
	folder := NewFolder(filepath.Join(t.TempDir(), "not made"))
	j, c, _ := joinPlain(t, withFiles(folder))
	j.do(j.AskFile(t.Context(), "x"))
	c.expect("ask for file:x\n")
	line := header("file:", fileNamed("autorun.inf", "evil"))
	c.say(line + "evil\n")
	j.expect(Line{strings.TrimSpace(line)}, Line{"evil"})
	if _, err := os.Stat(folder.Path()); err == nil {
		t.Error("a folder was made for it")
	}
}

func TestDamagedFileIsNotKept(t *testing.T) {
	folder := NewFolder(t.TempDir())
	j, c, _ := joinPlain(t, withFiles(folder))
	j.do(j.AskFile(t.Context(), "x"))
	c.say(header("file:", fileNamed("x", "right")) + "wrong")
	j.expectProblem("x has arrived damaged")
	if got := listing(t, folder.Path()); len(got) != 0 {
		t.Errorf("the folder has %q", got)
	}
}

func TestFileThatIsCutOffIsNotKept(t *testing.T) {
	folder := NewFolder(t.TempDir())
	j, c, _ := joinPlain(t, withFiles(folder))
	j.do(j.AskFile(t.Context(), "x"))
	j.do(j.AskFile(t.Context(), "y"))
	c.say(header("file:", fileNamed("x", "ten bytes.")) + "ten")
	_ = c.Close()
	j.expectProblem("x was cut off and is not kept: 7 of 10 bytes are missing")
	j.expectProblem("y has not come")
	j.expectLost("")
	if got := listing(t, folder.Path()); len(got) != 0 {
		t.Errorf("the folder has %q", got)
	}
}

func TestFileForWhichThereIsNoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a file")
	writeFile(t, path, "")
	j, c, server := joinPlain(t, withFiles(NewFolder(path)))
	j.do(j.AskFile(t.Context(), "x"))
	c.say(header("file:", fileNamed("x", "small")) + "small<bob> :hi\n")
	j.expectProblem("x cannot be kept")
	j.expect(Message{From: "bob", Text: "hi"})

	j.do(j.AskFile(t.Context(), "y")) // too large to be read and dropped: it comes back without it
	c.say(fmt.Sprintf("file:y %d sha256:%s\n%s", int64(1)<<60, parley.Digest{}, "the first of many"))
	j.expectProblem("y cannot be kept")
	j.expectLost("y is not wanted any more")
	server.accept().say("welcome\n")
	j.expectConnected()
}

func TestFilesOfAServerThatKnowsNoDigests(t *testing.T) {
	folder := NewFolder(t.TempDir())
	writeFile(t, filepath.Join(folder.Path(), "keep it 10"), "content")
	j, c, _ := joinPlain(t, withFiles(folder))
	j.do(j.SendFile(t.Context(), "keep it 10"))
	c.expect("send file:keep it 10 7\ncontent")
	c.say("stored keep it 10 7\n")
	j.expect(Sent{fileNamed("keep it 10", "content"), true})

	j.do(j.AskFile(t.Context(), "shore.jpg"))
	c.say("file:other.jpg 5\nfile:shore.jpg 5\nshore<bob> :hi\n")
	j.expect(Line{"file:other.jpg 5"},
		Received{File: fileNamed("shore.jpg", "shore"), SavedAs: "shore.jpg", Folder: folder.Path(), Unverified: true},
		Message{From: "bob", Text: "hi"})
	c.say("file:shore.jpg 5\nstored keep it 10 7\n") // which nobody waits for any more
	j.expect(Line{"file:shore.jpg 5"}, Line{"stored keep it 10 7"})
}

func TestMemoryDoesNotGrowWithAFile(t *testing.T) {
	const size = 32 << 20
	folder := NewFolder(t.TempDir())
	writeFile(t, filepath.Join(folder.Path(), "big"), strings.Repeat("x", size))
	j, c, _ := joinPlain(t, withFiles(folder))
	block := bytes.Repeat([]byte("y"), 1<<20)
	digest := sha256.New()
	for range size >> 20 {
		_, _ = digest.Write(block)
	}
	drain := make([]byte, 64<<10)

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	go func() { _ = j.SendFile(t.Context(), "big") }()
	c.expect(fmt.Sprintf("send file:big %d\n", size))
	for left := size; left > 0; {
		n, err := c.Read(drain[:min(left, len(drain))])
		if err != nil {
			t.Fatal(err)
		}
		left -= n
	}
	j.do(j.AskFile(t.Context(), "huge"))
	c.expect("ask for file:huge\n")
	go func() {
		c.say(fmt.Sprintf("file:huge %d sha256:%x\n", size, digest.Sum(nil)))
		for range size >> 20 {
			_, _ = c.Write(block)
		}
	}()
	if _, ok := j.next().(Received); !ok {
		t.Error("it has not arrived")
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 2<<20 {
		t.Errorf("%d bytes were allocated for two files of %d", grown, size)
	}
}
