package wire

import "parley"

// AppendEvent writes a lasting event of a room as its members are shown it, and nothing for one that nobody is shown. It
// allocates nothing but the growth of dst. In a conversation, whom a message is to is told by id.
func AppendEvent(dst []byte, room *parley.Room, event parley.RoomEvent) []byte {
	switch e := event.(type) {
	case parley.MessagePosted:
		if room.Kind == parley.RoomDirect {
			return directOf(room, e).Append(dst)
		}
		return messageOf(room, e).Append(dst)
	case parley.MessageEdited:
		return editedOf(room, e).Append(dst)
	case parley.MessageDeleted:
		return deletedOf(room, e).Append(dst)
	case parley.MessageReacted:
		return reactionOf(room, e).Append(dst)
	case parley.MemberChanged:
		return memberOf(room, e).Append(dst)
	case parley.RoomChanged:
		return roomOf(room, e).Append(dst)
	}
	return dst
}

// EventOf gives what AppendEvent writes; false where it writes nothing.
func EventOf(room *parley.Room, event parley.RoomEvent) (Event, bool) {
	switch e := event.(type) {
	case parley.MessagePosted:
		if room.Kind == parley.RoomDirect {
			return Event{directOf(room, e)}, true
		}
		return Event{messageOf(room, e)}, true
	case parley.MessageEdited:
		return Event{editedOf(room, e)}, true
	case parley.MessageDeleted:
		return Event{deletedOf(room, e)}, true
	case parley.MessageReacted:
		return Event{reactionOf(room, e)}, true
	case parley.MemberChanged:
		return Event{memberOf(room, e)}, true
	case parley.RoomChanged:
		return Event{roomOf(room, e)}, true
	}
	return Event{}, false
}

// Event is a lasting event of a room in a page of them, exactly as it is shown on the socket: a Message, DirectMessage,
// Edited, Deleted, Reaction, MemberChanged or RoomChanged.
type Event struct{ ServerMessage }

// MarshalJSON writes the event, null for none. It never fails.
func (e Event) MarshalJSON() ([]byte, error) {
	if e.ServerMessage == nil {
		return []byte("null"), nil
	}
	return e.Append(nil), nil
}

// UnmarshalJSON reads what MarshalJSON wrote. An event of a type that is not known here has no ServerMessage.
func (e *Event) UnmarshalJSON(data []byte) (err error) {
	e.ServerMessage, err = DecodeServer(data)
	if parley.CodeOf(err) == parley.CodeUnsupported {
		return nil
	}
	return err
}

func messageOf(room *parley.Room, e parley.MessagePosted) Message {
	return Message{Entry: EntryOf(room, e.Head()), Content: ContentOf(&e.Message)}
}

func directOf(room *parley.Room, e parley.MessagePosted) DirectMessage {
	to := Person{}
	if a, b, ok := room.ID.Pair(); ok && a == e.Message.By.ID {
		to.ID = b
	} else {
		to.ID = a
	}
	return DirectMessage{Entry: EntryOf(room, e.Head()), To: to, Content: ContentOf(&e.Message)}
}

func editedOf(room *parley.Room, e parley.MessageEdited) Edited {
	return Edited{Entry: EntryOf(room, e.Entry), Target: e.Target, Text: Text(e.Text)}
}

func deletedOf(room *parley.Room, e parley.MessageDeleted) Deleted {
	return Deleted{Entry: EntryOf(room, e.Entry), Target: e.Target}
}

func reactionOf(room *parley.Room, e parley.MessageReacted) Reaction {
	return Reaction{Entry: EntryOf(room, e.Entry), Target: e.Target, Emoji: e.Emoji, Off: !e.On}
}

func memberOf(room *parley.Room, e parley.MemberChanged) MemberChanged {
	m := MemberChanged{Entry: EntryOf(room, e.Entry), Who: PersonOf(e.Who), Change: e.Change}
	if e.Change == parley.MemberAppointed {
		m.Role = e.Role
	}
	return m
}

func roomOf(room *parley.Room, e parley.RoomChanged) RoomChanged {
	return RoomChanged{Entry: EntryOf(room, e.Entry), Kind: e.Kind, Topic: e.Topic}
}

// EntryOf gives what the event with that head begins with.
func EntryOf(room *parley.Room, head parley.Entry) Entry {
	return Entry{Room: PlaceOf(room), Number: head.Seq, ID: head.ID, By: PersonOf(head.By), At: At(head.At)}
}

// ContentOf gives what a message says now. It shares the message's File.
func ContentOf(m *parley.Message) Content {
	return Content{Text: Text(m.Text), File: (*File)(m.File), Reply: m.Reply, Edited: m.Edited, Deleted: m.Deleted}
}
