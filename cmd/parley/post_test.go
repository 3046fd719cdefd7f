//go:build unix

package main

import "testing"

// TestWhoPostsAtATerminalIsToldWhere: parley post hello takes lines for a room called hello, which whoever wanted to say
// hello does not guess.
func TestWhoPostsAtATerminalIsToldWhere(t *testing.T) {
	_, owner := invitedTo(t)
	s := sitDown(t, owner, "post", "hello")
	s.sees("* each line that you type goes to hello, until Ctrl-D")
	s.types("to all of you\r")
	s.sees("there is no room hello")
	s.leaves(statusMissing)
}
