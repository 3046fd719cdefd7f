package parley

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
	EventRoomOpened    EventType = "room-opened.1"
	EventMessagePosted EventType = "message-posted.1"
)

// RoomOpened makes a public room. It is refused with CodeNameTaken when a room of that name exists. Room.Last is 0.
type RoomOpened struct{ Room Room }

// Type is EventRoomOpened.
func (RoomOpened) Type() EventType { return EventRoomOpened }

// MessagePosted adds a message to a room and takes the room's next number. It is refused with CodeNoSuchRoom when the room
// does not exist and is no direct conversation (which comes into being with its first message). A message whose sender and
// id were seen before changes nothing and has the outcome of the first.
type MessagePosted struct{ Message Message }

// Type is EventMessagePosted.
func (MessagePosted) Type() EventType { return EventMessagePosted }

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
