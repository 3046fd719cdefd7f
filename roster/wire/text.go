package wire

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley"
)

// PrivateMark stands behind the name of whoever sent a text to one person alone.
const PrivateMark = " (private)"

// maxPrefix is the longest name, in bytes, that a text can start with: a parley.Name, or IP : PORT.
const maxPrefix = 4*parley.MaxName + len(PrivateMark)

// MaxLine is how much of a line stands behind one name, in bytes.
const MaxLine = 1000

// AppendText writes a message in the room: "NAME: TEXT " with one space behind it, each line of the text for itself so that
// no text can pose as somebody else's; blank lines are left out. Name and text are clean (see parley.CleanText).
//
// A line over MaxLine is cut at a character, each piece with the name before it: wherever a read begins in what is sent,
// the next name is not far, and with a name of up to 21 bytes each piece fits into the 1,024 bytes that a classroom client
// reads at a time. A piece that is blank is left out as a line is.
//
// A line that contains what a client could take for a roster gets one space between its '!' and its '{': whoever writes one
// in the room cannot redirect the direct messages of others to an address of their own.
func AppendText(dst []byte, name, text string) []byte { return appendLines(dst, name, "", text) }

// AppendPrivate writes a message for its receiver alone, "NAME (private): TEXT ", otherwise as AppendText does.
func AppendPrivate(dst []byte, name, text string) []byte {
	return appendLines(dst, name, PrivateMark, text)
}

// AppendNotice writes words of the server itself, which have no name before them.
func AppendNotice(dst []byte, sentence string) []byte {
	return append(append(dst, parley.CleanLine(sentence)...), ' ')
}

// appendLines writes each line of text that is not blank, in pieces, with name and mark before each.
func appendLines(dst []byte, name, mark, text string) []byte {
	for text != "" {
		var line, piece string
		line, text, _ = strings.Cut(text, "\n")
		for line != "" {
			if piece, line = cutLine(line); strings.TrimSpace(piece) == "" {
				continue
			}
			dst = append(append(append(dst, name...), mark...), ": "...)
			dst = append(appendHarmless(dst, piece), ' ')
		}
	}
	return dst
}

// cutLine takes the first piece off a line.
func cutLine(line string) (piece, rest string) {
	if len(line) <= MaxLine {
		return line, ""
	}
	end := MaxLine
	for !utf8.RuneStart(line[end]) {
		end--
	}
	return line[:end], line[end:]
}

// appendHarmless writes a line and takes from every '!' in it the power to start a roster: '!' and '{' are parted wherever
// what follows is a JSON object, or could still become one with what is sent next.
func appendHarmless(dst []byte, line string) []byte {
	for tries := 0; ; {
		i := strings.Index(line, rosterStart)
		if i < 0 {
			return append(dst, line...)
		}
		dst = append(dst, line[:i+1]...)
		line = line[i+1:]
		var o object
		broken := false
		if tries < maxTries {
			o.scan([]byte(line[:min(len(line), MaxRoster)]))
			broken = o.state == objectBroken
		}
		if o.n > 2 || !broken {
			tries++
		}
		if !broken {
			dst = append(dst, ' ')
		}
	}
}

// splitText splits what stands on the wire into who said it and what was said. Who is "" where nobody's name stands before
// it: then it is the server's own text.
func splitText(text []byte, known Roster) (from string, private bool, words string) {
	n := prefixLength(text, known)
	if n == 0 {
		return "", false, string(text)
	}
	name, private := bytes.CutSuffix(text[:n-len(": ")], []byte(PrivateMark))
	return string(name), private, string(text[n:])
}

// prefixLength gives the length of "NAME: " at the start of text, 0 where there is none. A name is one from the roster (a
// server of another make may have names with spaces), the longest that fits; or IP : PORT; or one word.
func prefixLength(text []byte, known Roster) int {
	head := text[:min(len(text), maxPrefix+len(": "))]
	found, first := 0, 0
	for i := 0; ; {
		k := bytes.Index(head[i:], []byte(": "))
		if k < 0 {
			break
		}
		i += k + len(": ")
		if first == 0 {
			first = i
		}
		name := bytes.TrimSuffix(head[:i-len(": ")], []byte(PrivateMark))
		if known.has(name) || isAddressAndPort(name) {
			found = i
		}
	}
	if found == 0 && isOneWord(head[:max(0, first-len(": "))]) {
		return first
	}
	return found
}

// isOneWord reports whether name, but for a private mark, has no white space, and does not start like a roster.
func isOneWord(name []byte) bool {
	name = bytes.TrimSuffix(name, []byte(PrivateMark))
	return len(name) > 0 && name[0] != '!' && !bytes.ContainsAny(name, " \t\r\n")
}

// isAddressAndPort reports whether name is what somebody is called who has picked no name.
func isAddressAndPort(name []byte) bool {
	address, port, ok := strings.Cut(string(name), " : ")
	if !ok {
		return false
	}
	_, errAddress := netip.ParseAddr(address)
	_, errPort := strconv.ParseUint(port, 10, 16)
	return errAddress == nil && errPort == nil
}
