package wire

import (
	"strconv"
	"strings"
	"time"

	"parley"
)

// Style is how a message in a room is written. The Append functions allocate nothing but what dst needs to grow. Names
// and texts are clean (see parley.CleanText) when they come here, and a text of several lines becomes as many lines,
// each with its own prefix, so that no text can pose as somebody else's.
type Style uint8

// The styles.
const (
	// Brackets writes <NAME> :TEXT.
	Brackets Style = iota
	// Says writes NAME says: TEXT.
	Says
)

// AppendMessage writes a message in a room.
func (s Style) AppendMessage(dst []byte, name, text string) []byte {
	for more := true; more; {
		var line string
		line, text, more = cutLine(text)
		dst = append(s.appendPrefix(dst, name), line...)
		dst = append(dst, '\n')
	}
	return dst
}

// AppendFile writes the message that name has sent a file into the room.
func (s Style) AppendFile(dst []byte, name string, file *parley.File) []byte {
	dst = append(s.appendPrefix(dst, name), "[file "...)
	dst = append(append(dst, file.Name...), ' ')
	dst = strconv.AppendInt(dst, file.Size, 10)
	return append(dst, " bytes]\n"...)
}

// appendPrefix writes what stands before each line of a message.
func (s Style) appendPrefix(dst []byte, name string) []byte {
	if s == Says {
		return append(append(dst, name...), " says: "...)
	}
	return append(append(append(dst, '<'), name...), "> :"...)
}

// AppendPrivate writes a message for its receiver alone.
func AppendPrivate(dst []byte, name, text string) []byte {
	for more := true; more; {
		var line string
		line, text, more = cutLine(text)
		dst = append(append(append(dst, '<'), name...), "> (private) :"...)
		dst = append(append(dst, line...), '\n')
	}
	return dst
}

// AppendText writes a text without a prefix: the greeting, or an answer to the one who asked. It is cleaned here. The
// empty text is an empty line.
func AppendText(dst []byte, text string) []byte {
	text = parley.CleanText(text)
	for more := true; more; {
		var line string
		line, text, more = cutLine(text)
		dst = append(append(dst, line...), '\n')
	}
	return dst
}

// AppendJoined writes the notice that name came.
func AppendJoined(dst []byte, name string) []byte {
	return append(append(append(dst, "* "...), name...), " joined\n"...)
}

// AppendLeft writes the notice that name went.
func AppendLeft(dst []byte, name string) []byte {
	return append(append(append(dst, "* "...), name...), " left\n"...)
}

// AppendOnline writes who is here.
func AppendOnline(dst []byte, names ...string) []byte {
	dst = append(dst, "online: "...)
	for i, name := range names {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = append(dst, name...)
	}
	return append(dst, '\n')
}

// AppendYouAre writes the name that somebody has now.
func AppendYouAre(dst []byte, name parley.Name) []byte {
	return append(append(append(dst, "you are "...), name...), '\n')
}

// AppendStored writes that a file has been taken.
func AppendStored(dst []byte, file parley.File) []byte {
	return appendFile(append(dst, "stored "...), file)
}

// AppendFileHeader writes the line that exactly file.Size bytes follow, the file's content.
func AppendFileHeader(dst []byte, file parley.File) []byte {
	return appendFile(append(dst, "file:"...), file)
}

// appendFile writes a file's name, size and digest, and ends the line.
func appendFile(dst []byte, file parley.File) []byte {
	dst = append(append(dst, file.Name...), ' ')
	dst = strconv.AppendInt(dst, file.Size, 10)
	dst = append(append(dst, " sha256:"...), file.Digest.String()...)
	return append(dst, '\n')
}

// AppendError writes what went wrong. The sentence is made one clean line here.
func AppendError(dst []byte, sentence string) []byte {
	return append(append(append(dst, "error: "...), parley.CleanLine(sentence)...), '\n')
}

// AppendClosed writes why the connection is closed now. The sentence is made one clean line here.
func AppendClosed(dst []byte, sentence string) []byte {
	return append(append(append(dst, "closed: "...), parley.CleanLine(sentence)...), '\n')
}

// IdleSentence says that nothing has come from a connection for so long: in seconds, where it is a whole number of
// them.
func IdleSentence(idle time.Duration) string {
	if idle%time.Second != 0 {
		return "idle for " + idle.String()
	}
	return "idle for " + strconv.FormatInt(int64(idle/time.Second), 10) + "s"
}

// lineBreaks are what breaks lines in a text, see parley.CleanText.
var lineBreaks = [...]string{"\n", "\u0085", "\u2028", "\u2029"}

// CountLines gives how many lines a text becomes that came from a client, to parley.MaxLines: more than that is refused. A
// line break at its end counts as one more.
func CountLines(text string) int {
	n := 1
	for _, lineBreak := range lineBreaks {
		n += strings.Count(text, lineBreak)
	}
	return min(n, parley.MaxLines)
}

// cutLine gives the first line of a clean text, the rest, and whether there is one; a final line break starts no
// further line. It is parley.Lines without the iterator, which would cost an allocation for each message.
func cutLine(text string) (line, rest string, more bool) {
	line, rest, _ = strings.Cut(text, "\n")
	return line, rest, rest != ""
}
