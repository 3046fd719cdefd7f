package client

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"parley"
)

// Screen prints what a Client tells, one line each, and nothing that could move a cursor or change a color: whatever
// comes from others is cleaned here. Conversation goes to Out and problems to Err. It is a Meter; transfers are shown
// as a bar on Err. Its methods may be called from any goroutine.
//
// The lines are: NAME: TEXT for the room, NAME (direct): TEXT for a direct message, what came in no known format as it
// came, and * … for everything else. A text of several lines has the name before each.
type Screen struct {
	Out  io.Writer
	Err  io.Writer
	Bars bool // Err is a terminal: draw bars

	mu  sync.Mutex
	bar *progressbar.ProgressBar // nil while nothing is transferred
}

// Show prints an event.
func (s *Screen) Show(e Event) {
	if problem, ok := e.(Problem); ok {
		s.Problem(problem.Err)
		return
	}
	s.print(s.Out, linesOf(e))
}

// Problem prints what went wrong on this side.
func (s *Screen) Problem(err error) {
	s.print(s.Err, "parley: "+parley.CleanLine(parley.Sentence(err))+"\n")
}

// print prints whole lines, and takes the bar out of their way.
func (s *Screen) print(to io.Writer, lines string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bar != nil {
		_ = s.bar.Clear()
	}
	_, _ = io.WriteString(to, lines) // there is nowhere to say that it cannot be written
}

// Begin shows how a transfer comes on.
func (s *Screen) Begin(title string, size int64) io.WriteCloser {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.Bars || size == 0 || s.bar != nil { // one bar at a time: there is one line for it
		return nobody{io.Discard}
	}
	s.bar = progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(s.Err),
		progressbar.OptionSetDescription(parley.CleanLine(title)),
		progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionClearOnFinish(),
	)
	return barMeter{s}
}

// barMeter moves the bar of a Screen.
type barMeter struct{ screen *Screen }

// Write moves the bar by as many bytes as p has.
func (m barMeter) Write(p []byte) (int, error) {
	m.screen.mu.Lock()
	defer m.screen.mu.Unlock()
	_ = m.screen.bar.Add64(int64(len(p)))
	return len(p), nil
}

// Close takes the bar away.
func (m barMeter) Close() error {
	m.screen.mu.Lock()
	defer m.screen.mu.Unlock()
	err := m.screen.bar.Clear()
	m.screen.bar = nil
	return err
}

// linesOf gives the lines of an event.
func linesOf(e Event) string {
	switch e := e.(type) {
	case Connected:
		return notice("connected to " + e.Address)
	case Lost:
		return notice(fmt.Sprintf("%s; trying again in %v", e.Reason, e.Wait.Round(100*time.Millisecond)))
	case Message:
		return message(e)
	case Presence:
		if e.Here {
			return notice(e.Name + " joined")
		}
		return notice(e.Name + " left")
	case Online:
		return notice("online: " + listOf(e.People))
	case Notice:
		return notice(e.Sentence)
	case Line:
		return parley.CleanLine(e.Text) + "\n"
	case Doubt:
		return notice("not known whether this arrived: " + e.Text)
	case Sent:
		return notice("sent " + fileOf(e.File) + checked(e.Unverified))
	case Received:
		return notice("received " + fileOf(e.File) + savedAs(e) + checked(e.Unverified))
	}
	return ""
}

// notice gives a line about something.
func notice(sentence string) string { return "* " + parley.CleanLine(sentence) + "\n" }

// message gives the lines of a message, each with the name of who said it.
func message(m Message) string {
	prefix := parley.CleanLine(m.From) + ": "
	if m.Direct {
		prefix = parley.CleanLine(m.From) + " (direct): "
	}
	var b strings.Builder
	for line := range parley.Lines(parley.CleanText(m.Text)) {
		b.WriteString(prefix + line + "\n")
	}
	return b.String()
}

// listOf gives people and, where known, their addresses.
func listOf(people []Person) string {
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = p.Name
		if p.Address.IsValid() {
			list[i] += " " + p.Address.String()
		}
	}
	return strings.Join(list, ", ")
}

// fileOf gives what a file is.
func fileOf(f parley.File) string {
	return fmt.Sprintf("%s %d bytes sha256:%s", f.Name, f.Size, f.Digest)
}

// checked says that nobody can tell whether a file has arrived as it was.
func checked(unverified bool) string {
	if unverified {
		return " (not verified: the server tells no checksum)"
	}
	return ""
}

// savedAs says under which name a file was kept, where that is not its own.
func savedAs(r Received) string {
	if r.SavedAs == string(r.File.Name) {
		return ""
	}
	return " as " + r.SavedAs
}
