package chat

import (
	"encoding/json"
	"fmt"
	"strings"

	"parley/web/wire"
)

// clientMessage tells what a client of Parley sends on a WebSocket.
func clientMessage(m wire.ClientMessage) Message {
	switch m := m.(type) {
	case wire.Post:
		return said(Text, "", string(m.Text))
	case wire.Direct:
		return said(Private, "", m.To+": "+string(m.Text))
	case wire.Edit:
		return said(Frame, "", fmt.Sprintf("edit %d: %s", m.Target, m.Text))
	case wire.Hello:
		return said(Name, "", m.Name)
	case wire.Join:
		return said(Request, "", "join "+string(m.Room))
	case wire.Leave:
		return said(Request, "", "leave "+string(m.Room))
	}
	return said(Request, "", string(m.Type()))
}

// serverMessage tells what a server of Parley sends on a WebSocket.
func serverMessage(m wire.ServerMessage) Message {
	switch m := m.(type) {
	case wire.Message:
		return content(Text, m.By.Name, m.Content)
	case wire.DirectMessage:
		return content(Private, m.By.Name, m.Content)
	case wire.Edited:
		return clean(Frame, m.By.Name, fmt.Sprintf("edited %d: %s", m.Target, m.Text))
	case wire.Deleted:
		return clean(Frame, m.By.Name, fmt.Sprintf("deleted %d", m.Target))
	case wire.Refused:
		return clean(Answer, "", "error: "+m.Sentence)
	case wire.Ack:
		return clean(Answer, "", "ack")
	case wire.Bye:
		return clean(Notice, "", "bye: "+m.Sentence)
	case wire.Presence:
		return clean(Notice, "", presence(m))
	}
	return clean(Frame, "", string(m.Type()))
}

// content tells what was posted.
func content(kind Kind, by string, c wire.Content) Message {
	switch {
	case c.File != nil:
		return clean(File, by, fmt.Sprintf("%s, %d bytes", c.File.Name, c.File.Size))
	case c.Deleted:
		return clean(kind, by, "deleted since")
	}
	return clean(kind, by, string(c.Text))
}

// presence tells who came and went.
func presence(p wire.Presence) string {
	var words []string
	for _, who := range p.Joined {
		words = append(words, who.Name+" joined")
	}
	for _, who := range p.Left {
		words = append(words, who.Name+" left")
	}
	if len(words) == 0 {
		return fmt.Sprintf("%d are here", p.Count)
	}
	return strings.Join(words, ", ")
}

// typeOf gives the type of a message that is read no further, "" where it has none.
func typeOf(payload []byte) string {
	var head struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(payload, &head) != nil {
		return ""
	}
	return head.Type
}
