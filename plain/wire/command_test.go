package wire_test

import (
	"math"
	"strings"
	"testing"

	"parley/plain/wire"
)

func TestParseCommand(t *testing.T) {
	for _, test := range []struct {
		text string
		want wire.Command
	}{
		{"hello", wire.Command{Verb: wire.Say, Arg: "hello"}},
		{" hello ", wire.Command{Verb: wire.Say, Arg: " hello "}},
		{"quit", wire.Command{Verb: wire.Leave}},
		{"exit", wire.Command{Verb: wire.Leave}},
		{" exit\t", wire.Command{Verb: wire.Leave}},
		{"quit now", wire.Command{Verb: wire.Say, Arg: "quit now"}},
		{"Quit", wire.Command{Verb: wire.Say, Arg: "Quit"}},
		{"#ls", wire.Command{Verb: wire.Who}},
		{"#lsx", wire.Command{Verb: wire.Say, Arg: "#lsx"}},
		{"/name alice", wire.Command{Verb: wire.Rename, Arg: "alice"}},
		{"/name  alice ", wire.Command{Verb: wire.Rename, Arg: "alice"}},
		{"/name", wire.Command{Verb: wire.Rename}},
		{"/names", wire.Command{Verb: wire.Say, Arg: "/names"}},
		{"@bob: hi", wire.Command{Verb: wire.Private, Arg: "bob: hi"}},
		{"@127.0.0.1 : 49525: hi", wire.Command{Verb: wire.Private, Arg: "127.0.0.1 : 49525: hi"}},
		{"me @bob: hi", wire.Command{Verb: wire.Say, Arg: "me @bob: hi"}},
		{"ask for file:a b.txt", wire.Command{Verb: wire.AskFile, Arg: "a b.txt"}},
		{"ask for file: a ", wire.Command{Verb: wire.AskFile, Arg: "a"}},
		{"ask for file:", wire.Command{Verb: wire.AskFile}},
		{"send file:keep.jpg 48211", wire.Command{Verb: wire.SendFile, Arg: "keep.jpg", Size: 48211}},
		{"send file:出师表.txt 0", wire.Command{Verb: wire.SendFile, Arg: "出师表.txt"}},
		{"send file: my  notes 2 .txt  7 ", wire.Command{Verb: wire.SendFile, Arg: "my  notes 2 .txt", Size: 7}},
		{"send file:../../x 5", wire.Command{Verb: wire.SendFile, Arg: "../../x", Size: 5}},
		{"send file:7", wire.Command{Verb: wire.SendFile, Size: 7}},
		{"send file:a 99999999999999999999", wire.Command{Verb: wire.SendFile, Arg: "a", Size: math.MaxInt64}},
		{"send file:", wire.Command{Verb: wire.SendFile, Size: wire.NoSize}},
		{"send file:a", wire.Command{Verb: wire.SendFile, Arg: "a", Size: wire.NoSize}},
		{"send file:a -1", wire.Command{Verb: wire.SendFile, Arg: "a -1", Size: wire.NoSize}},
		{"send file:a +1", wire.Command{Verb: wire.SendFile, Arg: "a +1", Size: wire.NoSize}},
		{"send file:a NaN", wire.Command{Verb: wire.SendFile, Arg: "a NaN", Size: wire.NoSize}},
		{"send file:a 1e3", wire.Command{Verb: wire.SendFile, Arg: "a 1e3", Size: wire.NoSize}},
		{"send file:a 0x10", wire.Command{Verb: wire.SendFile, Arg: "a 0x10", Size: wire.NoSize}},
		{"send file:a ٣", wire.Command{Verb: wire.SendFile, Arg: "a ٣", Size: wire.NoSize}},
	} {
		if got := wire.ParseCommand(test.text); got != test.want {
			t.Errorf("ParseCommand(%q) = %+v, want %+v", test.text, got, test.want)
		}
	}
}

// FuzzCommand: what was read can be written, and is read as the same again.
func FuzzCommand(f *testing.F) {
	for _, text := range []string{"hello", "quit", "#ls", "/name alice", "@bob: hi", "send file:a b 5", "send file:a x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := wire.ParseCommand(text)
		if c.Verb == wire.SendFile && c.Size == wire.NoSize {
			return
		}
		line := string(c.Append(nil))
		if got := wire.ParseCommand(strings.TrimSuffix(line, "\n")); got != c {
			t.Errorf("%q reads as %+v, written as %q, read as %+v", text, c, line, got)
		}
	})
}
