package parley

// MessagePosted adds a message to a room. It is refused with CodeNoSuchRoom when the room does not exist and is no direct
// conversation (which comes into being with its first message), with CodeBanned or CodeForbidden when its sender may not
// speak there, and with CodeNoSuchMessage when it answers a message that is not there.
type MessagePosted struct {
	Message  Message
	Mentions []NameKey // whom the text names, as Mentions gives them
}

// Type is EventMessagePosted.
func (MessagePosted) Type() EventType { return EventMessagePosted }

// Head is the message's entry.
func (e MessagePosted) Head() Entry {
	m := &e.Message
	return Entry{Room: m.Room, Seq: m.Seq, ID: m.ID, By: m.By, At: m.At}
}

// MessageEdited gives a message another text. Only its sender may (CodeForbidden), and only words (CodeInvalid for a file).
// What it said before is kept for those who may see revisions. It is refused with CodeNoSuchMessage when there is no such
// message, or none any more.
type MessageEdited struct {
	Entry  Entry
	Target Seq // the message's number
	Text   string
}

// Type is EventMessageEdited.
func (MessageEdited) Type() EventType { return EventMessageEdited }

// Head is the edit's own entry.
func (e MessageEdited) Head() Entry { return e.Entry }

// MessageDeleted erases the text or the file of a message, all that it said before, and its reactions; that there was a
// message stays. Its sender may, and whoever may delete what others said.
type MessageDeleted struct {
	Entry  Entry
	Target Seq
}

// Type is EventMessageDeleted.
func (MessageDeleted) Type() EventType { return EventMessageDeleted }

// Head is the deletion's own entry.
func (e MessageDeleted) Head() Entry { return e.Entry }

// MessageReacted adds a reaction to a message, or takes it back. It is refused with CodeInvalid when that changes nothing, or
// when it would be more than MaxReactions. Read from history after the message was deleted, it has no Emoji any more.
type MessageReacted struct {
	Entry  Entry
	Target Seq
	Emoji  string
	On     bool
}

// Type is EventMessageReacted.
func (MessageReacted) Type() EventType { return EventMessageReacted }

// Head is the reaction's own entry.
func (e MessageReacted) Head() Entry { return e.Entry }

// MemberChange says what becomes of somebody in a room.
type MemberChange string

// The changes.
const (
	MemberInvited   MemberChange = "invited"   // may enter a private room from now on
	MemberLeft      MemberChange = "left"      // gave up a private room, or a role in a room, of their own will
	MemberKicked    MemberChange = "kicked"    // was sent out of the room, and of a private one for good until invited again
	MemberBanned    MemberChange = "banned"    // was sent out and may not come back
	MemberUnbanned  MemberChange = "unbanned"  // may come back
	MemberAppointed MemberChange = "appointed" // has another role in the room
)

// MemberChanged changes what somebody is in a room. Who may is said by VerbInvite, VerbKick and VerbAppoint; nobody may do it
// to somebody of their own rank or above (CodeForbidden), but everybody may leave. It is refused with CodeNoSuchUser for an
// account that does not exist, and with CodeInvalid when it changes nothing; sending somebody out of a room that they may
// come back to is something all the same.
type MemberChanged struct {
	Entry  Entry
	Who    Sender
	Change MemberChange
	Role   Role // for MemberAppointed: RoleMember, RoleModerator or RoleOwner
}

// Type is EventMemberChanged.
func (MemberChanged) Type() EventType { return EventMemberChanged }

// Head is the change's own entry.
func (e MemberChanged) Head() Entry { return e.Entry }

// RoomChanged gives a room another topic and kind, both at once. A direct conversation has neither (CodeForbidden).
type RoomChanged struct {
	Entry Entry
	Topic string
	Kind  RoomKind
}

// Type is EventRoomChanged.
func (RoomChanged) Type() EventType { return EventRoomChanged }

// Head is the change's own entry.
func (e RoomChanged) Head() Entry { return e.Entry }
