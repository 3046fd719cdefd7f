package client

import (
	"time"

	"parley/plain/wire"
)

// lineStall is how long the rest of a line may take that a server which ends lines by LF has begun. Some servers end
// their greeting by LF and nothing else.
const lineStall = time.Second

// lines cuts what a plain server sends into lines: at each LF, and at silence where the server sends none. It reads no
// clock. The zero value is ready to use, by one goroutine.
type lines struct {
	frames  wire.Framer
	heard   time.Time // the last feed
	partial bool      // what was fed last did not end a line
	framed  bool      // the last line ended with LF
	silent  bool      // the lines of next are those that silence has ended
	split   bool      // the last line was given before its end had come
}

// piece says what a line is.
type piece int

const (
	whole   piece = iota
	rest          // the end of a line whose beginning was given before
	cut           // the beginning of a line whose end never came
	dropped       // a line that was too long; there is no text
)

// feed takes what one read brought. Next must have said before that there is nothing more.
func (l *lines) feed(p []byte, now time.Time) {
	l.frames.Limit = wire.MaxServerLine
	l.frames.Feed(p, now)
	l.heard, l.silent = now, false
	l.partial = p[len(p)-1] != '\n'
}

// raw takes up to n bytes of what was fed as they are, as Framer.Raw does.
func (l *lines) raw(n int64) []byte { return l.frames.Raw(n) }

// wakeAt gives the time at which tick has something to do, zero for never.
func (l *lines) wakeAt() time.Time {
	if at := l.frames.WakeAt(); !at.IsZero() || !l.partial {
		return at
	}
	return l.heard.Add(lineStall)
}

// tick says that nothing has come by now. Next then gives what silence has ended.
func (l *lines) tick(now time.Time) {
	l.silent = true
	if !l.frames.WakeAt().IsZero() {
		l.frames.Tick(now)
		return
	}
	if l.partial && !now.Before(l.heard.Add(lineStall)) {
		l.frames.End()
		l.partial = false
	}
}

// end says that nothing will come any more. Next then gives what is left.
func (l *lines) end() {
	l.silent = true
	l.frames.End()
}

// next gives the next line, as it came; false when there is none now.
func (l *lines) next() (string, piece, bool) {
	frame, ok := l.frames.Next()
	if !ok {
		return "", whole, false
	}
	kind := l.classify()
	if frame.Kind == wire.FrameTooLong {
		kind = dropped
	}
	return frame.Text, kind, true
}

// classify tells what the line is that the Framer has just given.
func (l *lines) classify() piece {
	switch {
	case !l.silent && l.split:
		l.split, l.framed = false, true
		return rest
	case !l.silent:
		l.framed = true
		return whole
	case l.framed:
		// The Framer would go by LF for ever; from now on silence counts again, until the next LF.
		l.frames, l.framed, l.split = wire.Framer{Limit: wire.MaxServerLine}, false, true
		return cut
	}
	l.split = false
	return whole
}
