package parley

import "time"

// Sender is who sent something, and the name that was shown for them then. The name may be one that nobody can choose:
// an address and port for somebody who has picked none.
type Sender struct {
	ID   SenderID
	Name string
}

// Message is one message in a room, as it is kept and as it is shown.
type Message struct {
	Room RoomID
	Seq  Seq // given by the journal; 0 before
	ID   MessageID
	By   Sender
	At   time.Time // when the server took it, for people to read; the order is Seq's
	Text string    // clean (see CleanText); "" when File is set
	File *File     // nil for a message of words
}
