package hub

import (
	"context"
	"slices"

	"parley"
)

// Rename gives the session of a guest another name. Others see the old one leave and the new one join. The error is an
// *parley.Error, CodeNameTaken when somebody else has the name and CodeForbidden for an account, whose name is its own;
// then nothing has changed.
func (s *Session) Rename(name parley.Name) error {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	who := s.Person().Identity
	if who.HasAccount() && name.Key() != who.Name.Key() {
		return parley.Errorf(parley.CodeForbidden, "you are logged in as %s, and keep that name", who.Name)
	}
	who.Name = name
	return s.become(who)
}

// Become makes the session go on as somebody else: as an account whose password was given, or as a guest again, who
// gets an ID where the identity has none. Others see the old one leave and the new one join. The error is an
// *parley.Error: CodeNameTaken, CodeUnauthorized, or why the new one may not be where the session is (CodeBanned,
// CodeNoSuchRoom); or ctx's. Then nothing has changed.
func (s *Session) Become(ctx context.Context, who parley.Identity) error {
	if who.ID == "" {
		who.ID, who.Role = parley.NewGuestID(), parley.RoleGuest
	}
	check := func() error {
		var err error
		if who, err = s.hub.vouch(ctx, who); err != nil {
			return err
		}
		for _, r := range s.rooms() {
			if err := s.hub.mayEnter(ctx, r, who.ID); err != nil {
				return err
			}
		}
		return nil
	}
	return s.hub.decide(check, func() error { return s.become(who) })
}

// rooms gives the rooms that the session is in, but for conversations.
func (s *Session) rooms() []*room {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	var rooms []*room
	for _, have := range s.stays {
		if have.room.info.Kind != parley.RoomDirect {
			rooms = append(rooms, have.room)
		}
	}
	return rooms
}

// become makes the session go on as who. It holds the mutex.
func (s *Session) become(who parley.Identity) error {
	before := s.Person()
	after := before.as(who)
	switch {
	case s.gone:
		return errGone
	case after == before:
		return nil
	}
	d := &s.hub.people
	if err := d.check(after); err != nil {
		return err
	}
	if after.ID != before.ID {
		s.leaveConversations()
	}
	d.remove(s, before)
	s.person.Store(&after)
	d.add(s, after)
	if after.ID != before.ID || after.Shown != before.Shown {
		s.tellOf(before)
	}
	return nil
}

// leaveConversations takes the session out of those of whom it was. It holds the mutex.
func (s *Session) leaveConversations() {
	for _, have := range slices.Clone(s.stays) {
		if have.room.info.Kind == parley.RoomDirect {
			s.exit(have.room)
		}
	}
}

// tellOf tells everybody that the session was somebody else before. It holds the mutex.
func (s *Session) tellOf(before Person) {
	for _, have := range s.stays {
		if r := have.room; s.isIn(r) {
			r.gather.quiet = true // both at once
			s.hub.went(s, r, before)
			r.gather.quiet = false
			s.hub.came(s, r, s.Person(), false)
		}
	}
}
