package client

import (
	"strconv"
	"strings"

	"parley"
	"parley/web/wire"
)

// Lines gives a lasting event of an http:// server in words, each line with who did it before it: "bob: hello",
// "bob: [edit 12] hallo", "* eve was banned by bob". There is none for what is no such event.
func Lines(m wire.ServerMessage) []string {
	switch m := m.(type) {
	case wire.Message:
		return linesBy(m.By, contentText(m.Content))
	case wire.DirectMessage:
		return linesBy(m.By, contentText(m.Content))
	case wire.Edited:
		return linesBy(m.By, "[edit "+number(m.Target)+"] "+string(m.Text))
	case wire.Deleted:
		return linesBy(m.By, "[deleted "+number(m.Target)+"]")
	case wire.Reaction:
		if m.Off {
			return linesBy(m.By, "[took back "+m.Emoji+" from "+number(m.Target)+"]")
		}
		return linesBy(m.By, "["+m.Emoji+" to "+number(m.Target)+"]")
	case wire.MemberChanged:
		return []string{"* " + memberNotice(m)}
	case wire.RoomChanged:
		return []string{"* " + roomNotice(m)}
	}
	return nil
}

// LinesOfMessage gives a message as it is now, as Lines does.
func LinesOfMessage(m wire.KeptMessage) []string { return linesBy(m.By, contentText(m.Content)) }

// contentText gives what a message says.
func contentText(c wire.Content) string {
	switch {
	case c.Deleted:
		return "[deleted]"
	case c.File != nil:
		return "[file " + string(c.File.Name) + " " + strconv.FormatInt(c.File.Size, 10) + " bytes]"
	}
	return string(c.Text)
}

// nameOf gives what somebody is shown as.
func nameOf(p wire.Person) string {
	if p.Name == "" {
		return string(p.ID)
	}
	return p.Name
}

// linesBy gives the lines of a text, each with who said it.
func linesBy(p wire.Person, text string) (lines []string) {
	for line := range parley.Lines(parley.CleanText(text)) {
		lines = append(lines, strings.TrimRight(nameOf(p)+": "+line, " "))
	}
	return lines
}

func number(n parley.Seq) string { return strconv.FormatInt(int64(n), 10) }
