package console

import (
	"fmt"
	"strings"

	"parley"
	"parley/hub"
)

// form is how the console shows items.
type form struct {
	home   parley.RoomID
	labels map[string]string // by listener URL
}

// newForm labels each listener by its scheme, and by scheme, host and port where several have the same scheme.
func newForm(home parley.RoomID, listeners []string) *form {
	count := make(map[string]int)
	for _, url := range listeners {
		count[scheme(url)]++
	}
	f := &form{home: home, labels: make(map[string]string)}
	for _, url := range listeners {
		f.labels[url] = scheme(url)
		if count[scheme(url)] > 1 {
			f.labels[url], _, _ = strings.Cut(url, "?")
		}
	}
	return f
}

// Echo is false: the operator has seen what they typed.
func (f *form) Echo() bool { return false }

// AppendItem shows every kind of item that the console knows.
func (f *form) AppendItem(dst []byte, item *hub.Item) []byte {
	switch item.Kind {
	case hub.ItemEvent:
		return f.appendEvent(dst, item)
	case hub.ItemPresence:
		for _, person := range item.Left {
			dst = f.appendPresence(dst, item.Room, person, " left")
		}
		for _, person := range item.Joined {
			dst = f.appendPresence(dst, item.Room, person, " joined")
		}
	}
	return dst
}

// appendEvent shows a message and what becomes of one later, and tells of what becomes of the people and of the room.
// Reactions are not shown.
func (f *form) appendEvent(dst []byte, item *hub.Item) []byte {
	switch e := item.Event.(type) {
	case parley.MessagePosted:
		return f.appendText(dst, item, wording(&e.Message))
	case parley.MessageEdited:
		return f.appendText(dst, item, "[edit] "+strings.ReplaceAll(e.Text, "\n", "\n[edit] "))
	case parley.MessageDeleted:
		return f.appendText(dst, item, "[deleted a message]")
	case parley.MemberChanged, parley.RoomChanged:
		return appendLines(dst, "* "+f.room(item.Room), parley.CleanLine(hub.Notice(e)))
	}
	return dst
}

// appendText shows what somebody says, each line after who they are and where they are connected.
func (f *form) appendText(dst []byte, item *hub.Item, text string) []byte {
	prefix := f.room(item.Room) + parley.CleanLine(item.Event.Head().By.Name)
	var notes []string
	if item.Room.Kind == parley.RoomDirect {
		notes = append(notes, "private")
	}
	if where := f.where(item.Person); where != "" {
		notes = append(notes, where)
	}
	if len(notes) > 0 {
		prefix += " (" + strings.Join(notes, ", ") + ")"
	}
	return appendLines(dst, prefix+": ", text)
}

// appendPresence shows that somebody came or went.
func (f *form) appendPresence(dst []byte, room parley.Room, person hub.Person, what string) []byte {
	dst = append(dst, "* "...)
	dst = append(dst, f.room(room)...)
	dst = append(dst, parley.CleanLine(person.Shown)...)
	dst = append(dst, what...)
	if where := f.where(person); where != "" {
		dst = append(dst, " ("+where+")"...)
	}
	return append(dst, '\n')
}

// room is what a line begins with that comes from another room than the operator's.
func (f *form) room(r parley.Room) string {
	if r.ID == f.home || r.Kind == parley.RoomDirect {
		return ""
	}
	return "[" + parley.CleanLine(string(r.Name)) + "] "
}

// where tells the listener and the address that somebody is connected by, "" for nobody.
func (f *form) where(p hub.Person) string {
	label, known := f.labels[p.Listener]
	if !known {
		label = scheme(p.Listener)
	}
	if !p.Address.IsValid() {
		return label
	}
	return strings.TrimPrefix(label+" "+p.Address.String(), " ")
}

// wording is what a message says, in words.
func wording(m *parley.Message) string {
	if m.File != nil {
		return fmt.Sprintf("[file %s %d bytes]", parley.CleanLine(string(m.File.Name)), m.File.Size)
	}
	return m.Text
}

// appendLines appends text, each of its lines after prefix.
func appendLines(dst []byte, prefix, text string) []byte {
	for line := range parley.Lines(parley.CleanText(text)) {
		dst = append(dst, prefix...)
		dst = append(dst, line...)
		dst = append(dst, '\n')
	}
	return dst
}

// scheme gives the part of a listener's URL that names its protocol.
func scheme(url string) string {
	s, _, _ := strings.Cut(url, "://")
	return s
}
