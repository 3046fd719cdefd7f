package parley

import "strings"

// DirectRoom gives the room of the conversation between two senders, the same whichever is named first.
func DirectRoom(a, b SenderID) RoomID {
	if b < a {
		a, b = b, a
	}
	return RoomID("d-" + string(a) + "+" + string(b))
}

// Pair gives the two senders whose conversation id is, the same one twice for somebody who talks to themselves; ok is false
// where id is no conversation's. It undoes DirectRoom, and takes nothing else: two people have one conversation.
func (id RoomID) Pair() (a, b SenderID, ok bool) {
	pair, direct := strings.CutPrefix(string(id), "d-")
	first, second, two := strings.Cut(pair, "+")
	if !direct || !two || first == "" || second < first {
		return "", "", false
	}
	return SenderID(first), SenderID(second), true
}
