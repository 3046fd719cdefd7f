package transfer

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"parley"
)

// drawEvery is how often a Board is drawn anew.
const drawEvery = 200 * time.Millisecond

// Board shows on a terminal how transfers come on: a line for each that is under way, below whatever is printed meanwhile. Make
// one, Start it, and Close it when there are no more. Its methods may be called from any goroutine. With Out nil it shows nothing.
type Board struct {
	Out   io.Writer        // a terminal
	Width func() int       // of it, in columns, now
	Now   func() time.Time // nil for time.Now

	mu    sync.Mutex
	bars  []*Bar
	drawn int // lines that are on the terminal
	stop  chan struct{}
	done  sync.WaitGroup
}

// Bar is one transfer on a Board.
type Bar struct {
	board        *Board
	title        string
	size, offset int64
	pace         pace
}

// Start draws from now on.
func (b *Board) Start() {
	b.stop = make(chan struct{})
	if b.Now == nil {
		b.Now = time.Now
	}
	if b.Out == nil {
		return
	}
	b.done.Go(func() {
		ticks := time.NewTicker(drawEvery)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				b.draw()
			case <-b.stop:
				return
			}
		}
	})
}

// Close takes what is drawn away, for good.
func (b *Board) Close() {
	close(b.stop)
	b.done.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bars = nil
	b.print("", nil)
}

// Add adds a transfer.
func (b *Board) Add(title string) *Bar {
	b.mu.Lock()
	defer b.mu.Unlock()
	bar := &Bar{board: b, title: parley.CleanLine(title)}
	b.bars = append(b.bars, bar)
	return bar
}

// Move says how far it has come, of how many bytes.
func (bar *Bar) Move(size, offset int64) {
	bar.board.mu.Lock()
	defer bar.board.mu.Unlock()
	bar.size, bar.offset = size, offset
}

// End takes it away.
func (bar *Bar) End() {
	bar.board.mu.Lock()
	defer bar.board.mu.Unlock()
	bar.board.bars = slices.DeleteFunc(bar.board.bars, func(other *Bar) bool { return other == bar })
}

// Print has print write whole lines, to the terminal or elsewhere, and puts the bars below them.
func (b *Board) Print(print func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.print("", print)
}

// draw shows how it stands now.
func (b *Board) draw() {
	b.mu.Lock()
	defer b.mu.Unlock()
	var lines strings.Builder
	width := b.Width()
	for _, bar := range b.bars {
		bar.pace.see(b.Now(), bar.offset)
		lines.WriteString(bar.line(width) + "\n")
	}
	b.print(lines.String(), nil)
}

// print takes away what is drawn, has what writes beside it write, and draws lines. All but lines goes where the bars were.
func (b *Board) print(lines string, beside func()) {
	if b.Out != nil && b.drawn > 0 {
		fmt.Fprintf(b.Out, "\x1b[%dA\r\x1b[J", b.drawn) // ECMA-48: up, and erase to the end of the page
	}
	b.drawn = 0
	if beside != nil {
		beside()
	}
	if b.Out != nil && lines != "" {
		_, _ = io.WriteString(b.Out, lines) // there is nowhere to say that it cannot be written
		b.drawn = strings.Count(lines, "\n")
	}
}

// line shows the transfer in so many columns: its name, as much of it as there is room for, how much is there, how fast it goes
// and how long it will take, and where there is room a bar.
func (bar *Bar) line(width int) string {
	percent := 100
	if bar.size > 0 {
		percent = int(bar.offset * 100 / bar.size)
	}
	figures := fmt.Sprintf(" %3d%% %9s/s", percent, inUnits(int64(bar.pace.rate())))
	if left, ok := bar.pace.left(bar.size); ok {
		figures += fmt.Sprintf(" %7s", clock(left))
	} else {
		figures += "   --:--"
	}
	room := max(width-1-len(figures), 0) // the last column stays empty: terminals go to the next line there
	const barWidth = 22
	if room >= 20+barWidth {
		full := percent * (barWidth - 3) / 100
		figures = " [" + strings.Repeat("=", full) + strings.Repeat(" ", barWidth-3-full) + "]" + figures
		room -= barWidth
	}
	return fit(bar.title, room) + figures
}

// inUnits writes a number of bytes in few characters.
func inUnits(n int64) string {
	value, unit := float64(n), 0
	units := []string{"B", "kB", "MB", "GB", "TB"}
	for value >= 999.5 && unit < len(units)-1 {
		value, unit = value/1000, unit+1
	}
	if unit == 0 || value >= 100 {
		return fmt.Sprintf("%.0f %s", value, units[unit])
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}

// clock writes a time as minutes and seconds, with hours where there are some.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// fit makes a text as wide as room, in columns; one that is cut off ends with a tilde.
func fit(text string, room int) string {
	var b strings.Builder
	wide := 0
	for _, r := range text {
		w := columns(r)
		if wide+w > room {
			cut := []rune(b.String())
			for len(cut) > 0 && wide+1 > room {
				wide -= columns(cut[len(cut)-1])
				cut = cut[:len(cut)-1]
			}
			if room > 0 {
				return string(cut) + "~" + strings.Repeat(" ", room-wide-1)
			}
			return ""
		}
		b.WriteRune(r)
		wide += w
	}
	return b.String() + strings.Repeat(" ", room-wide)
}

// columns gives about how many columns a character takes: two in the scripts of East Asia and for pictures, where most
// terminals agree.
func columns(r rune) int {
	if r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000) {
		return 2
	}
	return 1
}
