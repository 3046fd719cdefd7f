package parley_test

import (
	"testing"

	"parley"
)

func TestAConversationIsTheSameForBoth(t *testing.T) {
	room := parley.DirectRoom("g-b", "a-a")
	if room != "d-a-a+g-b" || room != parley.DirectRoom("a-a", "g-b") {
		t.Errorf("the room is %s", room)
	}
	if a, b, ok := room.Pair(); !ok || a != "a-a" || b != "g-b" {
		t.Errorf("its two are %s and %s, %v", a, b, ok)
	}
	if a, b, ok := parley.DirectRoom("x", "x").Pair(); !ok || a != "x" || b != "x" {
		t.Errorf("one alone: %s and %s, %v", a, b, ok)
	}
}

// Two people have one conversation: its id with the two the other way round is nobody's.
func TestWhatIsNoConversation(t *testing.T) {
	for _, id := range []parley.RoomID{"", "d-", "d-+", "d-a", "d-a+", "d-+b", "r-a+b", "a+b", "d-g-b+a-a"} {
		if a, b, ok := id.Pair(); ok || a != "" || b != "" {
			t.Errorf("%q: %q and %q, %v", id, a, b, ok)
		}
	}
}

func TestOnlyTwoTakePart(t *testing.T) {
	room := parley.DirectRoom("a-a", "g-b")
	for _, who := range []parley.SenderID{"a-a", "g-b"} {
		if err := parley.Participant(room, who); err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
	for _, who := range []parley.SenderID{"", "a", "g-c", parley.OperatorID} {
		if err := parley.Participant(room, who); parley.CodeOf(err) != parley.CodeNoSuchRoom {
			t.Errorf("%q: %v", who, err)
		}
	}
	if err := parley.Participant("d-g-b+a-a", "a-a"); parley.CodeOf(err) != parley.CodeNoSuchRoom {
		t.Errorf("the other way round: %v", err)
	}
}
