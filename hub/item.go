package hub

import "parley"

// ItemKind says what an Item shows.
type ItemKind uint8

// The kinds of item.
const (
	ItemMessage ItemKind = iota + 1 // a message was posted
	ItemJoined                      // somebody came
	ItemLeft                        // somebody went
)

// Item is one thing that the members of a room are shown. Whoever is given one must neither keep nor change it.
type Item struct {
	Kind    ItemKind
	Room    parley.Room    // a direct message stands in a room of kind parley.RoomDirect; Last is not filled in
	Message parley.Message // for ItemMessage
	Person  Person         // who came or went; of a message, who sent it, zero where they are not connected here (any more)
}

// Form is how one protocol, together with everything that changes its bytes, shows items. Forms are compared with ==, and
// everybody whose form is the same gets the same bytes: make one for each listener and share it.
type Form interface {
	// AppendItem appends what item looks like to dst, and nothing for an item that this form does not show. The hub calls
	// it from one goroutine at a time.
	AppendItem(dst []byte, item *Item) []byte
	// Echo reports whether a session gets the messages that it sent itself. It always gives the same answer.
	Echo() bool
}

// Outbox is where one session's bytes go.
type Outbox interface {
	// Send takes parts, in order, to be written as one. It never blocks: it queues, and ends the connection when too much
	// is queued. It may keep the byte slices, which never change, but not parts itself.
	Send(parts [][]byte)
}
