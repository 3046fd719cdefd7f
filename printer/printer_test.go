package printer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// missing is what stands in the place of lines.
func missing(lines int) []byte { return fmt.Appendf(nil, "(%d lines)\n", lines) }

// say prints a line, or several.
func say(p *Printer, text string) { p.Send([][]byte{[]byte(text), []byte("\n")}) }

func TestASlowReaderMissesLinesAndIsToldHowMany(t *testing.T) {
	screen, terminal := io.Pipe()
	p := New(terminal, missing)
	say(p, "first")
	half := strings.Repeat("x", Limit/2)
	say(p, half)
	say(p, "two\nlines\n"+half)
	say(p, "and one that would fit again")
	p.Start()
	shown := make([]byte, len("first\n")+len(half)+1)
	if _, err := io.ReadFull(screen, shown); err != nil || !bytes.HasPrefix(shown, []byte("first\nxxx")) {
		t.Fatalf("shown first: %.20q, %v", shown, err)
	}
	rest := make([]byte, 100)
	n, _ := screen.Read(rest)
	if got := string(rest[:n]); got != "(4 lines)\n" {
		t.Errorf("then %q", got)
	}
	go func() { say(p, "last"); p.Close(time.Minute); _ = terminal.Close() }()
	if got, _ := io.ReadAll(screen); string(got) != "last\n" {
		t.Errorf("at the end %q", got)
	}
}

func TestALargeBlockAloneIsShown(t *testing.T) {
	var terminal bytes.Buffer
	p := New(&terminal, missing)
	say(p, strings.Repeat("x", 2*Limit))
	p.Start()
	p.Close(time.Minute)
	if terminal.Len() != 2*Limit+1 {
		t.Errorf("%d bytes shown", terminal.Len())
	}
}

func TestClosingDoesNotWaitForATerminalThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen, terminal := io.Pipe() // nobody reads from screen
		p := New(terminal, missing)
		p.Start()
		say(p, "never read")
		p.Close(time.Minute)
		say(p, "nor is this")
		_ = screen.Close()
		<-p.done
	})
}

func TestATerminalThatIsGoneIsLeftAlone(t *testing.T) {
	screen, terminal := io.Pipe()
	_ = screen.CloseWithError(errors.New("gone"))
	p := New(terminal, missing)
	p.Start()
	for range 3 {
		say(p, "anybody?")
	}
	p.Close(time.Minute)
}

// fickle is a log on a disk that is full for a while: each write takes at most so many bytes, and fails beyond.
type fickle struct {
	room    []int // of the next writes; then there is room for everything
	written bytes.Buffer
}

func (f *fickle) Write(b []byte) (int, error) {
	if len(f.room) == 0 {
		return f.written.Write(b)
	}
	n := min(len(b), f.room[0])
	f.room = f.room[1:]
	f.written.Write(b[:n])
	if n < len(b) {
		return n, errors.New("no space left")
	}
	return n, nil
}

// TestADiskThatWasFullIsWrittenToAgain: the first error ended the printing for good.
func TestADiskThatWasFullIsWrittenToAgain(t *testing.T) {
	disk := &fickle{room: []int{len("1\n2"), 0, 0}} // the second line is cut; word of it is lost, and so is the third
	p := New(disk, missing)
	for _, text := range []string{"1\n2", "3"} {
		say(p, text)
		b, _ := p.take()
		p.print(b)
	}
	say(p, "4")
	p.Start()
	p.Close(time.Minute)
	if got := disk.written.String(); got != "1\n2(2 lines)\n4\n" {
		t.Errorf("written %q", got)
	}
}
