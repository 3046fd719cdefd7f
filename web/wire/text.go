package wire

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"parley"
)

// appendTyped writes a message with "type" as its first member, by encoding/json. None of the messages can fail to be
// written: they hold strings, numbers and what never fails itself.
func appendTyped(dst []byte, t Type, m any) []byte {
	body, _ := json.Marshal(m)
	dst = append(append(append(dst, `{"type":"`...), t...), '"')
	if len(body) <= len("{}") {
		return append(dst, '}')
	}
	dst = append(dst, ',')
	return append(dst, body[1:]...)
}

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string (RFC 8259, section 7), byte for byte as encoding/json does: what could end a script or
// start a tag in HTML, and U+2028 and U+2029, which JavaScript once took for line breaks, are escaped too, and what is not
// UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if plain(c) {
				i++
				continue
			}
			dst = appendEscaped(append(dst, s[start:i]...), c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(append(dst, s[start:i]...), `\ufffd`...)
			start = i + size
		case r == '\u2028' || r == '\u2029':
			dst = append(append(append(dst, s[start:i]...), `\u202`...), hexDigits[r&0xF])
			start = i + size
		}
		i += size
	}
	return append(append(dst, s[start:]...), '"')
}

// plain reports whether an ASCII character stands for itself in a string.
func plain(c byte) bool { return c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' }

// appendEscaped writes an ASCII character that does not stand for itself.
func appendEscaped(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xF])
}

func appendInt(dst []byte, n parley.Seq) []byte { return strconv.AppendInt(dst, int64(n), 10) }

// appendNumber writes a member that is left out where it is 0; key has everything before the number.
func appendNumber(dst []byte, key string, n parley.Seq) []byte {
	if n == 0 {
		return dst
	}
	return appendInt(append(dst, key...), n)
}

// appendTrue writes a member that is left out where it is false.
func appendTrue(dst []byte, member string, value bool) []byte {
	if !value {
		return dst
	}
	return append(dst, member...)
}
