package chat

import (
	"fmt"
	"strings"
)

// ircReader reads the lines of IRC (RFC 2812, section 2.3) that people say or are told of.
type ircReader struct {
	*Conversation
	lines [2]lines
}

func newIRCReader(c *Conversation) *ircReader {
	r := &ircReader{Conversation: c}
	for from := range r.lines {
		r.lines[from].begin(true)
		c.places[from] = &r.lines[from].place
	}
	return r
}

func (r *ircReader) feed(from Side, data []byte, at int64) {
	r.lines[from].feed(from, data, at, r)
}

func (*ircReader) tick(int64) {}

func (r *ircReader) end() {
	r.lines[Client].end(Client, r)
	r.lines[Server].end(Server, r)
}

func (r *ircReader) lost(from Side, n int64) {
	r.lines[from].end(from, r)
	r.missing(from, n)
}

func (r *ircReader) pass(from Side, data []byte) (messages int64, ok bool) {
	return r.lines[from].pass(data, func([]byte) bool { return false })
}

func (r *ircReader) take(from Side, text string, ok bool) int64 {
	m := said(Notice, "", fmt.Sprintf("a message of more than %d bytes", maxLine))
	if ok {
		m = parseIRC(text).message(from)
	}
	r.say(from, m, r.places[from].at)
	return 0
}

// ircLine is a line of IRC, read.
type ircLine struct {
	text    string
	nick    string // of the prefix
	command string // in capitals
	params  []string
}

// maxParams is how many parameters are looked at.
const maxParams = 15

// parseIRC reads a line: tags (IRCv3), prefix, command and parameters.
func parseIRC(text string) ircLine {
	l := ircLine{text: text}
	if strings.HasPrefix(text, "@") {
		_, text, _ = strings.Cut(text, " ")
		text = strings.TrimLeft(text, " ")
	}
	if rest, ok := strings.CutPrefix(text, ":"); ok {
		prefix, after, _ := strings.Cut(rest, " ")
		l.nick, _, _ = strings.Cut(prefix, "!")
		text = strings.TrimLeft(after, " ")
	}
	l.command, text, _ = strings.Cut(text, " ")
	l.command = strings.ToUpper(l.command)
	for text = strings.TrimLeft(text, " "); text != ""; text = strings.TrimLeft(text, " ") {
		if last, ok := strings.CutPrefix(text, ":"); ok || len(l.params) == maxParams-1 {
			l.params = append(l.params, last)
			break
		}
		var p string
		p, text, _ = strings.Cut(text, " ")
		l.params = append(l.params, p)
	}
	return l
}

// param gives a parameter, "" where it is not there.
func (l ircLine) param(i int) string {
	if i < len(l.params) {
		return l.params[i]
	}
	return ""
}

// message gives what the line says.
func (l ircLine) message(from Side) Message {
	switch l.command {
	case "PRIVMSG":
		if to := l.param(0); !strings.HasPrefix(to, "#") && !strings.HasPrefix(to, "&") {
			return said(Private, l.nick, to+": "+l.param(1))
		}
		return said(Text, l.nick, l.param(1))
	case "NICK":
		return said(Name, l.nick, l.param(0))
	case "JOIN", "PART", "QUIT":
		return said(Notice, l.nick, strings.TrimSpace(strings.ToLower(l.command)+" "+strings.Join(l.params, " ")))
	case "PASS", "OPER", "AUTHENTICATE":
		return said(Password, "", "")
	}
	if from == Client {
		return said(Request, "", l.text)
	}
	return said(Answer, "", l.text)
}

// openers are the commands by which a client of IRC begins (RFC 2812, section 3.1, and IRCv3).
var openers = []string{"CAP LS", "PASS ", "NICK ", "USER "}

// registers reports whether a line is how a client of IRC begins.
func registers(line string) bool {
	for _, o := range openers {
		if strings.HasPrefix(line, o) {
			return true
		}
	}
	return false
}

// greetsIRC reports whether a line is how a server of IRC begins.
func greetsIRC(line string) bool {
	l := parseIRC(line)
	switch l.command {
	case "NOTICE":
		return strings.Contains(line, " :")
	case "PING":
		return strings.Contains(line, ":")
	case "CAP", "001":
		return l.nick != ""
	}
	return false
}
