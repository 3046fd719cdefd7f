package chat

import (
	"unicode/utf8"

	"parley"
)

// Side is who sent bytes.
type Side int

// The sides of a connection.
const (
	Client Side = iota // asked for the connection
	Server
)

// Kind says what a message is.
type Kind string

// The kinds of message.
const (
	Text     Kind = "text"     // for the room, or in no format that is known
	Private  Kind = "private"  // for one person
	File     Kind = "file"     // a file follows or was sent: its name and size
	Name     Kind = "name"     // a name that somebody asks for
	Password Kind = "password" // which is not told
	Roster   Kind = "roster"   // who is here
	Notice   Kind = "notice"   // a word about the room, the connection, or what could not be read
	Request  Kind = "request"  // asks for something
	Answer   Kind = "answer"   // says what came of it
	Frame    Kind = "frame"    // any other message on a WebSocket
)

// MaxText is how much of a message's text is told, in bytes.
const MaxText = 2000

// maxSpeaker is how much of a speaker's name is told, in bytes.
const maxSpeaker = 200

// Message is something that was said. Speaker and Text are clean.
type Message struct {
	From       Side
	Kind       Kind
	Speaker    string // whom the bytes name as the one who said it, "" where they name nobody
	Text       string // at most MaxText bytes
	Start, End int64  // where it stands among the bytes of its side, those that were lost counted
}

// said makes a message without its place.
func said(kind Kind, speaker, text string) Message {
	return Message{Kind: kind, Speaker: shown(speaker, maxSpeaker), Text: shown(text, MaxText)}
}

// clean makes a message of what a codec has cleaned, without its place.
func clean(kind Kind, speaker, text string) Message {
	return Message{Kind: kind, Speaker: cut(speaker, maxSpeaker), Text: cut(text, MaxText)}
}

// shown cleans a text and cuts it at a character to at most n bytes.
func shown(text string, n int) string {
	return cut(parley.CleanText(cut(text, n)), n)
}

// cut gives the first n bytes of a text, without a character that would not be whole.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for i := n; i > n-utf8.UTFMax && i > 0; i-- {
		if utf8.RuneStart(text[i]) {
			return text[:i]
		}
	}
	return text[:n]
}
