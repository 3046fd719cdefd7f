package wire

import (
	"math"
	"strconv"
	"strings"
)

// How the texts that are about files start.
const (
	SendFilePrefix = "send file:"
	AskFilePrefix  = "ask for file:"
)

// Verb says what a client asks for.
type Verb uint8

// The verbs.
const (
	// Say puts a text into the room; it is every text that is nothing else.
	Say Verb = iota
	// Leave ends the connection.
	Leave
	// Who asks who is here.
	Who
	// Rename asks for a name.
	Rename
	// Private is a text for one person.
	Private
	// SendFile announces a file, whose bytes follow.
	SendFile
	// AskFile asks for a file.
	AskFile
)

// NoSize is the Size of a SendFile whose last word is no number of bytes.
const NoSize = -1

// Command is one message of a client, read.
type Command struct {
	Verb Verb
	// Arg is the text of Say, as it came; the name of Rename, SendFile and AskFile, without white space around it and
	// not checked; what follows the '@' of Private; "" for the others.
	Arg string
	// Size is how many bytes follow a SendFile: from 0 up, math.MaxInt64 for every larger number, or NoSize.
	Size int64
}

// ParseCommand reads the text of one message.
func ParseCommand(text string) Command {
	switch strings.TrimSpace(text) {
	case "quit", "exit":
		return Command{Verb: Leave}
	case "#ls":
		return Command{Verb: Who}
	case "/name":
		return Command{Verb: Rename}
	}
	if rest, ok := strings.CutPrefix(text, "/name "); ok {
		return Command{Verb: Rename, Arg: strings.TrimSpace(rest)}
	}
	if rest, ok := strings.CutPrefix(text, "@"); ok {
		return Command{Verb: Private, Arg: rest}
	}
	if rest, ok := strings.CutPrefix(text, AskFilePrefix); ok {
		return Command{Verb: AskFile, Arg: strings.TrimSpace(rest)}
	}
	if rest, ok := strings.CutPrefix(text, SendFilePrefix); ok {
		return parseSendFile(strings.TrimSpace(rest))
	}
	return Command{Verb: Say, Arg: text}
}

// parseSendFile reads "NAME SIZE": SIZE is the last word, NAME all before it. Without a size everything is the name.
func parseSendFile(s string) Command {
	last := strings.LastIndexByte(s, ' ') + 1
	size := parseSize(s[last:])
	if size == NoSize {
		return Command{Verb: SendFile, Arg: s, Size: NoSize}
	}
	return Command{Verb: SendFile, Arg: strings.TrimSpace(s[:last]), Size: size}
}

// parseSize reads a number of bytes: decimal digits and nothing else. A number that is too large for an int64 is
// math.MaxInt64, larger than any file.
func parseSize(s string) int64 {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return NoSize
	}
	size, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return size
}

// Append writes the command as a client sends it, with its newline. ParseCommand reads it back, where Arg is a name
// without white space around it, or a text without a line break that does not itself read as another command.
func (c Command) Append(dst []byte) []byte {
	switch c.Verb {
	case Say:
		dst = append(dst, c.Arg...)
	case Leave:
		dst = append(dst, "exit"...)
	case Who:
		dst = append(dst, "#ls"...)
	case Rename:
		dst = append(append(dst, "/name "...), c.Arg...)
	case Private:
		dst = append(append(dst, '@'), c.Arg...)
	case SendFile:
		dst = append(append(append(dst, SendFilePrefix...), c.Arg...), ' ')
		dst = strconv.AppendInt(dst, c.Size, 10)
	case AskFile:
		dst = append(append(dst, AskFilePrefix...), c.Arg...)
	}
	return append(dst, '\n')
}
