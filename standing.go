package parley

// Standing is what somebody is to a room, all that decides what they may do in it.
type Standing struct {
	Role   Role // on the server
	InRoom Role // that the room has given them; "" for none. In a private room that is nobody who may enter
	Banned bool // from the room
}

// rank is what counts for what somebody may do to others: the higher of the two roles.
func (s Standing) rank() Role {
	if s.InRoom.AtLeast(s.Role) {
		return s.InRoom
	}
	return s.Role
}

// Outranks reports whether somebody may invite, send away or appoint another one: only those above, but an owner everyone.
func (s Standing) Outranks(other Standing) bool {
	return s.rank() == RoleOwner || !other.rank().AtLeast(s.rank())
}
