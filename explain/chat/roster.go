package chat

import (
	"fmt"
	"strings"
	"time"

	"parley/roster/wire"
)

// rosterReader reads roster://: texts without an end from the client, and texts and rosters from the server.
type rosterReader struct {
	*Conversation
	client lines
	naming bool // what the client says next is its name
	asked  bool // or its password
	server place
	parser wire.Parser
	base   int64 // where in the stream the parser's bytes begin
}

func newRosterReader(c *Conversation) *rosterReader {
	r := &rosterReader{Conversation: c, naming: c.whole}
	r.client.begin(false)
	r.server.most = wire.MaxRoster
	c.places = [2]*place{&r.client.place, &r.server}
	return r
}

func (r *rosterReader) feed(from Side, data []byte, at int64) {
	if from == Client {
		r.client.feed(Client, data, at, r)
		return
	}
	if r.server.at == r.server.start {
		_, kept := r.parser.Where()
		r.base = r.server.at - kept
	}
	r.server.at += int64(len(data))
	r.items(r.parser.Read(data, time.Unix(0, at)))
}

func (r *rosterReader) tick(at int64) {
	r.client.tick(Client, at, r)
	if r.server.at > r.server.start {
		r.items(r.parser.Fire(time.Unix(0, at)))
	}
}

func (r *rosterReader) end() {
	r.client.end(Client, r)
	r.items(r.parser.End())
}

func (r *rosterReader) lost(from Side, n int64) {
	if from == Client {
		r.client.end(Client, r)
	} else {
		r.items(r.parser.End())
	}
	r.missing(from, n)
}

// items tells what the parser has found.
func (r *rosterReader) items(items []wire.Item) {
	starts, kept := r.parser.Where()
	for i, item := range items {
		end := kept
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		r.server.start = max(r.server.start, r.base+starts[i])
		r.say(Server, r.item(item), max(r.server.start, r.base+end))
	}
	r.server.start = max(r.server.start, r.base+kept)
}

// item reads something that the server said.
func (r *rosterReader) item(item wire.Item) Message {
	switch {
	case item.Kind == wire.ItemRoster:
		return clean(Roster, "", listed(item.Roster))
	case item.Kind == wire.ItemIgnored:
		return clean(Notice, "", item.Text)
	case item.Private:
		return clean(Private, item.From, item.Text)
	case item.From != "":
		return clean(Text, item.From, item.Text)
	}
	if wire.IsRefusal(item) {
		r.naming = true
		return clean(Answer, "", item.Text)
	}
	r.asked = r.asked || isPasswordQuestion(item.Text)
	return clean(Notice, "", item.Text)
}

// listed writes a roster in one line.
func listed(r wire.Roster) string {
	var b strings.Builder
	for i, e := range r {
		if i > 0 {
			b.WriteString(", ")
		}
		if b.Len() > MaxText {
			break
		}
		b.WriteString(cut(e.Name, maxSpeaker))
		if e.Address.IsValid() {
			b.WriteString(" " + e.Address.String())
		}
	}
	return b.String()
}

func (r *rosterReader) take(from Side, text string, ok bool) int64 {
	var m Message
	switch {
	case !ok:
		m = said(Notice, "", fmt.Sprintf("a message of more than %d bytes", maxLine))
	case r.asked:
		m, r.asked = said(Password, "", ""), false
	case r.naming:
		m, r.naming = said(Name, "", wire.CleanName(text)), false
	default:
		m = said(Text, "", strings.TrimRight(text, "\r\n"))
	}
	r.say(from, m, r.places[from].at)
	return 0
}
