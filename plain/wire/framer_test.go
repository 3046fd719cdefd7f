package wire_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/plain/wire"
)

// epoch is when the scripts start.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// read is bytes that one read brings, so long after the one before.
type read struct {
	after time.Duration
	bytes string
}

// now is a read that follows at once.
func now(bytes string) read { return read{0, bytes} }

// play feeds reads to f as a connection would, with an hour of silence at the end, and gives what it found, each with
// the time at which it did.
func play(f *wire.Framer, reads ...read) []string {
	var found []string
	clock := epoch
	take := func() {
		for frame, ok := f.Next(); ok; frame, ok = f.Next() {
			found = append(found, fmt.Sprintf("%v %s", clock.Sub(epoch), show(frame)))
		}
	}
	for _, r := range append(reads, read{time.Hour, ""}) {
		until := clock.Add(r.after)
		for at := f.WakeAt(); !at.IsZero() && !at.After(until); at = f.WakeAt() {
			clock = at
			f.Tick(clock)
			take()
		}
		clock = until
		f.Feed([]byte(r.bytes), clock)
		take()
	}
	return found
}

// show writes a frame for a person.
func show(f wire.Frame) string {
	switch f.Kind {
	case wire.FrameTooLong:
		return "TOO LONG"
	case wire.FrameHTTP:
		return "HTTP"
	case wire.FrameTLS:
		return "TLS"
	}
	if len(f.Text) > 100 {
		return fmt.Sprintf("%d bytes", len(f.Text))
	}
	return fmt.Sprintf("%q", f.Text)
}

const ms = time.Millisecond

func TestFraming(t *testing.T) {
	long := strings.Repeat("x", parley.MaxText)
	for _, test := range []struct {
		name  string
		reads []read
		want  []string
	}{
		{"a newline ends a message at once", []read{now("hello\n")}, []string{`0s "hello"`}},
		{"CR LF too", []read{now("hello\r\n")}, []string{`0s "hello"`}},
		{"CR LF in two reads", []read{now("hello\r"), {3 * ms, "\n"}}, []string{`3ms "hello"`}},
		{"one read may bring many", []read{now("a\nb\r\nc\n")}, []string{`0s "a"`, `0s "b"`, `0s "c"`}},
		{"empty messages are passed over", []read{now("\n\r\n  \n\ta\n")}, []string{`0s "\ta"`}},

		{"silence ends a message without a newline", []read{now("hello")}, []string{`50ms "hello"`}},
		{"a message may come in pieces", []read{now("hel"), {49 * ms, "lo"}}, []string{`99ms "hello"`}},
		{"two messages", []read{now("one"), {51 * ms, "two"}}, []string{`50ms "one"`, `101ms "two"`}},
		{"after a newline silence ends nothing", []read{now("a\nb"), {time.Minute, "c\n"}},
			[]string{`0s "a"`, `1m0s "bc"`}},
		{"a newline after a message that silence ended",
			[]read{now("one"), {time.Second, "\n"}, {ms, "two"}, {ms, "\n"}},
			[]string{`50ms "one"`, `1.002s "two"`}},

		{"typed letter by letter", []read{now("h"), {time.Second, "i"}}, []string{`3s "hi"`}},
		{"typed, with a character of several bytes", []read{now("é"), {time.Second, "t"}, {time.Second, "é"}},
			[]string{`4s "été"`}},
		{"typed as Windows telnet does", []read{now("h"), {time.Second, "i"}, {time.Second, "\r\n"}},
			[]string{`2s "hi"`}},
		{"once a read brought more, nobody is typing", []read{now("hello"), {time.Second, "k"}},
			[]string{`50ms "hello"`, `1.05s "k"`}},

		{"half a file's name", []read{now("send file:ab"), {900 * ms, "c 12"}}, []string{`1.9s "send file:abc 12"`}},
		{"a question for a file", []read{now("ask for file:a")}, []string{`1s "ask for file:a"`}},
		{"what only looks like one", []read{now("ask for files")}, []string{`50ms "ask for files"`}},

		{"a character split over reads is joined", []read{now("caf\xc3"), {900 * ms, "\xa9"}},
			[]string{`950ms "café"`}},
		{"one that is never completed", []read{now("caf\xc3")}, []string{`1s "caf\xc3"`}},
		{"bytes that are no character wait for nothing",
			[]read{now("caf\xe9 ok"), {time.Second, "\xa9\xa9\xa9\xa9 ok"}},
			[]string{`50ms "caf\xe9 ok"`, `1.05s "\xa9\xa9\xa9\xa9 ok"`}},

		{"telnet negotiation is dropped", []read{now("\xff\xfd\x01\xff\xfb\x03hello\r\n")}, []string{`0s "hello"`}},
		{"and turns line framing on", []read{now("\xff\xfb\x1fhel"), {time.Minute, "lo\r\n"}},
			[]string{`1m0s "hello"`}},
		{"split anywhere",
			[]read{now("he\xff"), now("\xfd"), now("\nll\xff\xfa\x1f\x00"), now("\x0a\x00\n\xff"), now("\xf0o\n")},
			[]string{`0s "hello"`}},
		{"an escaped IAC is a byte", []read{now("a\xff\xffb\n")}, []string{`0s "a\xffb"`}},
		{"an IAC in a subnegotiation", []read{now("\xff\xfa\x18\xff\xffx\nx\xff\xf0a\n")}, []string{`0s "a"`}},
		{"an IAC before no command is a byte", []read{now("a\xffb\n\xff\n")}, []string{`0s "a\xffb"`, `0s "\xff"`}},
		{"an IAC at the end of a message", []read{now("\xff")}, []string{`2s "\xff"`}},

		{"as long as may be", []read{now(long + "\r\n")}, []string{`0s 65536 bytes`}},
		{"as long as may be, in pieces", []read{now(long), now("\r"), now("\n")}, []string{`0s 65536 bytes`}},
		{"too long", []read{now(long + "xyz\nnext\n")}, []string{`0s TOO LONG`, `0s "next"`}},
		{"too long by a CR", []read{now(long + "\r"), now("\rz\nnext\n")}, []string{`0s TOO LONG`, `0s "next"`}},
		{"too long is said once", []read{now(long), now(long), now(long), now("z\nnext\n")},
			[]string{`0s TOO LONG`, `0s "next"`}},
		{"silence ends what is too long", []read{now(long + "y"), now("z"), {60 * ms, "next"}},
			[]string{`0s TOO LONG`, `110ms "next"`}},

		{"an HTTP request", []read{now("POST /x HTTP/1.1\r\nHost: x\r\n\r\nquit\n"), now("more\n")},
			[]string{`0s HTTP`}},
		{"an HTTP request comes first or is none", []read{now("look:\nGET / HTTP/1.1\n")},
			[]string{`0s "look:"`, `0s "GET / HTTP/1.1"`}},
		{"a TLS ClientHello", []read{now("\x16\x03\x01\x02\x00\x01\n\n\n"), now("more\n")}, []string{`0s TLS`}},
		{"a TLS ClientHello byte by byte", []read{now("\x16"), now("\x03"), now("\x03"), now("more\n")},
			[]string{`0s TLS`}},
		{"nearly one", []read{now("\x16\x03\n")}, []string{`0s "\x16\x03"`}},
		{"one that is not first", []read{now("a\x16\x03\x01\n")}, []string{`0s "a\x16\x03\x01"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &wire.Framer{Guard: true}
			if got := play(f, test.reads...); !slices.Equal(got, test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestFramingByLinesAlone(t *testing.T) {
	f := &wire.Framer{LinesOnly: true}
	got := play(f, now("hel"), read{time.Minute, "lo\nand"})
	if want := []string{`1m0s "hello"`}; !slices.Equal(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	f.End()
	if frame, ok := f.Next(); !ok || frame.Text != "and" {
		t.Errorf("at the end of the connection: %v, %v", frame, ok)
	}
}

func TestAClientHasNoGuardAndAnotherLimit(t *testing.T) {
	f := &wire.Framer{Limit: 5}
	got := play(f, now("GET / HTTP/1.1\n\x16\x03\x01\n12345\n"))
	if want := []string{"0s TOO LONG", `0s "\x16\x03\x01"`, `0s "12345"`}; !slices.Equal(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What the end of a connection leaves is a message, once, whatever framing it had.
func TestEnd(t *testing.T) {
	for _, bytes := range []string{"hello", "\nhello", "\xff\xf1hello", "hello\n", "\n\nhello\r"} {
		f := &wire.Framer{}
		f.Feed([]byte(bytes), epoch)
		got := texts(f)
		for range 2 {
			f.End()
			got = append(got, texts(f)...)
		}
		if want := []string{"hello"}; !slices.Equal(got, want) {
			t.Errorf("%q and then the end: %q", bytes, got)
		}
	}
}

// texts takes the messages that are there.
func texts(f *wire.Framer) []string {
	var got []string
	for frame, ok := f.Next(); ok; frame, ok = f.Next() {
		got = append(got, frame.Text)
	}
	return got
}

// A program that was slow to look again must not take the time it was away for silence.
func TestSilenceCountsFromListening(t *testing.T) {
	f := &wire.Framer{}
	f.Feed([]byte("hello"), epoch)
	f.Next()
	f.SilentSince(epoch.Add(time.Second))
	if at := f.WakeAt().Sub(epoch); at != 1050*ms {
		t.Errorf("silence ends at %v", at)
	}
	f.Tick(epoch.Add(time.Second))
	if frame, ok := f.Next(); ok {
		t.Errorf("it gave %q too early", frame.Text)
	}
}

func TestRawBytesOfAFile(t *testing.T) {
	const content = "\x16\x03\xff\xfb\n\r\n\xff"
	for _, test := range []struct {
		name  string
		reads []string
	}{
		{"in the same read as the line", []string{"send file:a 8\n" + content + "after\n"}},
		{"behind CR LF", []string{"send file:a 8\r\n" + content + "after\n"}},
		{"in the next read", []string{"send file:a 8\n", content + "after\n"}},
		{"in many", slices.Concat([]string{"send file:a 8\n"}, strings.Split(content, ""), []string{"af", "ter\n"})},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &wire.Framer{Guard: true}
			var texts []string
			raw, left := "", int64(0)
			for _, bytes := range test.reads {
				f.Feed([]byte(bytes), epoch)
				take := func() {
					got := f.Raw(left)
					raw, left = raw+string(got), left-int64(len(got))
				}
				take()
				for frame, ok := f.Next(); ok; frame, ok = f.Next() {
					if texts = append(texts, frame.Text); len(texts) == 1 {
						left = int64(len(content))
						take()
					}
				}
			}
			if raw != content || !slices.Equal(texts, []string{"send file:a 8", "after"}) {
				t.Errorf("content %q, messages %q", raw, texts)
			}
		})
	}
}

// Ten megabytes without a newline are one complaint and no memory.
func TestTenMegabytesWithoutANewline(t *testing.T) {
	f := &wire.Framer{}
	chunk := []byte(strings.Repeat("x", 32<<10))
	complaints := 0
	allocations := testing.AllocsPerRun(1, func() {
		for range 10 << 20 / len(chunk) {
			f.Feed(chunk, epoch)
			for _, ok := f.Next(); ok; _, ok = f.Next() {
				complaints++
			}
		}
	})
	if complaints != 1 || allocations > 3 {
		t.Errorf("%d complaints, %v allocations", complaints, allocations)
	}
	if got := play(f, read{time.Second, "hello"}); !slices.Equal(got, []string{`1.05s "hello"`}) {
		t.Errorf("then %s", got)
	}
}

// reference cuts a stream the simple way: it needs all of it at once, and takes neither telnet nor other protocols.
func reference(stream string) []string {
	var want []string
	for line := range strings.SplitSeq(strings.TrimSuffix(stream, "\n"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		switch {
		case len(line) > limit:
			want = append(want, "TOO LONG")
		case strings.TrimSpace(line) != "":
			want = append(want, show(wire.Frame{Text: line}))
		}
	}
	return want
}

// limit is a limit that a fuzzer reaches.
const limit = 20

// FuzzFraming: however a stream with newlines is cut into reads, it is the same messages; nothing panics, and nothing
// is held between messages but what the limit allows.
func FuzzFraming(f *testing.F) {
	for _, stream := range []string{
		"hello\r\nworld\n", "a\xff\xfb\x1fb\n\xff\xfa\n\xff\xf0c\n", "\xff\xff\xffa\n",
		"\x16\x03\x01x\n", "GET / HTTP/1.1\r\n\r\n",
		"GET /\nGET / HTTP/1.1\n", strings.Repeat("x", limit) + "\r\n", strings.Repeat("x", limit) + "\r\r\n",
		strings.Repeat("x", limit+2) + "\nok\n", " \n\t\r\n\n", "caf\xc3\xa9\xc3\n", "send file:a 3\nabc\n",
	} {
		f.Add(stream, []byte{1}, true)
		f.Add(stream, []byte{3, 0, 2, 200, 1}, false)
	}
	f.Fuzz(func(t *testing.T, stream string, cuts []byte, guard bool) {
		stream += "\n"
		whole := cut(t, stream, nil, guard)
		if pieces := cut(t, stream, cuts, guard); !slices.Equal(whole, pieces) {
			t.Errorf("in one read %q, in pieces %q", whole, pieces)
		}
		if !guard && !strings.Contains(stream, "\xff") {
			if want := reference(stream); !slices.Equal(whole, want) {
				t.Errorf("got %q, want %q", whole, want)
			}
		}
	})
}

// cut feeds stream in reads as long as cuts say, over and over, and gives what the framer found.
func cut(t *testing.T, stream string, cuts []byte, guard bool) []string {
	f := &wire.Framer{Guard: guard, Limit: limit}
	var found []string
	for i := 0; len(stream) > 0; i++ {
		n := len(stream)
		if len(cuts) > 0 {
			n = min(n, 1+int(cuts[i%len(cuts)]))
		}
		f.Feed([]byte(stream[:n]), epoch)
		stream = stream[n:]
		for frame, ok := f.Next(); ok; frame, ok = f.Next() {
			found = append(found, show(frame))
		}
		if held := f.Held(); held > 2*limit+64 {
			t.Fatalf("it holds %d bytes", held)
		}
	}
	return found
}

// FuzzSilence: whatever comes whenever, nothing panics, and nothing is held after silence, or else after the end.
func FuzzSilence(f *testing.F) {
	f.Add("hello", []byte{10, 100, 250})
	f.Add("send file:x\xc3\xff", []byte{1, 60})
	f.Fuzz(func(t *testing.T, stream string, pauses []byte) {
		framer := &wire.Framer{Limit: limit}
		var reads []read
		for _, p := range pauses {
			n := min(len(stream), 1+int(p)%7)
			reads = append(reads, read{time.Duration(p) * 10 * ms, stream[:n]})
			stream = stream[n:]
		}
		play(framer, reads...)
		if held := framer.Held(); held > 0 && !framer.ByLines() {
			t.Errorf("after silence it holds %d bytes", held)
		}
		framer.End()
		texts(framer)
		if held := framer.Held(); held > 0 {
			t.Errorf("after the end it holds %d bytes", held)
		}
	})
}
