//go:build linux

package main

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestWindowOfOne: the next message may go when the last of the others has the one before.
func TestWindowOfOne(t *testing.T) {
	w := newWindow(3, 1, false)
	if !w.open() || !w.empty() {
		t.Fatal("a new window is not open and empty")
	}
	w.posted(0)
	if w.open() {
		t.Error("open with one in flight")
	}
	for _, conn := range []int{1, 2} {
		if w.open() {
			t.Error("open before everybody has it")
		}
		if err := w.received(conn, 1); err != nil {
			t.Fatal(err)
		}
	}
	if !w.open() || !w.empty() {
		t.Error("not open when everybody has it")
	}
	if err := w.received(2, 1); err == nil {
		t.Error("a line more than was sent is no error")
	}
}

// TestWindowIsHowFarTheLastOneIsBehind, whatever happens in whichever order: it is compared with the plain way to
// count.
func TestWindowIsHowFarTheLastOneIsBehind(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const conns, size = 7, 5
	w := newWindow(conns, size, false)
	var sentBy, got [conns]int
	sent := 0
	for range 20_000 {
		if conn := random.IntN(conns); w.open() && random.IntN(4) == 0 {
			w.posted(conn)
			sentBy[conn]++
			sent++
		} else if missing := sent - sentBy[conn] - got[conn]; missing > 0 {
			n := 1 + random.IntN(missing)
			if err := w.received(conn, n); err != nil {
				t.Fatal(err)
			}
			got[conn] += n
		}
		most := 0
		for i := range conns {
			most = max(most, sent-sentBy[i]-got[i])
		}
		if w.sent-w.low != most || w.open() != (most < size) {
			t.Fatalf("%d in flight, want %d", w.sent-w.low, most)
		}
	}
}

func TestMessage(t *testing.T) {
	m := message{sender: 65535, number: 1 << 31, due: 3 * time.Hour}
	line := m.appendText([]byte("<127.0.0.1 : 49525> :"), 200)
	if len(line) != len("<127.0.0.1 : 49525> :")+200 {
		t.Errorf("%d bytes", len(line))
	}
	if back, err := parseLine(line, 200); err != nil || back != m {
		t.Errorf("%+v, %v", back, err)
	}
}

// FuzzParseLine: what is read from any line says the same when it is written again.
func FuzzParseLine(f *testing.F) {
	f.Add(message{sender: 1, number: 2, due: 3}.appendText([]byte("<a> :"), minSize)[:5+minSize], minSize)
	f.Add([]byte("* alice joined"), 200)
	f.Add([]byte("<> :bench:zz"), 8)
	f.Fuzz(func(t *testing.T, line []byte, size int) {
		if size < minSize || size > 1000 {
			return
		}
		m, err := parseLine(line, size)
		if err != nil {
			return
		}
		back, err := parseLine(append([]byte("<a> :"), m.appendText(nil, size)...), size)
		if err != nil || back != m {
			t.Errorf("%+v became %+v, %v", m, back, err)
		}
	})
}

// TestLines: lines are put together wherever reads cut them.
func TestLines(t *testing.T) {
	const text = "one\n\ntwo three\nfour\n"
	for first := range len(text) {
		for second := first; second < len(text); second++ {
			one := &conn{}
			var got []string
			for _, part := range []string{text[:first], text[first:second], text[second:]} {
				if err := one.lines([]byte(part), func(line []byte) error {
					got = append(got, string(line))
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
			if len(got) != 4 || got[0] != "one" || got[1] != "" || got[2] != "two three" || got[3] != "four" {
				t.Fatalf("cut at %d and %d: %q", first, second, got)
			}
		}
	}
}

// TestWitness: each way to be wrong has its sentence.
func TestWitness(t *testing.T) {
	conns := []*conn{{index: 0, sent: 2}, {index: 1, sent: 1}, {index: 2}}
	a0, a1, b0 := origin{0, 0}, origin{0, 1}, origin{1, 0}
	tests := map[string]struct {
		received [][]origin
		good     bool
	}{
		"all right":   {[][]origin{{b0}, {a0, a1}, {a0, b0, a1}}, true},
		"lost":        {[][]origin{{b0}, {a0, a1}, {a0, b0}}, false},
		"doubled":     {[][]origin{{b0}, {a0, a1}, {a0, a0, b0, a1}}, false},
		"reordered":   {[][]origin{{b0}, {a1, a0}, {a0, b0, a1}}, false},
		"sent back":   {[][]origin{{b0}, {a0, b0, a1}, {a0, b0, a1}}, false},
		"of a ghost":  {[][]origin{{b0}, {a0, a1}, {a0, b0, a1, {9, 0}}}, false},
		"nothing yet": {[][]origin{{}, {}, {}}, false},
	}
	for name, test := range tests {
		if err := (&witness{door: doors()[0], received: test.received}).verdict(conns); (err == nil) != test.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWitnessOfAnEcho: where everybody gets their own messages too, one that did not is found out.
func TestWitnessOfAnEcho(t *testing.T) {
	conns := []*conn{{index: 0, sent: 1}, {index: 1, sent: 1}}
	a0, b0 := origin{0, 0}, origin{1, 0}
	for want, received := range map[bool][][]origin{true: {{a0, b0}, {a0, b0}}, false: {{b0}, {a0, b0}}} {
		if err := (&witness{door: doors()[1], received: received}).verdict(conns); (err == nil) != want {
			t.Errorf("%v: %v", received, err)
		}
	}
}

// TestFramesAreCountedWhereverReadsCutThem: a message counts when all of it has come, and nothing else counts.
func TestFramesAreCountedWhereverReadsCutThem(t *testing.T) {
	var stream []byte
	for _, text := range []string{`{"type":"message","text":"a"}`, `{"type":"ack","id":"x"}`, `{"type":"message",` + strings.Repeat(" ", 300) + `}`, ``} {
		frame := appendFrame(nil, textFrame, []byte(text)) // and without the mask, as a server sends it
		head := 2
		if len(text) > 125 {
			head = 4
		}
		frame[1] &= 0x7f
		stream = append(append(stream, frame[:head]...), text...)
	}
	for first := range len(stream) {
		for second := first; second < len(stream); second += 7 {
			one, n := &conn{}, 0
			for _, part := range [][]byte{stream[:first], stream[first:second], stream[second:]} {
				got, err := frameSpeech{}.count(one, part)
				if err != nil {
					t.Fatal(err)
				}
				n += got
			}
			if n != 2 || len(one.rest) != 0 {
				t.Fatalf("cut at %d and %d: %d messages, %d bytes left", first, second, n, len(one.rest))
			}
		}
	}
}

// TestWitnessWantsOneOrder: two that have all, each sender's in order, and yet not in the same order.
func TestWitnessWantsOneOrder(t *testing.T) {
	conns := []*conn{{index: 0}, {index: 1}, {index: 2, sent: 1}, {index: 3, sent: 1}}
	c0, d0 := origin{2, 0}, origin{3, 0}
	w := &witness{door: doors()[0], received: [][]origin{{c0, d0}, {d0, c0}, {d0}, {c0}}}
	if err := w.verdict(conns); err == nil {
		t.Error("two orders are taken for one")
	}
}

func TestProcFiles(t *testing.T) {
	stat := "7 (a) (b 1) S 1 7 7 0 -1 4194560 2 0 0 0 150 25 0 0 20 0 9 0 4 5"
	if cpu, err := parseStat([]byte(stat)); err != nil || cpu != 1750*time.Millisecond {
		t.Errorf("CPU %s, %v", cpu, err)
	}
	if rss, err := parseStatus("Name:\tx\nVmRSS:\t    2048 kB\nVmSwap:\t0 kB\n", "VmRSS"); err != nil || rss != 2<<20 {
		t.Errorf("resident %d, %v", rss, err)
	}
	for _, bad := range []string{"", "7 (a) S 1", "7 (a) S 1 7 7 0 -1 4194560 2 0 0 0 x 25"} {
		if _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q is a stat file", bad)
		}
	}
	if _, err := parseStatus("Name:\tx\n", "VmRSS"); err == nil {
		t.Error("a status without VmRSS is taken")
	}
}
