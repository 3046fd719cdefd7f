package socket

import "parley/web/wire"

// EntryOf gives what a lasting event begins with; false for every other message.
func EntryOf(m wire.ServerMessage) (wire.Entry, bool) {
	switch m := m.(type) {
	case wire.Message:
		return m.Entry, true
	case wire.DirectMessage:
		return m.Entry, true
	case wire.Edited:
		return m.Entry, true
	case wire.Deleted:
		return m.Entry, true
	case wire.Reaction:
		return m.Entry, true
	case wire.MemberChanged:
		return m.Entry, true
	case wire.RoomChanged:
		return m.Entry, true
	}
	return wire.Entry{}, false
}
