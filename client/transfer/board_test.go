package transfer

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

func TestALineOfABoard(t *testing.T) {
	start := time.Unix(100, 0)
	b := &Board{Width: func() int { return 40 }}
	for width, want := range map[int]string{
		80: "shore.jpg                           [=========          ]  50%  500 kB/s    0:01",
		40: "shore.jpg        50%  500 kB/s    0:01",
		30: "sho~  50%  500 kB/s    0:01",
		5:  "  50%  500 kB/s    0:01",
	} {
		bar := b.Add("shore.jpg")
		bar.Move(1_000_000, 0)
		bar.pace.see(start, 0)
		bar.Move(1_000_000, 500_000)
		bar.pace.see(start.Add(time.Second), 500_000)
		if got := bar.line(width); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") || width > 30 && len(got) != width-1 {
			t.Errorf("in %d columns: %q", width, got)
		}
	}
	for text, want := range map[string]string{"": "      ", "abc": "abc   ", "abcdefg": "abcde~", "出师表": "出师表", "出师表x": "出师~ ", "a出师表": "a出师~"} {
		if got := fit(text, 6); got != want {
			t.Errorf("%q fits as %q", text, got)
		}
	}
}

func TestThePaceOfATransfer(t *testing.T) {
	at := func(seconds int) time.Time { return time.Unix(int64(seconds), 0) }
	var p pace
	if _, ok := p.left(10); ok || p.rate() != 0 {
		t.Error("it knows already")
	}
	for s := range 100 {
		p.see(at(s), int64(s)*100)
	}
	if left, ok := p.left(10_000); p.rate() != 100 || !ok || left != time.Second || len(p.seen) > 7 {
		t.Errorf("%v a second, %v left, of %d samples", p.rate(), left, len(p.seen))
	}
	p.see(at(101), 9_000) // some of it is sent again
	if _, ok := p.left(10_000); ok {
		t.Error("it is sent backwards")
	}
	for s := range 20 {
		p.see(at(102+s), 9_000)
	}
	if _, ok := p.left(10_000); ok || p.rate() != 0 {
		t.Errorf("it stands still at %v a second", p.rate())
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 1_500_000: "1.5 MB", 999_600: "1.0 MB", 3e15: "3000 TB"} {
		if got := inUnits(n); got != want {
			t.Errorf("%d bytes are %s", n, got)
		}
	}
	if got := clock(3723 * time.Second); got != "1:02:03" {
		t.Error(got)
	}
}

// What is printed while bars are there comes above them, whole, and nothing of the bars stays.
func TestABoardKeepsOutOfTheWay(t *testing.T) {
	var screen bytes.Buffer
	b := &Board{Out: &screen, Width: func() int { return 40 }, Now: time.Now} // drawn by hand, not by a clock
	one, two := b.Add("one\x1b[2J"), b.Add("two")
	one.Move(10, 5)
	b.draw()
	before := screen.Len()
	b.Print(func() { fmt.Fprintln(&screen, "1\tone") })
	if got := screen.String()[before:]; got != "\x1b[2A\r\x1b[J1\tone\n" {
		t.Errorf("%q", got)
	}
	if strings.Contains(screen.String(), "\x1b[2J") {
		t.Errorf("%q", screen.String())
	}
	one.End()
	two.End()
	running := &Board{Out: io.Discard, Width: b.Width}
	running.Start()
	running.Add("x").Move(1, 1)
	running.Close()
	silent := &Board{}
	silent.Start()
	silent.Add("x").Move(1, 1)
	silent.Print(func() { _, _ = io.WriteString(&screen, "done") })
	silent.Close()
	if !strings.HasSuffix(screen.String(), "done") {
		t.Errorf("%q", screen.String())
	}
}
