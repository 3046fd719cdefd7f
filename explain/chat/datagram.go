package chat

import (
	"strings"
	"unicode/utf8"

	"parley/plain/wire"
)

// Datagram reads a datagram: what a server of plain+udp says names the speaker, everything else is a text, as what people
// say to such a server is and what they say to each other directly. It reports false for one that is no text, of another
// protocol, and for one that is blank.
func Datagram(data []byte) (Message, bool) {
	text := strings.TrimRight(string(data), "\r\n")
	if strings.TrimSpace(text) == "" || !isText(text) {
		return Message{}, false
	}
	m := said(Text, "", text)
	switch l := wire.ParseServerLine(text); {
	case strings.Contains(text, "\n"):
	case l.Kind == wire.LineMessage && strings.HasPrefix(text, "<"):
		m = said(Text, l.Name, l.Words)
	case l.Kind == wire.LinePrivate:
		m = said(Private, l.Name, l.Words)
	}
	m.End = int64(len(data))
	return m, true
}

// isText reports whether somebody may have typed this: UTF-8 without control characters, of which one that was cut at the
// end of what was captured is no matter.
func isText(s string) bool {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i > 0 && !utf8.FullRuneInString(s[i:])
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f {
			return false
		}
		i += size
	}
	return true
}
