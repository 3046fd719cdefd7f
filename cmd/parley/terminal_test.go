//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
)

// seat is a terminal with the program in it.
type seat struct {
	t        *testing.T
	process  *exec.Cmd
	keyboard *os.File
	screen   *screen
}

var addresses atomic.Int32

// freeAddress gives an address on loopback where nobody else listens: the scripts have theirs below.
func freeAddress() string {
	return fmt.Sprintf("127.%d.%d.1", 16+os.Getpid()%200, 200+addresses.Add(1)%50)
}

// sitDown starts the program in a terminal of its own, with nothing of the user's around it.
func sitDown(t *testing.T, env []string, args ...string) *seat {
	t.Helper()
	return sitDownTo(t, env, append([]string{binary}, args...)...)
}

// sitDownTo starts any program so.
func sitDownTo(t *testing.T, env []string, program ...string) *seat {
	t.Helper()
	s := &seat{t: t, screen: newScreen()}
	s.process = exec.Command(program[0], program[1:]...)
	s.process.Env = append([]string{"TERM=xterm-256color", "HOME=" + t.TempDir()}, env...)
	var err error
	if s.keyboard, err = pty.StartWithSize(s.process, &pty.Winsize{Rows: 30, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		_, _ = io.Copy(s.screen, s.keyboard) // fails when the last program has left the terminal
		s.screen.end()
	}()
	t.Cleanup(func() {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
		_ = s.keyboard.Close()
		<-shown
	})
	return s
}

// types presses keys.
func (s *seat) types(keys string) {
	s.t.Helper()
	if _, err := s.keyboard.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// sees waits until text stands somewhere on the screen, or did before it scrolled away.
func (s *seat) sees(text string) {
	s.t.Helper()
	if !s.screen.await(func(shown string, _ bool) bool { return strings.Contains(shown, text) }) {
		s.t.Fatalf("%q is not shown:\n%s", text, s.screen.shown())
	}
}

// leaves waits for the program to end.
func (s *seat) leaves(status int) {
	s.t.Helper()
	if !s.screen.await(func(_ string, ended bool) bool { return ended }) {
		s.t.Fatalf("the program does not end:\n%s", s.screen.shown())
	}
	_ = s.process.Wait() // the status is what counts
	if got := s.process.ProcessState.ExitCode(); got != status {
		s.t.Fatalf("exit status %d, want %d:\n%s", got, status, s.screen.shown())
	}
}

// screen is what a terminal shows: as much of a terminal as the forms need, endlessly tall, so that nothing scrolls
// away.
type screen struct {
	mu       sync.Mutex
	lines    [][]rune
	row, col int
	rest     []byte // of a character or an escape sequence that has not come whole
	ended    bool
	changed  chan struct{} // closed and made anew with every change
}

func newScreen() *screen { return &screen{changed: make(chan struct{})} }

// Write shows what a program writes.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rest = append(s.rest, p...)
	for len(s.rest) > 0 {
		n, err := s.show(s.rest)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			break
		}
		s.rest = s.rest[n:]
	}
	s.notify()
	return len(p), nil
}

// end says that nothing more will come.
func (s *screen) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.notify()
}

func (s *screen) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await waits until the screen is as wanted. It gives up when that cannot happen any more, or after a long time.
func (s *screen) await(wanted func(shown string, ended bool) bool) bool {
	timeout := time.After(time.Minute)
	for {
		s.mu.Lock()
		text, ended, changed := s.text(), s.ended, s.changed
		s.mu.Unlock()
		if wanted(text, ended) || ended {
			return wanted(text, ended)
		}
		select {
		case <-changed:
		case <-timeout:
			return false
		}
	}
}

// shown gives everything on the screen.
func (s *screen) shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text()
}

func (s *screen) text() string {
	var b strings.Builder
	for _, line := range s.lines {
		b.WriteString(strings.TrimRight(string(line), " "))
		b.WriteByte('\n')
	}
	return b.String()
}

// show shows the first character or obeys the first sequence in p, and gives its length, 0 when it has not come whole.
func (s *screen) show(p []byte) (int, error) {
	switch p[0] {
	case '\r':
		s.col = 0
	case '\n':
		s.row++
	case '\b':
		s.col = max(s.col-1, 0)
	case '\t':
		s.col = s.col/8*8 + 8
	case '\x1b':
		return s.obey(p)
	default:
		if !utf8.FullRune(p) {
			return 0, nil
		}
		r, n := utf8.DecodeRune(p)
		s.put(r)
		return n, nil
	}
	return 1, nil
}

// put writes one character where the cursor is.
func (s *screen) put(r rune) {
	line := s.line()
	for len(*line) <= s.col {
		*line = append(*line, ' ')
	}
	(*line)[s.col] = r
	s.col++
}

// line gives the line that the cursor is in.
func (s *screen) line() *[]rune {
	for len(s.lines) <= s.row {
		s.lines = append(s.lines, nil)
	}
	return &s.lines[s.row]
}

// obey obeys a control sequence (ECMA-48, section 5.4). One that moves something and is not known here is an error, so
// that the screen never shows what no terminal would.
func (s *screen) obey(p []byte) (int, error) {
	end := strings.IndexFunc(string(p[min(2, len(p)):]), func(r rune) bool { return r >= '@' && r <= '~' })
	if end < 0 {
		return 0, nil
	}
	end += 2
	parameters, n := string(p[2:end]), 1
	_, _ = fmt.Sscanf(parameters, "%d", &n)
	switch final := p[end]; {
	case p[1] != '[':
		return 0, fmt.Errorf("unknown sequence %q", p[:end+1])
	case strings.ContainsAny(parameters, "?>=$"), final == 'm': // modes, questions and colours
	case final == 'A':
		s.row = max(s.row-n, 0)
	case final == 'B':
		s.row += n
	case final == 'C':
		s.col += n
	case final == 'D':
		s.col = max(s.col-n, 0)
	case final == 'G':
		s.col = n - 1
	case final == 'J' && parameters == "":
		*s.line() = (*s.line())[:min(s.col, len(*s.line()))]
		s.lines = s.lines[:s.row+1]
	case final == 'K' && parameters == "":
		*s.line() = (*s.line())[:min(s.col, len(*s.line()))]
	case final == 'X':
		for i := s.col; i < min(s.col+n, len(*s.line())); i++ {
			(*s.line())[i] = ' '
		}
	default:
		return 0, fmt.Errorf("unknown sequence %q", p[:end+1])
	}
	return end + 1, nil
}
