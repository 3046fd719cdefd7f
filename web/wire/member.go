package wire

import "parley"

// Member is somebody who is in a room now, or who has a role in it or is banned from it.
type Member struct {
	Person
	InRoom  parley.Role `json:"room_role,omitempty"` // that this room has given them
	Banned  bool        `json:"banned,omitempty"`
	Present bool        `json:"present"` // connected, and in the room
}

// Members is the list of a room's members, by name.
type Members struct {
	Items List[Member] `json:"items"`
}

// Invitation is the body that lets somebody into a private room.
type Invitation struct {
	Name string `json:"name"`
}

// MemberChange is the body that changes what somebody is in a room: one of the two.
type MemberChange struct {
	Role   *parley.Role `json:"role,omitempty"` // "member", "moderator" or "owner"
	Banned *bool        `json:"banned,omitempty"`
}

func (b Invitation) check() error { return checkThere("name", b.Name) }

func (b MemberChange) check() error {
	switch {
	case (b.Role == nil) == (b.Banned == nil):
		return parley.Errorf(parley.CodeInvalid, "this changes either the role or the ban")
	case b.Role != nil:
		return firstError(checkThere("role", string(*b.Role)), checkAccountRole(*b.Role))
	}
	return nil
}
