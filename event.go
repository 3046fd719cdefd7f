package parley

import "time"

// Event is something that lasts. It is appended to the journal, becomes durable, is applied to the state, and only then is
// delivered and acknowledged. Whatever is random, slow or read from a clock is already in it: applying it anywhere, any
// time, gives the same state.
type Event interface {
	// Type names what happened and in which version its fields are; append-only, like Code.
	Type() EventType
}

// EventType names a kind of event and the version of its fields.
type EventType string

// The types of event, in the order in which they were added.
const (
	EventRoomOpened     EventType = "room-opened.1"
	EventMessagePosted  EventType = "message-posted.1"
	EventMessageEdited  EventType = "message-edited.1"
	EventMessageDeleted EventType = "message-deleted.1"
	EventMessageReacted EventType = "message-reacted.1"
	EventMemberChanged  EventType = "member-changed.1"
	EventRoomChanged    EventType = "room-changed.1"
	EventRead           EventType = "read.1"
	EventAccountAdded   EventType = "account-added.1"
	EventAccountChanged EventType = "account-changed.1"
	EventAccountRemoved EventType = "account-removed.1"
	EventLoginOpened    EventType = "login-opened.1"
	EventLoginEnded     EventType = "login-ended.1"
	EventLoginsEnded    EventType = "logins-ended.1"
	EventLoginsExpired  EventType = "logins-expired.1"
	EventInviteMade     EventType = "invite-made.1"
	EventInviteUsed     EventType = "invite-used.1"
	EventInviteRevoked  EventType = "invite-revoked.1"
	EventInvitesExpired EventType = "invites-expired.1"
	EventAccountClaimed EventType = "account-claimed.1"
)

// EventTypes gives every type of event, in the order in which they were added.
func EventTypes() []EventType {
	return []EventType{EventRoomOpened, EventMessagePosted, EventMessageEdited, EventMessageDeleted, EventMessageReacted,
		EventMemberChanged, EventRoomChanged, EventRead, EventAccountAdded, EventAccountChanged, EventAccountRemoved,
		EventLoginOpened, EventLoginEnded, EventLoginsEnded, EventLoginsExpired,
		EventInviteMade, EventInviteUsed, EventInviteRevoked, EventInvitesExpired, EventAccountClaimed}
}

// Outcome is what applying one event came to.
type Outcome struct {
	Seq    Seq   // the number it has in its room; 0 when refused, or when the event takes none
	Repeat bool  // it had been applied before: nothing happened now, and nothing is delivered
	Err    error // an *Error when it was refused; the rest of its batch stands all the same
}

// Applied is an event that is durable and applied, on its way to be delivered.
type Applied struct {
	Event   Event
	Outcome Outcome
}

// Entry is what every event has that takes a number in a room. Only the two people of a conversation may have entries in
// it; elsewhere the rule is May.
type Entry struct {
	Room RoomID
	Seq  Seq       // given by the journal; 0 before
	ID   MessageID // made by whoever asks for it; the same id from the same sender is applied once, whatever it is of
	By   Sender
	At   time.Time
}

// RoomEvent is an event that takes a number in a room, and is shown to those who are in it.
type RoomEvent interface {
	Event
	// Head gives the entry that the event is. Its Seq is filled in only where the event was read from history.
	Head() Entry
}
