package explain_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"parley/explain"
	"parley/explain/packet"
)

// heard gives what was said on the only connection of a lab, a line each: the text, the frames that carried it, and
// whether its last one carried another message too.
func heard(t *testing.T, lab *explain.Lab) []string {
	t.Helper()
	if len(lab.Connections) != 1 {
		t.Fatalf("%d connections", len(lab.Connections))
	}
	return lines(lab.Connections[0].Messages)
}

func lines(messages []explain.Message) (list []string) {
	for _, m := range messages {
		line := m.Text + " in"
		if m.Speaker != "" {
			line = m.Speaker + ": " + line
		}
		for _, r := range m.Frames {
			line += fmt.Sprint(" ", r.Frame)
		}
		if m.Glued {
			line += " glued"
		}
		list = append(list, line)
	}
	return list
}

// expect tells whether a lab has these lines.
func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestEachMessageNamesTheSegmentsThatCarriedIt(t *testing.T) {
	m := newMaker(1000)
	m.server("welcome\n")
	m.client("one\n", "two\nthree\nfo", "u", "r\n", "five\nsix", "\nseven\n")
	m.server("<bob> :hi\n")
	lab := explained(t, explain.Options{}, m.list)
	expect(t, heard(t, lab), "welcome in 4", "one in 5", "two in 6 glued", "three in 6 glued", "four in 6 7 8",
		"five in 9 glued", "six in 9 10 glued", "seven in 10 glued", "bob: hi in 11")
	c := lab.Connections[0]
	if c.Protocol != "plain" || c.Said != 9 || c.Messages[0].From != explain.FromServer || c.Messages[1].From != explain.FromClient {
		t.Errorf("%q, %d said, %+v", c.Protocol, c.Said, c.Messages[:2])
	}
}

func TestWhatIsSaidDoesNotDependOnTheOrderOfSegments(t *testing.T) {
	want := []string{"welcome in 4", "one in 5", "two in 6", "three in 7", "four in 8 9"}
	for name, disturb := range map[string]func([]made) []made{
		"sent again":       func(l []made) []made { return append(append(l, l[4]), l[7], l[4]) },
		"sent twice":       func(l []made) []made { return append(l, l[3:]...) },
		"a keep-alive":     func(l []made) []made { k := l[8]; k.seq, k.data = k.seq+2, "\x00"; return append(l, k) },
		"a larger segment": func(l []made) []made { k := l[4]; k.data = "one\ntwo\nthree\n"; return append(l, k) },
		"a reset":          func(l []made) []made { k := l[8]; k.seq, k.flags, k.data = 99, packet.RST, "x"; return append(l, k) },
	} {
		for _, seq := range []uint32{1000, 0, 1<<32 - 8, 1<<32 - 4} {
			m := newMaker(seq)
			m.server("welcome\n")
			m.client("one\n", "two\n", "three\n", "fo", "ur\n")
			if got := heard(t, explained(t, explain.Options{}, disturb(m.list))); !slices.Equal(got, want) {
				t.Errorf("%s, from %d: %q", name, seq, got)
			}
		}
	}
}

func TestSegmentsThatOvertookEachOtherArePutInOrder(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := newMaker(r.Uint32())
		m.server("welcome\n")
		var want []string
		text := ""
		for i := range 20 {
			want = append(want, fmt.Sprint("message ", i))
			text += want[i] + "\n"
		}
		for data := range slices.Chunk([]byte(text), 1+r.IntN(20)) {
			m.client(string(data))
		}
		rest := m.list[4:]
		r.Shuffle(len(rest), func(i, j int) {
			rest[i].data, rest[j].data, rest[i].seq, rest[j].seq = rest[j].data, rest[i].data, rest[j].seq, rest[i].seq
		})
		for range r.IntN(5) { // and some bytes come a second time, in other segments
			from := r.IntN(len(text) - 10)
			k := rest[0]
			k.seq, k.data = m.at[0]-uint32(len(text)-from), text[from:from+1+r.IntN(10)]
			m.list = slices.Insert(m.list, 4+r.IntN(len(rest)), k)
		}
		for i := range m.list {
			m.list[i].time = 1e18 + int64(i)*1e4
		}
		var got []string
		for _, said := range explained(t, explain.Options{}, m.list).Connections[0].Messages[1:] {
			if said.Text = strings.TrimSpace(said.Text); len(said.Frames) == 0 {
				t.Errorf("%q was carried by nothing", said.Text)
			}
			got = append(got, said.Text)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %q", seed, got)
		}
	}
}

func TestDataOnASYNIsRead(t *testing.T) {
	m := &maker{at: [2]uint32{5, 5}, now: 1e18}
	m.say(0, packet.SYN, "hello\n")
	m.say(1, packet.SYN|packet.ACK, "")
	m.client("again\n")
	expect(t, heard(t, explained(t, explain.Options{}, m.list)), "hello in 1", "again in 3")
}

func TestASegmentThatWasNotCapturedIsToldAndPassed(t *testing.T) {
	m := newMaker(1000)
	m.client("one\n", "two, which is lost\n", "three\n")
	m.server("welcome\n")
	lost := append(slices.Clone(m.list[:4]), m.list[5:]...)
	want := []string{"one in 4", "three in 5", "19 bytes are missing in the capture in 4", "welcome in 6"}
	got := heard(t, explained(t, explain.Options{}, lost))
	slices.Sort(got)
	slices.Sort(want)
	expect(t, got, want...)
}

func TestAConnectionThatHadBegunIsRead(t *testing.T) {
	m := newMaker(1000)
	m.client("one\n", "two\n")
	m.server("<bob> :hi\n")
	expect(t, heard(t, explained(t, explain.Options{}, m.list[4:])), "two in 1", "bob: hi in 2")
}

func TestWhatASnapLengthCutIsMissing(t *testing.T) {
	m := newMaker(1000)
	m.server("welcome\n")
	m.client("a long line that is cut\n", "the next\n")
	m.list[4].missing = 14
	expect(t, heard(t, explained(t, explain.Options{}, m.list)), "welcome in 4", "a long lin in 5",
		"14 bytes are missing in the capture in 5", "the next in 6")
}

func TestMessagesAreKeptUpToABoundAndCountedBeyond(t *testing.T) {
	m := newMaker(1000)
	m.server("welcome\n")
	for i := range 1500 {
		m.client(fmt.Sprint("message ", i, "\n"))
	}
	m.client("send file:x 8\n", "a\nb\nc\nd\n", strings.Repeat("x", 3000), "y\n", "\n", "end\n")
	c := explained(t, explain.Options{}, m.list).Connections[0]
	if len(c.Messages) != 1000 || c.Said != 1504 || c.Messages[999].Text != "message 998" {
		t.Errorf("%d messages, %d said, the last %+v", len(c.Messages), c.Said, c.Messages[len(c.Messages)-1])
	}
}

func TestAMessageInVeryManySegmentsNamesTheFirstAndTheLast(t *testing.T) {
	m := newMaker(1000)
	m.server("welcome\n")
	for range 3000 {
		m.client("x")
	}
	m.client("\n")
	got := explained(t, explain.Options{}, m.list).Connections[0].Messages[1]
	if len(got.Frames) != 64 || got.Frames[0].Frame != 5 || got.Frames[62].Frame != 67 || got.Frames[63].Frame != 3005 || len(got.Text) != 2000 {
		t.Errorf("%d frames %v, %d bytes", len(got.Frames), got.Frames, len(got.Text))
	}
}

func TestWhatIsNotWholeIsBoundedInALab(t *testing.T) {
	const half, connections = 60_000, 400
	var list []made
	for round := range 2 {
		for i := range connections {
			m := &maker{at: [2]uint32{1 + uint32(round)*half, 1}, now: 1e18 + int64(round)}
			m.client(strings.Repeat("x", half))
			if round == 1 {
				m.list[0].data = "end\n"
			}
			m.list[0].src = netip.AddrPortFrom(client.Addr(), uint16(20_000+i))
			list = append(list, m.list...)
		}
	}
	whole, cut := 0, 0
	for _, c := range explained(t, explain.Options{As: "plain"}, list).Connections {
		switch {
		case len(c.Messages) == 1 && len(c.Messages[0].Frames) == 2:
			whole++
		case len(c.Messages) == 2 && c.Messages[1].Text == "end":
			cut++
		default:
			t.Fatalf("%.200v", c.Messages)
		}
	}
	if whole != 139 || cut != connections-whole {
		t.Errorf("%d are whole, %d cut", whole, cut)
	}
}

func TestTheProtocolCanBeForced(t *testing.T) {
	m := newMaker(1000)
	m.client("hello\n")
	m.server("!{}")
	if c := explained(t, explain.Options{}, m.list).Connections[0]; c.Protocol != "roster" {
		t.Errorf("found out: %q", c.Protocol)
	}
	c := explained(t, explain.Options{As: "plain"}, m.list).Connections[0]
	expect(t, lines(c.Messages), "hello in 4", "!{} in 5")
	if c.Protocol != "plain" {
		t.Errorf("forced: %q", c.Protocol)
	}
	_, err := explain.Read(explain.Options{As: "gopher"}, explain.Source{Content: bytes.NewReader(capture(t, m.list))})
	if err == nil || !strings.Contains(err.Error(), `no protocol "gopher"`) {
		t.Errorf("a protocol that nobody knows: %v", err)
	}
}

func TestDatagramsAreReadOneByOne(t *testing.T) {
	list := []made{
		{src: client, dst: server, data: "hello\n", time: 1},
		{src: server, dst: client, data: "<alice> :hi", time: 2},
		{src: client, dst: server, data: "", time: 3},
		{src: client, dst: server, data: "\x00\x01binary", time: 4},
		{src: client, dst: server, data: "again", time: 5},
	}
	lab := explained(t, explain.Options{}, list)
	expect(t, lines(lab.Datagrams[0].Messages), "hello in 1", "again in 5")
	expect(t, lines(lab.Datagrams[1].Messages), "alice: hi in 2")
	if lab.Datagrams[0].Count != 4 || lab.Datagrams[0].Said != 2 {
		t.Errorf("%+v", lab.Datagrams[0])
	}
}

// FuzzSegments reads a connection of segments with anything in them, anywhere.
func FuzzSegments(f *testing.F) {
	f.Add("hello\nyou\n", []byte{0, 0, 3, 1, 2, 200, 2, 0, 5})
	f.Add("!{\"a\": \"10.0.0.1\"}bob: hi ", []byte{9, 250, 9, 0, 1, 9})
	f.Fuzz(func(t *testing.T, text string, steps []byte) {
		m := newMaker(1<<32 - 10)
		for i := 0; i+2 < len(steps); i += 3 {
			from := int(steps[i] & 1)
			k := made{src: client, dst: server, flags: packet.ACK, time: m.now}
			if from == 1 {
				k.src, k.dst = server, client
			}
			start := min(int(steps[i+1]), len(text))
			k.data = text[start:min(start+int(steps[i+2]), len(text))]
			k.seq = m.at[from] + uint32(start)
			k.ack = m.at[1-from] + uint32(steps[i])
			k.missing = min(int(steps[i]>>5), len(k.data))
			m.now += int64(steps[i]) * 1e7
			m.list = append(m.list, k)
		}
		for _, c := range explained(t, explain.Options{}, m.list).Connections {
			for _, said := range c.Messages {
				if len(said.Frames) == 0 || said.Time == 0 {
					t.Fatalf("carried by nothing: %+v", said)
				}
			}
		}
	})
}
