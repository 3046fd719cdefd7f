package hub

import "parley"

// Notice tells in words of an event that is no message: who was let in or sent out, and what a room is now. It is ""
// for messages and what becomes of them.
func Notice(e parley.RoomEvent) string {
	switch e := e.(type) {
	case parley.MemberChanged:
		return memberNotice(e)
	case parley.RoomChanged:
		topic := "without a topic"
		if e.Topic != "" {
			topic = "with the topic: " + e.Topic
		}
		return e.Entry.By.Name + " made this room " + string(e.Kind) + ", " + topic
	}
	return ""
}

// memberNotice tells of a change of somebody.
func memberNotice(e parley.MemberChanged) string {
	what := ""
	switch e.Change {
	case parley.MemberLeft:
		return e.Who.Name + " gave up this room"
	case parley.MemberInvited:
		what = "invited"
	case parley.MemberKicked:
		what = "sent out"
	case parley.MemberBanned:
		what = "banned"
	case parley.MemberUnbanned:
		what = "let back in"
	case parley.MemberAppointed:
		what = "made " + string(e.Role)
	default:
		return ""
	}
	return e.Who.Name + " was " + what + " by " + e.Entry.By.Name
}
