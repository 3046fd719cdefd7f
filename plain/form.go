package plain

import (
	"parley"
	"parley/hub"
	"parley/plain/wire"
)

// form is how the people of one listener read what happens.
type form struct {
	style   wire.Style
	echo    bool
	notices bool
	silent  bool // they get answers to what they ask and private messages, and nothing else
}

// newForm gives the form of a listener with these options.
func newForm(o Options) *form {
	return &form{style: o.Style, echo: o.Echo, notices: o.Notices, silent: o.Respond != RespondNever}
}

// Echo reports whether people get their own messages too.
func (f *form) Echo() bool { return f.echo }

// AppendItem writes an item as its lines.
func (f *form) AppendItem(dst []byte, item *hub.Item) []byte {
	switch {
	case f.silent && item.Room.Kind != parley.RoomDirect:
		return dst
	case item.Kind == hub.ItemEvent:
		return f.appendEvent(dst, item)
	case item.Kind == hub.ItemPresence && f.notices:
		return appendPresence(dst, item)
	}
	return dst
}

// appendPresence writes who came and went.
func appendPresence(dst []byte, item *hub.Item) []byte {
	for i := range item.Left {
		dst = wire.AppendLeft(dst, item.Left[i].Shown)
	}
	for i := range item.Joined {
		dst = wire.AppendJoined(dst, item.Joined[i].Shown)
	}
	return dst
}

// appendEvent writes a message: a file, a private text or a text for the room. What becomes of one later is a message
// too, of words that say so; what becomes of the people and the room is a notice; reactions are not shown.
func (f *form) appendEvent(dst []byte, item *hub.Item) []byte {
	private := item.Room.Kind == parley.RoomDirect
	switch e := item.Event.(type) {
	case parley.MessagePosted:
		return f.appendMessage(dst, &e.Message, private)
	case parley.MessageEdited:
		if e.Text != "" { // else it was deleted since
			return f.appendText(dst, e.Entry.By.Name, wire.EditText(e.Text), private)
		}
	case parley.MessageDeleted:
		return f.appendText(dst, e.Entry.By.Name, wire.DeletedText, private)
	case parley.MemberChanged, parley.RoomChanged:
		if f.notices {
			return wire.AppendNotice(dst, hub.Notice(item.Event))
		}
	}
	return dst
}

// appendMessage writes a message as it was posted, and nothing for one that was deleted since.
func (f *form) appendMessage(dst []byte, m *parley.Message, private bool) []byte {
	switch {
	case m.File != nil:
		return f.style.AppendFile(dst, m.By.Name, m.File)
	case m.Deleted:
		return dst
	}
	return f.appendText(dst, m.By.Name, m.Text, private)
}

// appendText writes a text, to the room or to one person.
func (f *form) appendText(dst []byte, name, text string, private bool) []byte {
	if private {
		return wire.AppendPrivate(dst, name, text)
	}
	return f.style.AppendMessage(dst, name, text)
}
