package parley

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// MaxText is the longest message text, in bytes of UTF-8.
const MaxText = 64 << 10

// MaxLines is how many lines a message text has at most. Every line is shown with the name before it, so a text of short
// lines becomes many times as long for each reader.
const MaxLines = 1000

// replacement stands for every character that must not reach a person's screen.
const replacement = '\uFFFD'

// CleanText gives s as it may be shown: valid UTF-8, whose every line break (CR LF, U+0085, U+2028, U+2029) is one LF, and
// in which no other control character but tab, and no character that changes the direction of what follows, is left; each
// becomes U+FFFD. So no text can carry a terminal's escape sequence, a second command or a hidden order of words. Cleaning
// twice changes nothing. A text that is clean is returned as it is, without a copy.
func CleanText(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(cleanRune, s) // Map turns each invalid byte into U+FFFD
}

// CleanLine gives s as CleanText does, and with each line break become a space: for names, file names and log values.
func CleanLine(s string) string {
	return strings.ReplaceAll(CleanText(s), "\n", " ")
}

// Lines gives the lines of a clean text, without their line breaks. A final line break ends the last line and starts no
// further one; the empty text has one empty line.
func Lines(text string) iter.Seq[string] {
	text = strings.TrimSuffix(text, "\n")
	return strings.SplitSeq(text, "\n")
}

// CheckText tells whether a text, clean already, may be posted: not empty but for white space, and not over MaxText or
// MaxLines.
func CheckText(text string) error {
	switch {
	case len(text) > MaxText:
		return Errorf(CodeTooLong, "message too long (limit %d bytes)", MaxText)
	case strings.Count(strings.TrimSuffix(text, "\n"), "\n") >= MaxLines:
		return Errorf(CodeTooLong, "message too long (limit %d lines)", MaxLines)
	case strings.TrimSpace(text) == "":
		return Errorf(CodeInvalid, "a message cannot be empty")
	}
	return nil
}

// isClean reports whether CleanText would change nothing. Printable ASCII, which is most of what is typed, costs one look
// a byte.
func isClean(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || cleanRune(r) != r {
				return false
			}
			i += size
			continue
		}
		if cleanRune(rune(c)) != rune(c) {
			return false
		}
		i++
	}
	return true
}

// cleanRune gives what is shown for r.
func cleanRune(r rune) rune {
	switch {
	case r == '\t', r == '\n', r >= ' ' && r < 0x7F:
		return r
	case r == 0x85, r == 0x2028, r == 0x2029:
		return '\n'
	case r < 0xA0, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return replacement
	}
	return r
}
