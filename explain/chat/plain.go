package chat

import (
	"fmt"
	"strings"

	"parley/plain/wire"
)

// plainReader reads plain://, and whatever else is lines of text.
type plainReader struct {
	*Conversation
	lines [2]lines
	asked bool // the server wants a password
}

func newPlainReader(c *Conversation) *plainReader {
	r := &plainReader{Conversation: c}
	for from := range r.lines {
		r.lines[from].begin(false)
		c.places[from] = &r.lines[from].place
	}
	return r
}

func (r *plainReader) feed(from Side, data []byte, at int64) {
	r.lines[from].feed(from, data, at, r)
}

func (r *plainReader) tick(at int64) {
	r.lines[Client].tick(Client, at, r)
	r.lines[Server].tick(Server, at, r)
}

func (r *plainReader) end() {
	r.lines[Client].end(Client, r)
	r.lines[Server].end(Server, r)
}

func (r *plainReader) lost(from Side, n int64) {
	l := &r.lines[from]
	if l.raw > 0 {
		if n = l.skip(n); n == 0 {
			return
		}
	}
	l.end(from, r)
	r.missing(from, n)
}

func (r *plainReader) pass(from Side, data []byte) (messages int64, ok bool) {
	if from == Client {
		if r.asked {
			return 0, false
		}
		return r.lines[Client].pass(data, clientWeighs)
	}
	return r.lines[Server].pass(data, serverWeighs)
}

// clientWeighs reports whether what follows a client's line depends on it.
func clientWeighs(line []byte) bool { return begins(line, wire.SendFilePrefix) }

// serverWeighs reports whether what follows a server's line depends on it.
func serverWeighs(line []byte) bool { return begins(line, "file:") || begins(line, passwordFor) }

// passwordFor is how the question for a password begins.
const passwordFor = "password for "

func (r *plainReader) take(from Side, text string, ok bool) (raw int64) {
	var m Message
	switch {
	case !ok:
		m = said(Notice, "", fmt.Sprintf("a message of more than %d bytes", maxLine))
	case from == Server:
		m, raw = r.serverLine(text)
	case r.asked:
		m, r.asked = said(Password, "", ""), false
	default:
		m, raw = command(text)
	}
	r.say(from, m, r.places[from].at)
	return raw
}

// command reads what a client of plain says.
func command(text string) (m Message, raw int64) {
	c := wire.ParseCommand(text)
	switch c.Verb {
	case wire.Say:
		return said(Text, "", c.Arg), 0
	case wire.Private:
		return said(Private, "", c.Arg), 0
	case wire.Rename:
		return said(Name, "", c.Arg), 0
	case wire.SendFile:
		if c.Size == wire.NoSize {
			return said(File, "", c.Arg), 0
		}
		return said(File, "", fmt.Sprintf("%s, %d bytes", cut(c.Arg, MaxText/2), c.Size)), c.Size
	}
	return said(Request, "", strings.TrimSpace(text)), 0
}

// serverLine reads what a server of plain says.
func (r *plainReader) serverLine(text string) (m Message, raw int64) {
	l := wire.ParseServerLine(text)
	switch l.Kind {
	case wire.LineMessage:
		return clean(Text, l.Name, l.Words), 0
	case wire.LinePrivate:
		return clean(Private, l.Name, l.Words), 0
	case wire.LineNotice, wire.LineClosed:
		return clean(Notice, "", l.Words), 0
	case wire.LineFile:
		return clean(File, "", fmt.Sprintf("%s, %d bytes", l.File.Name, l.File.Size)), l.File.Size
	case wire.LineError, wire.LineStored, wire.LineYouAre, wire.LineOnline:
		return clean(Answer, "", l.Text), 0
	}
	if isPasswordQuestion(l.Text) {
		r.asked = true
		return clean(Notice, "", l.Text), 0
	}
	return clean(Text, "", l.Text), 0
}

// isPasswordQuestion reports whether what comes next from the client is a password.
func isPasswordQuestion(text string) bool {
	return strings.HasPrefix(text, passwordFor) && strings.HasSuffix(strings.TrimRight(text, " "), ":")
}
