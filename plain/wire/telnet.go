package wire

// telnet is where in a telnet command (RFC 854, "TELNET COMMAND STRUCTURE") a stream is.
type telnet uint8

const (
	telnetText    telnet = iota // in no command
	telnetCommand               // behind IAC
	telnetOption                // behind WILL, WON'T, DO or DON'T: the option's code follows
	telnetSub                   // in a subnegotiation, to its IAC SE
	telnetSubIAC                // behind an IAC in a subnegotiation
)

// The codes of RFC 854. IAC never occurs in valid UTF-8.
const (
	telnetSE   = 240
	telnetSB   = 250
	telnetWILL = 251
	telnetDONT = 254
	telnetIAC  = 255
)

// takeTelnet looks at what was fed byte by byte, to the end of a line or of all, since a newline inside a command ends
// no line. Commands are dropped, and turn line framing on. IAC IAC stands for one byte of that value, and an IAC before
// what is no command is a byte like any other.
func (f *Framer) takeTelnet() (Frame, bool) {
	for len(f.in) > 0 {
		c := f.in[0]
		if f.telnet == telnetCommand && c < telnetSE {
			f.telnet = telnetText
			if frame, ok := f.keep([]byte{telnetIAC}); ok {
				return frame, true
			}
			continue // and c is text
		}
		f.in = f.in[1:]
		var text bool
		if f.telnet, text = f.telnet.next(c); !text {
			f.lines = f.lines || f.telnet != telnetCommand
			continue
		}
		if c == '\n' {
			f.lines = true
			return f.finish(nil)
		}
		if frame, ok := f.keep([]byte{c}); ok {
			return frame, true
		}
	}
	return Frame{}, false
}

// next gives the state after c, and whether c is part of a text. Behind an IAC, c is a command's code or another IAC.
func (t telnet) next(c byte) (after telnet, text bool) {
	switch t {
	case telnetCommand:
		switch {
		case c == telnetIAC:
			return telnetText, true
		case c == telnetSB:
			return telnetSub, false
		case c >= telnetWILL && c <= telnetDONT:
			return telnetOption, false
		}
		return telnetText, false
	case telnetOption:
		return telnetText, false
	case telnetSub:
		if c == telnetIAC {
			return telnetSubIAC, false
		}
		return telnetSub, false
	case telnetSubIAC:
		if c == telnetSE {
			return telnetText, false
		}
		return telnetSub, false
	}
	if c == telnetIAC {
		return telnetCommand, false
	}
	return telnetText, true
}
