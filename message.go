package parley

import (
	"strings"
	"time"
	"unicode"
)

// Sender is who sent something, and the name that was shown for them then. The name may be one that nobody can choose:
// an address and port for somebody who has picked none.
type Sender struct {
	ID   SenderID
	Name string
}

// Message is one message in a room, as it is kept and as it is shown. What somebody posts has neither Edited, Deleted nor
// Reactions: those come of later events, and the state knows them.
type Message struct {
	Room  RoomID
	Seq   Seq // given by the journal; 0 before
	ID    MessageID
	By    Sender
	At    time.Time // when the server took it, for people to read; the order is Seq's
	Text  string    // clean (see CleanText), the newest version; "" when File is set, and when it was deleted
	File  *File     // nil for a message of words
	Reply Seq       // the message in the same room that this one answers; 0 for none

	Edited    bool            // Text is not what was posted first
	Deleted   bool            // Text and File are gone; that there was a message stays
	Reactions []ReactionCount // in the order in which each was first made
}

// ReactionCount is one reaction to a message, and who made it.
type ReactionCount struct {
	Emoji string
	By    []Sender // in the order in which they reacted
}

// Revision is what a message said before it was edited.
type Revision struct {
	Text string
	At   time.Time // when it was posted or edited to say so
}

// MaxReaction is the longest reaction, in bytes: enough for any emoji of several characters.
const MaxReaction = 64

// MaxReactions is how many reactions one person can have made to one message.
const MaxReactions = 20

// CheckReaction tells whether emoji may stand as a reaction: valid, clean UTF-8 of 1 to MaxReaction bytes without white space.
func CheckReaction(emoji string) error {
	if emoji == "" || len(emoji) > MaxReaction || CleanText(emoji) != emoji || strings.ContainsFunc(emoji, unicode.IsSpace) {
		return Errorf(CodeInvalid, "a reaction is an emoji or a short word")
	}
	return nil
}
