package web

import (
	"parley/hub"
	"parley/web/frame"
	"parley/web/wire"
)

// form is how everybody on a WebSocket reads what happens: each item is one text frame.
type form struct {
	_ byte // a form is told from another by its address
}

// Echo is true: everybody gets every message, its author too, because its number stands in it.
func (*form) Echo() bool { return true }

// Gathers is true: those who come and go at once are one message.
func (*form) Gathers() bool { return true }

// AppendItem appends the frame of an item.
func (*form) AppendItem(dst []byte, item *hub.Item) []byte {
	return frame.AppendText(dst, func(dst []byte) []byte { return appendItem(dst, item) })
}

func appendItem(dst []byte, item *hub.Item) []byte {
	switch item.Kind {
	case hub.ItemEvent:
		return wire.AppendEvent(dst, &item.Room, item.Event)
	case hub.ItemPresence:
		m := wire.Presence{Room: wire.PlaceOf(&item.Room), Count: item.Count}
		if len(item.Joined)+len(item.Left) <= wire.MaxChanges {
			m.Joined, m.Left = people(item.Joined), people(item.Left)
		}
		return m.Append(dst)
	case hub.ItemTyping:
		return wire.PeopleTyping{Room: wire.PlaceOf(&item.Room), People: people(item.Typing)}.Append(dst)
	case hub.ItemRead:
		return wire.ReadUpTo{Room: wire.PlaceOf(&item.Room), Number: item.Read}.Append(dst)
	}
	return dst
}

var _ hub.GatheringForm = (*form)(nil)
