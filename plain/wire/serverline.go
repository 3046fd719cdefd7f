package wire

import (
	"net/netip"
	"strconv"
	"strings"

	"parley"
)

// LineKind says what a server's line is.
type LineKind uint8

// The kinds of ServerLine, and which fields each sets besides Text, the whole line.
const (
	// LineOther is a line in no format known here: a greeting, an answer, a server of another make.
	LineOther LineKind = iota
	// LineMessage is a message in the room: Name and Words.
	LineMessage
	// LinePrivate is a message for this client alone: Name and Words.
	LinePrivate
	// LineNotice is a word about the room: Words.
	LineNotice
	// LineStored is a file that the server has taken: File.
	LineStored
	// LineFile is a file that was asked for: File. Exactly File.Size bytes of content follow the line's newline.
	LineFile
	// LineError is a request that failed: Words.
	LineError
	// LineYouAre is the name that this client has now: Name.
	LineYouAre
	// LineOnline is who is here: Names.
	LineOnline
	// LineClosed is the last line before the server closes: Words.
	LineClosed
)

// ServerLine is one line of a server, read. All of it is clean and in one line, whatever was sent, and may be shown.
type ServerLine struct {
	Kind  LineKind
	Text  string
	Name  string
	Words string
	Names []string
	File  parley.File
}

// ParseServerLine reads a line of a server, without its newline. It never fails: a line that is not quite of a known
// format is LineOther.
func ParseServerLine(text string) ServerLine {
	text = parley.CleanLine(text)
	line, ok := parseBrackets(text)
	if !ok {
		line, ok = parseFixed(text)
	}
	if !ok {
		line, ok = parseSays(text)
	}
	if !ok {
		line = ServerLine{}
	}
	line.Text = text
	return line
}

// parseBrackets reads <NAME> :TEXT and <NAME> (private) :TEXT.
func parseBrackets(text string) (ServerLine, bool) {
	rest, ok := strings.CutPrefix(text, "<")
	if !ok {
		return ServerLine{}, false
	}
	name, rest, ok := strings.Cut(rest, ">")
	if !ok || name == "" {
		return ServerLine{}, false
	}
	if words, ok := strings.CutPrefix(rest, " :"); ok {
		return ServerLine{Kind: LineMessage, Name: name, Words: words}, true
	}
	words, ok := strings.CutPrefix(rest, " (private) :")
	return ServerLine{Kind: LinePrivate, Name: name, Words: words}, ok
}

// parseSays reads NAME says: TEXT, where NAME can be somebody's: a greeting may have these words as well.
func parseSays(text string) (ServerLine, bool) {
	name, words, ok := strings.Cut(text, " says: ")
	return ServerLine{Kind: LineMessage, Name: name, Words: words}, ok && isShownName(name)
}

// parseFixed reads the lines that start with fixed words.
func parseFixed(text string) (ServerLine, bool) {
	word, rest, ok := strings.Cut(text, " ")
	switch {
	case strings.HasPrefix(text, "file:"):
		file, ok := parseFile(text[len("file:"):])
		return ServerLine{Kind: LineFile, File: file}, ok
	case strings.HasPrefix(text, "server is full ("):
		return ServerLine{Kind: LineClosed, Words: text}, true
	case !ok:
		return ServerLine{}, false
	}
	switch word {
	case "*":
		return ServerLine{Kind: LineNotice, Words: rest}, true
	case "error:":
		return ServerLine{Kind: LineError, Words: rest}, true
	case "closed:":
		return ServerLine{Kind: LineClosed, Words: rest}, true
	case "online:":
		return ServerLine{Kind: LineOnline, Names: strings.Split(rest, ", ")}, true
	case "stored":
		file, ok := parseFile(rest)
		return ServerLine{Kind: LineStored, File: file}, ok
	case "you":
		name, ok := strings.CutPrefix(rest, "are ")
		return ServerLine{Kind: LineYouAre, Name: name}, ok && isShownName(name)
	}
	return ServerLine{}, false
}

// parseFile reads NAME SIZE sha256:HEX. The name is checked: it is no path.
func parseFile(s string) (parley.File, bool) {
	words := strings.Split(s, " ")
	n := len(words) - 2
	if n < 1 {
		return parley.File{}, false
	}
	name, errName := parley.ParseFileName(strings.Join(words[:n], " "))
	size := parseSize(words[n])
	digits, ok := strings.CutPrefix(words[n+1], "sha256:")
	digest, errDigest := parley.ParseDigest(digits)
	return parley.File{Name: name, Size: size, Digest: digest},
		ok && size != NoSize && errName == nil && errDigest == nil
}

// isShownName reports whether s can be shown for somebody: one word, an IP address among them, or IP : PORT.
func isShownName(s string) bool {
	if address, port, ok := strings.Cut(s, " : "); ok {
		_, errAddress := netip.ParseAddr(address)
		_, errPort := strconv.ParseUint(port, 10, 16)
		return errAddress == nil && errPort == nil
	}
	return s != "" && !strings.ContainsAny(s, " \t")
}
