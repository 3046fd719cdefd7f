package parley

import "time"

// Conversation is a direct room as one of its two people sees it.
type Conversation struct {
	Room Room
	With Sender    // the other one, by the account's name, or the name last shown; the name is "" where neither is known
	At   time.Time // when something was last said or done in it
}
