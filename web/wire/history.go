package wire

import "parley"

// NewMessage is the body that posts a message.
type NewMessage struct {
	ID parley.MessageID `json:"id,omitempty"` // made by the client, the same one when it tries again
	Words
}

// MessageEdit is the body that gives a message another text.
type MessageEdit struct {
	ID   parley.MessageID `json:"id,omitempty"` // of this request, made by the client, the same one when it tries again
	Text Text             `json:"text"`
}

// Receipt answers what became an event of a room: it is done, and lasts.
type Receipt struct {
	ID     parley.MessageID `json:"id"` // made by the server where the request had none
	Room   Place            `json:"room"`
	Number parley.Seq       `json:"number"` // of the event
}

// KeptMessage is a message as it is now.
type KeptMessage struct {
	Entry
	Content
	Reactions []ReactionCount `json:"reactions,omitempty"` // in the order in which each was first made
}

// ReactionCount is one reaction to a message, and who made it.
type ReactionCount struct {
	Emoji string       `json:"emoji"`
	By    List[Person] `json:"by"` // in the order in which they reacted
}

// MessagePage is some messages of a room, deleted ones included, in the order that was asked for. With "order=oldest", Next is
// the number to ask for more with as "after", and Prev the one to go back with as "before"; with "order=newest" it is the
// other way round. Where there is nothing more, there is no number.
type MessagePage struct {
	Items List[KeptMessage] `json:"items"`
	Next  parley.Seq        `json:"next,omitempty"`
	Prev  parley.Seq        `json:"prev,omitempty"`
}

// EventPage is what happened in a room after a number, oldest first, each event as it is shown on the socket.
type EventPage struct {
	Items List[Event] `json:"items"`
	First parley.Seq  `json:"first"` // the oldest number that is kept: after a lower one, the page starts here
	Last  parley.Seq  `json:"last"`  // the newest number
	Next  parley.Seq  `json:"next"`  // the number to ask for what comes then with, as "after"
	More  bool        `json:"more"`  // there is more already
}

// Revision is what a message said before it was edited.
type Revision struct {
	Text Text `json:"text"`
	At   Time `json:"at"` // when it was posted or edited to say so
}

// Revisions is what a message said before, oldest first.
type Revisions struct {
	Items List[Revision] `json:"items"`
}

// KeptMessageOf gives a message as it is now. It shares the message's File.
func KeptMessageOf(room *parley.Room, m *parley.Message) KeptMessage {
	head := parley.Entry{Room: m.Room, Seq: m.Seq, ID: m.ID, By: m.By, At: m.At}
	kept := KeptMessage{Entry: EntryOf(room, head), Content: ContentOf(m)}
	for _, r := range m.Reactions {
		count := ReactionCount{Emoji: r.Emoji, By: make([]Person, 0, len(r.By))}
		for _, s := range r.By {
			count.By = append(count.By, PersonOf(s))
		}
		kept.Reactions = append(kept.Reactions, count)
	}
	return kept
}

func (b NewMessage) check() error { return firstError(checkOptionalID(b.ID), b.Words.check()) }

func (b MessageEdit) check() error {
	return firstError(checkOptionalID(b.ID), checkThere("text", string(b.Text)))
}
