package chat

import (
	"bytes"
	"time"
	"unicode/utf8"

	"parley/plain/wire"
)

// lines cuts what one side says into messages that end with a line or with silence, as the Framer of plain does.
type lines struct {
	place
	framer wire.Framer
	raw    int64 // bytes of a file that come next
	ended  bool  // the last byte ended a line
	telnet bool  // there has been an IAC
}

// maxLine is the longest message of a side, in bytes.
const maxLine = wire.MaxServerLine

// telnetIAC begins a telnet command (RFC 854).
const telnetIAC = 255

// taker takes the messages that lines finds.
type taker interface {
	// take takes a message; false for one that was too long. It gives how many bytes follow that are a file's.
	take(from Side, text string, ok bool) (raw int64)
}

// begin makes it ready.
func (l *lines) begin(linesOnly bool) {
	l.framer = wire.Framer{LinesOnly: linesOnly, Limit: maxLine}
	l.most = maxLine
}

// feed takes what a segment brought, and gives t what is whole.
func (l *lines) feed(from Side, data []byte, at int64, t taker) {
	for len(data) > 0 {
		if l.raw > 0 {
			n := min(int64(len(data)), l.raw)
			l.raw, l.at = l.raw-n, l.at+n
			l.start, data = l.at, data[n:]
			continue
		}
		n := bytes.IndexByte(data, '\n') + 1
		ended := n > 0
		if !ended {
			n = len(data)
		}
		line := data[:n]
		data = data[n:]
		l.at += int64(n)
		if ended && l.quick(line) {
			l.line(from, bytes.TrimSuffix(line[:n-1], []byte("\r")), t)
		} else {
			l.framer.Feed(line, time.Unix(0, at))
			l.next(from, t)
		}
		if ended {
			l.start = l.at
		}
		l.ended = ended
	}
}

// quick reports whether a line is all of a message, on a connection that has sent lines before.
func (l *lines) quick(line []byte) bool {
	l.telnet = l.telnet || bytes.IndexByte(line, telnetIAC) >= 0
	return l.ended && !l.telnet && len(line) < maxLine
}

// line takes a line that is all of a message.
func (l *lines) line(from Side, line []byte, t taker) {
	if !isBlank(line) {
		l.raw = t.take(from, string(line), true)
	}
}

// pass counts the messages in data, where that is nothing but whole lines of which none weighs, and the last one before it
// was whole. It reports false, and has taken nothing, where it is anything else.
func (l *lines) pass(data []byte, weighs func(line []byte) bool) (messages int64, ok bool) {
	if !l.ended || l.raw > 0 || l.at != l.start || data[len(data)-1] != '\n' || !l.quick(data) {
		return 0, false
	}
	for rest := data; len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n')
		line := rest[:n]
		rest = rest[n+1:]
		switch {
		case weighs(line):
			return 0, false
		case !isBlank(line):
			messages++
		}
	}
	l.at += int64(len(data))
	l.start = l.at
	return messages, true
}

// isBlank reports whether a line is white space alone.
func isBlank(line []byte) bool {
	return (len(line) == 0 || line[0] <= ' ' || line[0] >= utf8.RuneSelf) && len(bytes.TrimSpace(line)) == 0
}

// next takes what the framer has found.
func (l *lines) next(from Side, t taker) {
	for {
		f, ok := l.framer.Next()
		if !ok {
			return
		}
		l.raw = t.take(from, f.Text, f.Kind == wire.FrameText)
	}
}

// tick ends a message by silence.
func (l *lines) tick(from Side, at int64, t taker) {
	if l.at == l.start {
		return
	}
	l.framer.Tick(time.Unix(0, at))
	l.next(from, t)
}

// end ends what is under way.
func (l *lines) end(from Side, t taker) {
	l.framer.End()
	l.next(from, t)
	l.raw, l.ended = 0, l.ended && l.at == l.start
}

// skip goes past bytes of a file that are missing, and gives how many of n are not a file's.
func (l *lines) skip(n int64) int64 {
	k := min(n, l.raw)
	l.raw, l.at = l.raw-k, l.at+k
	l.start = l.at
	return n - k
}
