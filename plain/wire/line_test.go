package wire_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/plain/wire"
)

// picture is a file for the tests.
var picture = parley.File{Name: "my shore.jpg", Size: 48211, Digest: parley.Digest{0xab, 0xcd}}

// pictureDigest is its digest as it is written.
var pictureDigest = "abcd" + strings.Repeat("00", 30)

func TestCountLines(t *testing.T) {
	for text, want := range map[string]int{
		"": 1, "a": 1, "a\u0085b\u2028c\u2029d": 4, "a\r\nb\n": 3, "\x85\xe2\x80": 1,
		strings.Repeat("\u0085", 5000): parley.MaxLines,
	} {
		if got := wire.CountLines(text); got != want {
			t.Errorf("%.20q has %d lines, want %d", text, got, want)
		}
	}
}

// Everything that a server says: how it is written, and what a client reads in it, line by line.
func TestServerLines(t *testing.T) {
	for _, test := range []struct {
		name    string
		written []byte
		text    string
		read    []wire.ServerLine // without Text
	}{
		{"a message", wire.Brackets.AppendMessage(nil, "alice", "hello"), "<alice> :hello\n",
			[]wire.ServerLine{{Kind: wire.LineMessage, Name: "alice", Words: "hello"}}},
		{"a message of somebody without a name", wire.Brackets.AppendMessage(nil, "127.0.0.1 : 49525", "hello"),
			"<127.0.0.1 : 49525> :hello\n",
			[]wire.ServerLine{{Kind: wire.LineMessage, Name: "127.0.0.1 : 49525", Words: "hello"}}},
		{"a message of several lines", wire.Brackets.AppendMessage(nil, "mallory", "look\n<alice> :I owe you\n"),
			"<mallory> :look\n<mallory> :<alice> :I owe you\n",
			[]wire.ServerLine{{Kind: wire.LineMessage, Name: "mallory", Words: "look"},
				{Kind: wire.LineMessage, Name: "mallory", Words: "<alice> :I owe you"}}},
		{"a message with an empty line", wire.Brackets.AppendMessage(nil, "alice", "a\n\nb"),
			"<alice> :a\n<alice> :\n<alice> :b\n",
			[]wire.ServerLine{{Kind: wire.LineMessage, Name: "alice", Words: "a"}, {Kind: wire.LineMessage, Name: "alice"},
				{Kind: wire.LineMessage, Name: "alice", Words: "b"}}},
		{"in the other style", wire.Says.AppendMessage(nil, "alice", "hello\nagain"),
			"alice says: hello\nalice says: again\n",
			[]wire.ServerLine{{Kind: wire.LineMessage, Name: "alice", Words: "hello"},
				{Kind: wire.LineMessage, Name: "alice", Words: "again"}}},
		{"in the other style without a name", wire.Says.AppendMessage(nil, "::1 : 49525", "hello"),
			"::1 : 49525 says: hello\n",
			[]wire.ServerLine{{Kind: wire.LineMessage, Name: "::1 : 49525", Words: "hello"}}},
		{"a file", wire.Brackets.AppendFile(nil, "alice", &picture), "<alice> :[file my shore.jpg 48211 bytes]\n",
			[]wire.ServerLine{{Kind: wire.LineMessage, Name: "alice", Words: "[file my shore.jpg 48211 bytes]"}}},
		{"a private message", wire.AppendPrivate(nil, "alice", "hi\nthere"),
			"<alice> (private) :hi\n<alice> (private) :there\n",
			[]wire.ServerLine{{Kind: wire.LinePrivate, Name: "alice", Words: "hi"},
				{Kind: wire.LinePrivate, Name: "alice", Words: "there"}}},
		{"an edit", wire.Brackets.AppendMessage(nil, "alice", wire.EditText("one\ntwo\n")),
			"<alice> :[edit] one\n<alice> :[edit] two\n",
			[]wire.ServerLine{{Kind: wire.LineMessage, Name: "alice", Words: "[edit] one"},
				{Kind: wire.LineMessage, Name: "alice", Words: "[edit] two"}}},
		{"a deletion", wire.Brackets.AppendMessage(nil, "alice", wire.DeletedText), "<alice> :[deleted a message]\n",
			[]wire.ServerLine{{Kind: wire.LineMessage, Name: "alice", Words: "[deleted a message]"}}},
		{"a word about the room", wire.AppendNotice(nil, "bob was invited by alice"), "* bob was invited by alice\n",
			[]wire.ServerLine{{Kind: wire.LineNotice, Words: "bob was invited by alice"}}},
		{"somebody comes", wire.AppendJoined(nil, "alice"), "* alice joined\n",
			[]wire.ServerLine{{Kind: wire.LineNotice, Words: "alice joined"}}},
		{"somebody goes", wire.AppendLeft(nil, "alice"), "* alice left\n",
			[]wire.ServerLine{{Kind: wire.LineNotice, Words: "alice left"}}},
		{"who is here", wire.AppendOnline(nil, "alice", "127.0.0.1 : 49525"), "online: alice, 127.0.0.1 : 49525\n",
			[]wire.ServerLine{{Kind: wire.LineOnline, Names: []string{"alice", "127.0.0.1 : 49525"}}}},
		{"a name", wire.AppendYouAre(nil, "alice"), "you are alice\n",
			[]wire.ServerLine{{Kind: wire.LineYouAre, Name: "alice"}}},
		{"a file was stored", wire.AppendStored(nil, picture),
			"stored my shore.jpg 48211 sha256:" + pictureDigest + "\n",
			[]wire.ServerLine{{Kind: wire.LineStored, File: picture}}},
		{"a file follows", wire.AppendFileHeader(nil, picture),
			"file:my shore.jpg 48211 sha256:" + pictureDigest + "\n",
			[]wire.ServerLine{{Kind: wire.LineFile, File: picture}}},
		{"an error", wire.AppendError(nil, "no such file: a\nb\x1b"), "error: no such file: a b\uFFFD\n",
			[]wire.ServerLine{{Kind: wire.LineError, Words: "no such file: a b\uFFFD"}}},
		{"an end", wire.AppendClosed(nil, wire.IdleSentence(2*time.Minute)), "closed: idle for 120s\n",
			[]wire.ServerLine{{Kind: wire.LineClosed, Words: "idle for 120s"}}},
		{"a fraction of a second", wire.AppendClosed(nil, wire.IdleSentence(1500*ms)), "closed: idle for 1.5s\n",
			[]wire.ServerLine{{Kind: wire.LineClosed, Words: "idle for 1.5s"}}},
		{"a greeting", wire.AppendText(nil, "welcome\r\nall\x07"), "welcome\nall\uFFFD\n",
			[]wire.ServerLine{{}, {}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := string(test.written); got != test.text {
				t.Fatalf("written %q, want %q", got, test.text)
			}
			var read []wire.ServerLine
			for line := range strings.SplitSeq(strings.TrimSuffix(test.text, "\n"), "\n") {
				l := wire.ParseServerLine(line)
				if l.Text != line {
					t.Errorf("the whole line is %q", l.Text)
				}
				l.Text = ""
				read = append(read, l)
			}
			if !reflect.DeepEqual(read, test.read) {
				t.Errorf("read %+v, want %+v", read, test.read)
			}
		})
	}
}

// A line that is not quite of a format is shown as it came, in one clean line.
func TestLinesOfOtherServers(t *testing.T) {
	for line, want := range map[string]wire.ServerLine{
		"welcome":                             {},
		"":                                    {},
		"HELLO":                               {},
		"<>":                                  {},
		"<alice":                              {},
		"<alice>":                             {},
		"<alice> hello":                       {},
		"<alice>: hello":                      {},
		"<> :hello":                           {},
		"you are most welcome":                {},
		"stored procedures are fun":           {},
		"stored a 5 sha256:00":                {},
		"file:a 5":                            {},
		"file: 5 sha256:" + pictureDigest:     {},
		"file:a -5 sha256:" + pictureDigest:   {},
		"file:../a 5 sha256:" + pictureDigest: {},
		"file:a/b 5 sha256:" + pictureDigest:  {},
		"our manual says: read me":            {},
		" says: hello":                        {},
		"1.2.3.4 : 99999 says: hello":         {},
		"10.0.0.7 says: hello":                {Kind: wire.LineMessage, Name: "10.0.0.7", Words: "hello"},
		"server is full (10 clients)":         {Kind: wire.LineClosed, Words: "server is full (10 clients)"},
		"<a> :b > c> (private) :d":            {Kind: wire.LineMessage, Name: "a", Words: "b > c> (private) :d"},
		"stored says: hello":                  {Kind: wire.LineMessage, Name: "stored", Words: "hello"},
	} {
		want.Text = line
		if got := wire.ParseServerLine(line); !reflect.DeepEqual(got, want) {
			t.Errorf("%q reads as %+v, want %+v", line, got, want)
		}
	}
	if got := wire.ParseServerLine("<a> :x\x1b[2J\u2028<b> :y\xff").Text; got != "<a> :x\uFFFD[2J <b> :y\uFFFD" {
		t.Errorf("cleaned it is %q", got)
	}
}

// FuzzServerLine: nothing that a server sends breaks the client or its terminal.
func FuzzServerLine(f *testing.F) {
	f.Add("<alice> :hello")
	f.Add("file:a 5 sha256:" + pictureDigest)
	f.Fuzz(func(t *testing.T, line string) {
		l := wire.ParseServerLine(line)
		for _, s := range append(l.Names, l.Text, l.Name, l.Words, string(l.File.Name)) {
			if parley.CleanLine(s) != s {
				t.Errorf("%q gives %q", line, s)
			}
		}
		if l.File != (parley.File{}) {
			if _, err := parley.ParseFileName(string(l.File.Name)); err != nil || l.File.Size < 0 {
				t.Errorf("%q names a file %+v", line, l.File)
			}
		}
	})
}

func TestWritingAMessageAllocatesNothing(t *testing.T) {
	dst := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() {
		dst = wire.Brackets.AppendMessage(dst[:0], "alice", "one\ntwo")
		dst = wire.AppendPrivate(dst, "alice", "hello")
		dst = wire.Says.AppendFile(dst, "alice", &picture)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
