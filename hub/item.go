package hub

import "parley"

// ItemKind says what an Item shows.
type ItemKind uint8

// The kinds of item.
const (
	ItemEvent    ItemKind = iota + 1 // something that lasts has happened in a room
	ItemPresence                     // people came and went
	ItemTyping                       // people are typing
	ItemRead                         // the reader has read up to a number, on another of their connections
)

// Item is one thing that somebody is shown. Whoever is given one must neither keep nor change it, nor what it points
// to.
type Item struct {
	Kind ItemKind
	Room parley.Room // where; a conversation of two is of kind parley.RoomDirect. Last and First are not filled in

	Event  parley.RoomEvent // for ItemEvent; its number is in it
	Person Person           // for ItemEvent, by whose connection it came; zero for none, or none that is still there

	Joined, Left []Person // for ItemPresence; who left went before the others came
	Count        int      // for ItemPresence, of a GatheringForm: how many are there now
	Typing       []Person // for ItemTyping; whoever reads it may be among them where there are several
	Read         parley.Seq
}

// Form is how one protocol, together with everything that changes its bytes, shows items. Forms are compared with ==,
// and everybody whose form is the same gets the same bytes: make one for each listener and share it.
type Form interface {
	// AppendItem appends what item looks like to dst, and nothing for an item that this form does not show. The hub calls
	// it from one goroutine at a time.
	AppendItem(dst []byte, item *Item) []byte
	// Echo reports whether a session gets the events that it caused itself. It always gives the same answer.
	Echo() bool
}

// GatheringForm is a Form that shows many people who come or go as one. Its items of ItemPresence name all who did
// within a moment, the reader perhaps among them; those of other forms name one person each, and nobody is told of
// themselves.
type GatheringForm interface {
	Form
	// Gathers reports whether that is so. It always gives the same answer.
	Gathers() bool
}

// gathers reports whether a form is shown many people as one.
func gathers(f Form) bool {
	g, ok := f.(GatheringForm)
	return ok && g.Gathers()
}

// Outbox is where one session's bytes go. Its methods never block, and are called from any goroutine.
type Outbox interface {
	// Send takes parts, in order, to be written as one. It queues them, and ends the connection when too much is queued.
	// It may keep the byte slices, which never change, but not parts itself.
	Send(parts [][]byte)
	// Close ends the connection for a reason, an *parley.Error whose sentence the person is told, behind what was sent.
	// The session is still to be left. Only the first call counts.
	Close(reason error)
}
