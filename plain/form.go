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
	case item.Kind == hub.ItemMessage:
		return f.appendMessage(dst, item)
	case item.Kind == hub.ItemJoined && f.notices:
		return wire.AppendJoined(dst, item.Person.Shown)
	case item.Kind == hub.ItemLeft && f.notices:
		return wire.AppendLeft(dst, item.Person.Shown)
	}
	return dst
}

// appendMessage writes a message: a file, a private text or a text for the room.
func (f *form) appendMessage(dst []byte, item *hub.Item) []byte {
	m := &item.Message
	switch {
	case m.File != nil:
		return f.style.AppendFile(dst, m.By.Name, m.File)
	case item.Room.Kind == parley.RoomDirect:
		return wire.AppendPrivate(dst, m.By.Name, m.Text)
	}
	return f.style.AppendMessage(dst, m.By.Name, m.Text)
}
