package sqlite

import (
	"context"

	"parley"
)

var errNoSuchRoom = parley.Errorf(parley.CodeNoSuchRoom, "there is no such room")

// admit gives the room in which somebody wants to do something, if parley.May allows it, and an *parley.Error if not. It
// is nil for a conversation that has not begun.
func (l *ledger) admit(ctx context.Context, id parley.RoomID, who parley.SenderID, verb parley.Verb) (*room, error) {
	role, err := l.accounts.acting(who)
	if err != nil {
		return nil, err
	}
	r, err := l.room(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, _, pair := id.Pair(); pair || r != nil && r.kind == parley.RoomDirect {
		if err := parley.Participant(id, who); err != nil {
			return nil, err
		}
		return r, parley.May(parley.Standing{Role: parley.RoleMember}, parley.RoomDirect, verb)
	}
	if r == nil {
		return nil, errNoSuchRoom
	}
	return r, parley.May(r.standing(who, role), r.kind, verb)
}

// begun is admit for what needs a room that is there.
func (l *ledger) begun(ctx context.Context, id parley.RoomID, who parley.SenderID, verb parley.Verb) (*room, error) {
	r, err := l.admit(ctx, id, who, verb)
	if err == nil && r == nil {
		return nil, errNoSuchRoom
	}
	return r, err
}

// standing gives what somebody with that role on the server is to the room.
func (r *room) standing(who parley.SenderID, role parley.Role) parley.Standing {
	m := r.members[who]
	return parley.Standing{Role: role, InRoom: m.role, Banned: m.banned}
}
