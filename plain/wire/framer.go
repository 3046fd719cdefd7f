package wire

import (
	"bytes"
	"time"
	"unicode/utf8"

	"parley"
)

// How long a pause is that ends a message, on a connection that has never sent a newline.
const (
	// Silence ends a message of a program, which sends it in one piece.
	Silence = 50 * time.Millisecond
	// TypingSilence ends a message while every read has brought a single character: somebody is typing it.
	TypingSilence = 2 * time.Second
	// CommandSilence is the least that ends a text starting with SendFilePrefix or AskFilePrefix: half a file's name
	// must not be taken for all of it.
	CommandSilence = time.Second
	// RuneSilence is the least that ends a text in the middle of a UTF-8 character.
	RuneSilence = time.Second
)

// MaxServerLine is the Limit for the Framer of a client: a text of parley.MaxText with anything a server puts around
// it.
const MaxServerLine = parley.MaxText + 1024

// FrameKind says what a Framer found.
type FrameKind uint8

// The kinds of Frame.
const (
	// FrameText is a message.
	FrameText FrameKind = iota
	// FrameTooLong is a message over the limit. It comes once, as soon as that is known; the message is dropped to its
	// end.
	FrameTooLong
	// FrameHTTP is a client that speaks HTTP. Nothing comes after it.
	FrameHTTP
	// FrameTLS is a client that speaks TLS. Nothing comes after it.
	FrameTLS
)

// Frame is one message, or what there was instead of one.
type Frame struct {
	Kind FrameKind
	Text string // of FrameText, as it came: neither valid UTF-8 nor free of control characters, but not blank
}

// Framer cuts what a connection brings into messages. A newline ends a message; so does silence, until the connection
// has sent its first newline or any telnet negotiation. Messages of nothing but white space are passed over.
//
// It is a state machine without a clock: Feed it each read, take messages by Next until there is none, and call Tick
// when nothing has come by WakeAt. Between messages it holds no memory but its own. The zero value is ready to use, by
// one goroutine at a time; the exported fields are set before the first Feed.
type Framer struct {
	LinesOnly bool // silence never ends a message
	Guard     bool // look for HTTP and TLS in what comes first, on a listener that strangers can reach
	Limit     int  // longest message in bytes, 0 for parley.MaxText

	lines    bool   // a newline or telnet negotiation has been seen: silence ends nothing any more
	bursts   bool   // a read has brought more than one character: nobody is typing this
	dropping bool   // the message under way was too long
	over     bool   // the message under way has ended by silence, or with the connection
	seen     bool   // there has been a message
	deaf     bool   // another protocol: nothing is looked at any more
	hello    uint8  // how many of the first bytes are those of a TLS ClientHello
	telnet   telnet // where in a telnet command the stream is

	in    []byte    // fed and not yet looked at; the feeder's memory
	buf   []byte    // the message under way; nil between messages
	heard time.Time // the last Feed
}

// Feed takes what one read brought at the time now. The Framer looks at p during the calls of Next and Raw that follow,
// and keeps nothing of it once Next has said that there is no message. Everything fed before must have been taken by
// then.
func (f *Framer) Feed(p []byte, now time.Time) {
	if f.deaf || len(p) == 0 {
		return
	}
	f.in, f.heard = p, now
	f.bursts = f.bursts || characters(p) > 1
	if f.Guard {
		f.hello = matchHello(f.hello, p)
	}
}

// Tick says that nothing has come by now. Where that was silence enough, the message under way has ended and Next gives
// it.
func (f *Framer) Tick(now time.Time) {
	if at := f.WakeAt(); !at.IsZero() && !now.Before(at) {
		f.over = true
	}
}

// End says that nothing will come any more: what is under way is a whole message, and Next gives it.
func (f *Framer) End() { f.over = f.over || f.underWay() }

// WakeAt gives the time at which silence ends the message under way, or the zero time when silence ends nothing.
func (f *Framer) WakeAt() time.Time {
	if f.LinesOnly || f.lines || !f.underWay() {
		return time.Time{}
	}
	return f.heard.Add(f.silence())
}

// Next gives the next message of what was fed; false means that it takes more bytes, or silence, to end one.
func (f *Framer) Next() (Frame, bool) {
	if f.hello == helloLength && !f.deaf {
		return f.stranger(FrameTLS)
	}
	for f.over || len(f.in) > 0 {
		var frame Frame
		var ok bool
		switch eol := bytes.IndexByte(f.in, '\n'); {
		case f.over:
			frame, ok = f.finish(nil)
		case f.telnet != telnetText || bytes.IndexByte(upTo(f.in, eol), telnetIAC) >= 0:
			frame, ok = f.takeTelnet()
		case eol < 0:
			frame, ok = f.keep(f.in)
			f.in = nil
		default:
			line := f.in[:eol]
			f.in = f.in[eol+1:]
			f.lines = true
			frame, ok = f.finish(line)
		}
		if ok {
			return frame, true
		}
	}
	f.in = nil
	return Frame{}, false
}

// SilentSince says that nobody listened until now: silence counts from here.
func (f *Framer) SilentSince(now time.Time) { f.heard = now }

// Raw takes up to n bytes of what was fed, just as they are: the content of a file that was announced by the message
// that Next gave last. It returns nothing when all is taken; feed it the next read then, and ask for the rest. The
// bytes are the feeder's memory.
func (f *Framer) Raw(n int64) []byte {
	k := min(n, int64(len(f.in)))
	raw := f.in[:k]
	f.in = f.in[k:]
	return raw
}

// underWay reports whether part of a message has come.
func (f *Framer) underWay() bool {
	return len(f.buf) > 0 || f.dropping || f.telnet == telnetCommand
}

// silence gives the pause that ends the message under way.
func (f *Framer) silence() time.Duration {
	least := Silence
	if !f.bursts {
		least = TypingSilence
	}
	if hasPrefix(f.buf, SendFilePrefix) || hasPrefix(f.buf, AskFilePrefix) {
		least = max(least, CommandSilence)
	}
	if endsInsideRune(f.buf) {
		least = max(least, RuneSilence)
	}
	return least
}

// keep adds p to the message under way, unless that makes it too long. One CR more than the limit is kept: a newline
// may follow.
func (f *Framer) keep(p []byte) (Frame, bool) {
	n := len(f.buf) + len(p)
	switch {
	case f.dropping || len(p) == 0:
		return Frame{}, false
	case n > f.limit()+1, n == f.limit()+1 && p[len(p)-1] != '\r':
		if f.opensWith(p) {
			return f.stranger(FrameHTTP)
		}
		f.buf, f.dropping, f.seen = nil, true, true
		return Frame{Kind: FrameTooLong}, true
	}
	f.buf = append(f.buf, p...)
	return Frame{}, false
}

// finish ends the message under way with line, the rest of it.
func (f *Framer) finish(line []byte) (Frame, bool) {
	if f.telnet == telnetCommand { // the stream paused or ended behind an IAC, which was no command then
		f.telnet = telnetText
		f.buf = append(f.buf, telnetIAC)
	}
	if len(f.buf) > 0 {
		line = append(f.buf, line...)
	}
	line = bytes.TrimSuffix(line, []byte("\r"))
	dropped, paused := f.dropping, f.over
	f.buf, f.dropping, f.over = nil, false, false
	switch {
	case dropped, len(line) <= f.limit() && len(bytes.TrimSpace(line)) == 0:
		return Frame{}, false
	case len(line) > f.limit():
		if f.opensWith(line) {
			return f.stranger(FrameHTTP)
		}
		f.seen = true
		return Frame{Kind: FrameTooLong}, true
	}
	text := string(line)
	if f.Guard && !f.seen && (isRequestLine(text) || paused && opensRequest(line)) {
		return f.stranger(FrameHTTP)
	}
	f.seen = true
	return Frame{Kind: FrameText, Text: text}, true
}

// opensWith reports whether the first message, of which f.buf is known and p comes next, begins as an HTTP request does.
func (f *Framer) opensWith(p []byte) bool {
	const enough = 16 // bytes, more than any of the openings
	head := append([]byte(nil), f.buf[:min(len(f.buf), enough)]...)
	return f.Guard && !f.seen && opensRequest(append(head, p[:min(len(p), enough)]...))
}

// stranger gives up on a connection of another protocol.
func (f *Framer) stranger(kind FrameKind) (Frame, bool) {
	f.in, f.buf, f.over, f.deaf = nil, nil, false, true
	return Frame{Kind: kind}, true
}

// limit is the longest message in bytes.
func (f *Framer) limit() int {
	if f.Limit > 0 {
		return f.Limit
	}
	return parley.MaxText
}

// upTo gives p[:end], or all of p when end is negative.
func upTo(p []byte, end int) []byte {
	if end < 0 {
		return p
	}
	return p[:end]
}

// hasPrefix is bytes.HasPrefix for a prefix that is a constant.
func hasPrefix(p []byte, prefix string) bool {
	return len(p) >= len(prefix) && string(p[:len(prefix)]) == prefix
}

// characters counts the UTF-8 characters that start in p.
func characters(p []byte) int {
	n := 0
	for _, c := range p {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}

// endsInsideRune reports whether p ends with the beginning of a UTF-8 character that more bytes can complete.
func endsInsideRune(p []byte) bool {
	for i := len(p) - 1; i >= 0 && i > len(p)-utf8.UTFMax; i-- {
		if utf8.RuneStart(p[i]) {
			return !utf8.FullRune(p[i:])
		}
	}
	return false
}
