package chat_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"parley"
	"parley/explain/chat"
	plain "parley/plain/wire"
	roster "parley/roster/wire"
	"parley/web/frame"
	"parley/web/wire"
)

// said is what one side sends at once.
type said struct {
	from chat.Side
	data string
}

// In nanoseconds.
const (
	millisecond = 1_000_000
	second      = 1000 * millisecond
)

// read gives what is read of a conversation in which three seconds are between what is sent, and each part of it goes out in
// pieces of at most so many bytes, all at once. It checks that each message stands where it says.
func read(t *testing.T, as string, piece int, conversation []said) (protocol string, list []string) {
	t.Helper()
	var sent [2]int64
	c := chat.New(as, true, func(m chat.Message) {
		if m.Start < 0 || m.End < m.Start || m.End > sent[m.From] {
			t.Errorf("%q stands from %d to %d, and %d bytes were sent", m.Text, m.Start, m.End, sent[m.From])
		}
		list = append(list, tell(m))
	})
	at := int64(0)
	for _, s := range conversation {
		at += 3 * second
		for data := range slices.Chunk([]byte(s.data), piece) {
			sent[s.from] += int64(len(data))
			before := string(data)
			c.Feed(s.from, data, at)
			if string(data) != before {
				t.Fatal("the bytes of a capture were changed")
			}
		}
	}
	c.End()
	for from := range sent {
		if c.Pending(chat.Side(from)) != sent[from] || c.Held() != 0 {
			t.Errorf("after the end, %d of %d bytes are told, and %d kept", c.Pending(chat.Side(from)), sent[from], c.Held())
		}
	}
	return c.Protocol(), list
}

// tell writes a message in one line.
func tell(m chat.Message) string {
	side := "←"
	if m.From == chat.Client {
		side = "→"
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s: %s", side, m.Kind, m.Speaker, m.Text))
}

// same tells whether a conversation is read as it should be, whatever the segments are: whole, of each size, by bytes.
func same(t *testing.T, as, protocol string, conversation []said, want ...string) {
	t.Helper()
	for _, size := range []int{1 << 20, 1, 2, 3, 5, 7, 11, 64, 1000} {
		p, got := read(t, as, size, conversation)
		if p != protocol {
			t.Fatalf("in pieces of %d it is %q, not %q: %q", size, p, protocol, got)
		}
		slices.Sort(got)
		sorted := slices.Sorted(slices.Values(want))
		if !slices.Equal(got, sorted) {
			t.Fatalf("in pieces of %d:\n%s\nnot\n%s", size, strings.Join(got, "\n"), strings.Join(sorted, "\n"))
		}
	}
}

func TestPlainIsRead(t *testing.T) {
	file := parley.File{Name: "a.txt", Size: 6}
	same(t, "", "plain", []said{
		{chat.Server, "welcome\n"},
		{chat.Client, "/name alice\n"},
		{chat.Server, "password for alice:\n"},
		{chat.Client, "correct horse\r\n"},
		{chat.Server, "you are alice\n"},
		{chat.Client, "hello\nhow is everybody? 出师表\n\n@bob: psst\n#ls\n"},
		{chat.Server, string(plain.Brackets.AppendMessage(nil, "bob", "hi"))},
		{chat.Server, "carol says: hi as well\n* dave joined\n<bob> (private) :what?\nerror: no such file: x\n"},
		{chat.Client, "send file:a.txt 6\nab\ncd\nafter\n"},
		{chat.Server, string(plain.AppendStored(nil, file)) + string(plain.AppendFileHeader(nil, file)) + "ab\ncd\n" + "<bob> :later\n"},
		{chat.Client, "exit\n"},
		{chat.Server, "closed: the server is stopping\n"},
	},
		"← text : welcome", "→ name : alice", "← notice : password for alice:", "→ password :", "← answer : you are alice",
		"→ text : hello", "→ text : how is everybody? 出师表", "→ private : bob: psst", "→ request : #ls",
		"← text bob: hi", "← text carol: hi as well", "← notice : dave joined", "← private bob: what?",
		"← answer : error: no such file: x", "→ file : a.txt, 6 bytes", "→ text : after",
		"← answer : stored a.txt 6 sha256:"+strings.Repeat("0", 64), "← file : a.txt, 6 bytes", "← text bob: later",
		"→ request : exit", "← notice : the server is stopping")
}

func TestATextWithoutANewlineEndsWithSilence(t *testing.T) {
	same(t, "", "plain", []said{
		{chat.Server, "welcome"}, {chat.Client, "hello"}, {chat.Client, "who is here"}, {chat.Server, "nobody but you"},
	}, "← text : welcome", "→ text : hello", "→ text : who is here", "← text : nobody but you")
}

func TestRosterIsRead(t *testing.T) {
	people := roster.NewRoster([]roster.Entry{
		{Name: "alice", Address: netip.MustParseAddr("10.0.0.2")}, {Name: "bob", Address: netip.MustParseAddr("10.0.0.3")},
	})
	same(t, "", "roster", []said{
		{chat.Client, "alice"},
		{chat.Server, string(roster.AppendTaken(nil, "alice"))},
		{chat.Client, "bob"},
		{chat.Server, string(roster.AppendPasswordQuestion(nil, "bob"))},
		{chat.Client, "secret"},
		{chat.Server, string(people.Append(nil))},
		{chat.Client, "hello, all of you"},
		{chat.Server, string(roster.AppendText(nil, "alice", "hello\nyou too"))},
		{chat.Server, string(roster.AppendPrivate(nil, "alice", "just you"))},
	},
		"→ name : alice", "← answer : name alice is taken, send another", "→ name : bob", "← notice : password for bob:",
		"→ password :", "← roster : alice 10.0.0.2, bob 10.0.0.3", "→ text : hello, all of you",
		"← text alice: hello", "← text alice: you too", "← private alice: just you")
}

func TestIRCIsRead(t *testing.T) {
	same(t, "", "irc", []said{
		{chat.Client, "CAP LS 302\r\nPASS secret\r\nNICK alice\r\nUSER a 0 * :Alice\r\n"},
		{chat.Server, ":srv 001 alice :Welcome\r\n"},
		{chat.Client, "JOIN #lobby\r\nPRIVMSG #lobby :hello there\r\nPRIVMSG bob :psst\r\n"},
		{chat.Server, ":bob!b@h PRIVMSG #lobby :hi alice\r\n:bob!b@h PRIVMSG alice hm\r\n:bob!b@h QUIT :bye\r\n"},
	},
		"→ request : CAP LS 302", "→ password :", "→ name : alice", "→ request : USER a 0 * :Alice",
		"← answer : :srv 001 alice :Welcome", "→ notice : join #lobby", "→ text : hello there", "→ private : bob: psst",
		"← text bob: hi alice", "← private bob: alice: hm", "← notice bob: quit bye")
}

// masked writes a text as a client sends it, in frames of at most n bytes.
func masked(text []byte, n int) (frames string) {
	op := ws.OpText
	for len(text) > 0 {
		k := min(n, len(text))
		f := frame.AppendMasked(nil, op, text[:k], [4]byte{7, 0, 255, 13})
		if text, op = text[k:], ws.OpContinuation; len(text) > 0 {
			f[0] &^= 0x80
			f = append(f, frame.AppendMasked(nil, ws.OpPing, []byte("?"), [4]byte{1, 2, 3, 4})...)
		}
		frames += string(f)
	}
	return frames
}

func TestHTTPAndWebSocketAreRead(t *testing.T) {
	server := func(m wire.ServerMessage) string { return string(frame.AppendText(nil, m.Append)) }
	by := wire.Person{ID: "a-1", Name: "bob"}
	same(t, "", "websocket", []said{
		{chat.Client, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nHEAD /big HTTP/1.1\r\nHost: x\r\n\r\n"},
		{chat.Server, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nok\n\r\n0\r\nX: y\r\n\r\n"},
		{chat.Server, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"},
		{chat.Client, "POST /v1/x HTTP/1.1\r\ncontent-length: 5\r\n\r\nGET /"},
		{chat.Server, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"},
		{chat.Client, "GET /v1/socket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"},
		{chat.Server, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n" + server(wire.Pong{})},
		{chat.Client, masked(wire.Hello{Name: "alice", Password: "secret"}.Append(nil), 1000)},
		{chat.Client, masked(wire.Post{ID: "1", Room: "lobby", Words: wire.Words{Text: "hello 出师表"}}.Append(nil), 10)},
		{chat.Client, masked(wire.Direct{ID: "2", To: "bob", Words: wire.Words{Text: "psst"}}.Append(nil), 1000) +
			masked([]byte(`{"type":"hello","password":"secret","new":1}`), 1000) + masked([]byte("no JSON"), 100)},
		{chat.Server, server(wire.Message{Entry: wire.Entry{Room: "lobby", By: by}, Content: wire.Content{Text: "hi\nthere"}}) +
			server(wire.Ack{ID: "1"}) + string(frame.AppendClose(nil, 1000, "bye"))},
	},
		"→ request : GET /healthz HTTP/1.1", "→ request : HEAD /big HTTP/1.1", "← answer : HTTP/1.1 200 OK", "← answer : HTTP/1.1 200 OK",
		"→ request : POST /v1/x HTTP/1.1", "← answer : HTTP/1.1 100 Continue", "← answer : HTTP/1.1 204 No Content",
		"→ request : GET /v1/socket HTTP/1.1", "← answer : HTTP/1.1 101 Switching Protocols", "← frame : pong",
		"→ name : alice", "→ text : hello 出师表", "→ private : bob: psst", "→ frame : hello", "→ frame : no JSON",
		"← text bob: hi\nthere", "← answer : ack", "← notice : close bye",
		"→ frame : ping", "→ frame : ping", "→ frame : ping", "→ frame : ping", "→ frame : ping", "→ frame : ping")
}

func TestTLSIsNamedAndNotRead(t *testing.T) {
	same(t, "", "tls", []said{
		{chat.Client, "\x16\x03\x01\x00\x05hello"}, {chat.Server, "\x16\x03\x03\x00\x01x\n"}, {chat.Client, "\x17\x03\x03more\n"},
	}, "→ notice : encrypted: the bytes cannot be read")
}

func TestWhatIsTakenForAProtocolCanBeSaid(t *testing.T) {
	conversation := []said{{chat.Client, "hello\n"}, {chat.Server, "!{} \n"}}
	if p, _ := read(t, "", 100, conversation); p != "roster" {
		t.Errorf("it looks like %q", p)
	}
	if p, list := read(t, "plain", 100, conversation); p != "plain" || !slices.Equal(list, []string{"→ text : hello", "← text : !{}"}) {
		t.Errorf("read as plain it is %q: %q", p, list)
	}
}

func TestWhoSaysMuchBeforeAnybodyAnswersSpeaksPlain(t *testing.T) {
	if p, list := read(t, "", 100, []said{{chat.Client, strings.Repeat("all this is a line\n", 2000)}}); p != "plain" || len(list) != 2000 {
		t.Errorf("%q, with %d messages", p, len(list))
	}
}

func TestAMessageIsToldInPart(t *testing.T) {
	_, list := read(t, "plain", 1400, []said{{chat.Client, strings.Repeat("é", 30_000) + "\n" + strings.Repeat("\x1b", 70_000) + "\nend\n"}})
	if len(list) != 3 || len(list[0]) > chat.MaxText+20 || list[1] != "→ notice : a message of more than 66560 bytes" || list[2] != "→ text : end" {
		t.Errorf("%d: %.80q", len(list), list)
	}
	for _, l := range list {
		if parley.CleanText(l) != l {
			t.Errorf("not clean: %.80q", l)
		}
	}
}

func TestReadingGoesOnBehindWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		as     string
		before said
		after  string
		want   []string
	}{
		"plain":     {"plain", said{chat.Client, "one\ntw"}, "o\nthree\n", []string{"→ text : one", "→ text : tw", "", "→ text : o", "→ text : three"}},
		"irc":       {"irc", said{chat.Server, ":a!b PRIVMSG #x :on"}, "e\r\nPING :x\r\n", []string{"← text a: on", "", "← answer : e", "← answer : PING :x"}},
		"a file":    {"plain", said{chat.Client, "send file:a 107\nabc"}, "defgafter\n", []string{"→ file : a, 107 bytes", "→ text : after"}},
		"http":      {"http", said{chat.Server, "HTTP/1.1 200 OK\r\nContent-Le"}, "x\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", []string{"← answer : HTTP/1.1 200 OK", "", "← answer : HTTP/1.1 404 No"}},
		"a body":    {"http", said{chat.Server, "HTTP/1.1 200 OK\r\nContent-Length: 104\r\n\r\nab"}, "cdHTTP/1.1 204 No\r\n\r\n", []string{"← answer : HTTP/1.1 200 OK", "← answer : HTTP/1.1 204 No"}},
		"websocket": {"websocket", said{chat.Server, "\x81\x04o"}, "\x81\x02{}", []string{"", "← frame : {}"}},
		"roster":    {"roster", said{chat.Server, "bob: hello "}, "bob: again ", []string{"← text bob: hello", "", "← text bob: again"}},
	} {
		var list []string
		talk := chat.New(c.as, true, func(m chat.Message) {
			if line := tell(m); strings.HasSuffix(line, "bytes are missing in the capture") {
				list = append(list, "")
			} else {
				list = append(list, line)
			}
		})
		talk.Feed(c.before.from, []byte(c.before.data), 1)
		talk.Lost(c.before.from, 100)
		talk.Feed(c.before.from, []byte(c.after), 2)
		talk.End()
		if !slices.Equal(list, c.want) {
			t.Errorf("%s: %q, not %q", name, list, c.want)
		}
	}
}

func TestDatagramsAreRead(t *testing.T) {
	for data, want := range map[string]string{
		"hello\r\n":                    "→ text : hello",
		"<alice> :hello":               "→ text alice: hello",
		"<127.0.0.1 : 5> (private) :x": "→ private 127.0.0.1 : 5: x",
		"error: no":                    "→ text : error: no",
		"alice says: hi":               "→ text : alice says: hi",
		"é\xc3":                        "→ text : é\uFFFD", // cut by the capture
	} {
		if m, ok := chat.Datagram([]byte(data)); !ok || tell(m) != want {
			t.Errorf("%q is read as %q, not %q", data, tell(m), want)
		}
	}
	for _, data := range []string{"", " \n", "\x00\x01query", "\xff\xfe", "a\x1b[2J"} {
		if m, ok := chat.Datagram([]byte(data)); ok {
			t.Errorf("%q is read as %q", data, tell(m))
		}
	}
}

// FuzzConversation feeds bytes of both sides, cut and lost anywhere.
func FuzzConversation(f *testing.F) {
	for i := range chat.Protocols() {
		f.Add(byte(i), "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\x81\x82\x00\x00\x00\x00hi", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n\x81\x02hi", []byte{1, 9, 200})
		f.Add(byte(i), "alice\nsend file:a 99999999999999999999\n", "!{\"a\": \"b\"}bob: hi bob: ho ", []byte{3, 130, 255, 7})
		f.Add(byte(i), "\xff\xfa\n\xff\xf0NICK a\r\n", "file:a 5 sha256:00\n:x PRIVMSG #y :z\n", []byte{0})
	}
	f.Fuzz(func(t *testing.T, as byte, client, server string, steps []byte) {
		names := append(chat.Protocols(), "")
		var at [2]int64
		c := chat.New(names[int(as)%len(names)], as&128 != 0, func(m chat.Message) {
			if m.Start < 0 || m.End < m.Start || m.End > at[m.From] || len(m.Text) > chat.MaxText || parley.CleanText(m.Text) != m.Text || parley.CleanText(m.Speaker) != m.Speaker {
				t.Fatalf("told after %d bytes: %+v", at[m.From], m)
			}
		})
		rest := [2]string{client, server}
		now := int64(0)
		for i := 0; len(rest[0])+len(rest[1]) > 0; i++ {
			step := byte(i * 37)
			if i < len(steps) {
				step = steps[i]
			}
			from := chat.Side(step & 1)
			n := min(int(step>>1)%20+1, len(rest[from]))
			now += int64(step) * 10 * millisecond
			at[from] += int64(n)
			if step >= 250 {
				c.Lost(from, int64(n))
			} else {
				c.Feed(from, []byte(rest[from][:n]), now)
			}
			rest[from] = rest[from][n:]
			if p := c.Pending(from); p < 0 || p > at[from] {
				t.Fatalf("%d of %d bytes are told", p, at[from])
			}
			if c.Held() < 0 || c.Held() > 4*int(at[0]+at[1])+1<<20 {
				t.Fatalf("%d bytes are kept", c.Held())
			}
		}
		c.Forget()
		c.End()
	})
}
