package console

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
)

func TestASlowTerminalMissesLinesAndIsToldHowMany(t *testing.T) {
	screen, terminal := io.Pipe()
	p := newPrinter(terminal)
	p.say("", "first")
	half := strings.Repeat("x", queueLimit/2)
	p.say("", half)
	p.say("", "two\nlines\n"+half)
	p.say("", "and one that would fit again")
	p.start()
	shown := make([]byte, len("first\n")+len(half)+1)
	if _, err := io.ReadFull(screen, shown); err != nil || !bytes.HasPrefix(shown, []byte("first\nxxx")) {
		t.Fatalf("shown first: %.20q, %v", shown, err)
	}
	rest := make([]byte, 100)
	n, _ := screen.Read(rest)
	if got := string(rest[:n]); got != "* 4 lines are missing here: the terminal was too slow for them\n" {
		t.Errorf("then %q", got)
	}
	go func() { p.say("", "last"); p.close(closeTimeout); _ = terminal.Close() }()
	if got, _ := io.ReadAll(screen); string(got) != "last\n" {
		t.Errorf("at the end %q", got)
	}
}

func TestALargeBlockAloneIsShown(t *testing.T) {
	var terminal bytes.Buffer
	p := newPrinter(&terminal)
	p.say("", strings.Repeat("x", 2*queueLimit))
	p.start()
	p.close(closeTimeout)
	if terminal.Len() != 2*queueLimit+1 {
		t.Errorf("%d bytes shown", terminal.Len())
	}
}

func TestClosingDoesNotWaitForATerminalThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen, terminal := io.Pipe() // nobody reads from screen
		p := newPrinter(terminal)
		p.start()
		p.say("", "never read")
		p.close(closeTimeout)
		p.say("", "nor is this")
		_ = screen.Close()
		<-p.done
	})
}

func TestATerminalThatIsGoneIsLeftAlone(t *testing.T) {
	screen, terminal := io.Pipe()
	_ = screen.CloseWithError(errors.New("gone"))
	p := newPrinter(terminal)
	p.start()
	p.say("", "anybody?")
	<-p.done
	p.say("", "no")
	p.close(closeTimeout)
}
