package report_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parley/explain"
	"parley/explain/packet"
	"parley/explain/report"
)

// Whatever packets say, in whatever order, and wherever the file is damaged: all that can be told of it is told, within the columns
// and as the schema says.
func TestNothingThatPacketsSayIsTooOdd(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := newStory(t)
		s.tap = seed%10 == 9
		for port := range 3 {
			rough(r, s.between(fmt.Sprintf("10.0.0.%d:%d", 2+r.IntN(2), 40000+port), teacher))
		}
		capture := s.capture()
		if seed%3 == 0 {
			for range 5 {
				capture[200+r.IntN(len(capture)-200)] ^= byte(1 << r.IntN(8))
			}
		}
		l, err := explain.Read(explain.Options{Detail: true}, explain.Source{Name: "odd", Content: bytes.NewReader(capture)})
		if err != nil {
			continue
		}
		document(t, l)
		var page bytes.Buffer
		if err := report.WriteHTML(&page, l); err != nil || strings.Contains(page.String(), "NaN") || strings.Contains(page.String(), "Inf") {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var text bytes.Buffer
		for i := range l.Connections {
			if err := report.WriteConnection(&text, l, i+1, report.Style{}); err != nil {
				t.Fatal(err)
			}
		}
		if report.WriteText(&text, l, report.Style{}) != nil || report.WriteQuestions(&text, l, report.Style{}) != nil {
			t.Fatal("it cannot be written")
		}
		for line := range strings.Lines(text.String()) {
			if strings.Contains(line, "%!") || strings.Contains(line, "-1 ") {
				t.Errorf("seed %d: %s", seed, line)
			}
		}
	}
}

// rough adds segments with any flags and numbers.
func rough(r *rand.Rand, c *talk) {
	if r.IntN(2) == 0 {
		c.scale = int8(r.IntN(15))
		c.shake()
	}
	for range r.IntN(40) {
		from := r.IntN(2)
		text := strings.Repeat("x", r.IntN(3)*r.IntN(900))
		c.window[r.IntN(2)] = []uint16{0, 1, 100, 65535}[r.IntN(4)]
		c.later(time.Duration(r.ExpFloat64() * float64(50*time.Millisecond)))
		switch r.IntN(3) {
		case 0:
			c.segment(from, packet.Flags(r.IntN(64)), c.next[from]-uint32(r.IntN(2000)), c.next[1-from]-uint32(r.IntN(2000)), text)
		default:
			c.say(from, packet.ACK, text)
		}
	}
}
