package hub

import (
	"context"
	"slices"

	"parley"
)

// hasEffect reports whether something follows from an event for those who are connected, beside that it is shown.
func hasEffect(e parley.Event) bool {
	switch e.(type) {
	case parley.MemberChanged, parley.RoomChanged, parley.Read,
		parley.AccountAdded, parley.AccountClaimed, parley.InviteUsed, parley.AccountChanged, parley.AccountRemoved, parley.LoginEnded, parley.LoginsEnded, parley.LoginsExpired:
		return true
	}
	return false
}

// takeEffect does what follows from an event, which was shown already; r is where it happened, nil where nobody is. It
// holds the mutex.
func (h *Hub) takeEffect(e parley.Event, r *room) {
	if read, ok := e.(parley.Read); ok {
		h.wasRead(read)
		return
	}
	h.changes++
	switch e := e.(type) {
	case parley.MemberChanged:
		h.memberChanged(e, r)
	case parley.RoomChanged:
		h.roomChanged(e, r)
	case parley.AccountAdded:
		h.nameTaken(e.Account, e.Key)
	case parley.AccountClaimed:
		h.accountClaimed(e)
	case parley.InviteUsed:
		h.takeEffect(e.Gives, r)
	case parley.AccountChanged:
		h.accountChanged(e)
	case parley.AccountRemoved:
		h.endAll(e.ID, errAccountRemoved, func(Person) bool { return true })
	case parley.LoginEnded:
		h.loginEnded(e.ID)
	case parley.LoginsEnded:
		h.endAll(e.Who, errLoginEnded, func(p Person) bool { return e.Except == "" || p.Login != e.Except })
	case parley.LoginsExpired:
		h.loginsExpired()
	}
}

// memberChanged sends somebody out of r who is not in it any more. It holds the mutex.
func (h *Hub) memberChanged(e parley.MemberChanged, r *room) {
	if r == nil {
		return
	}
	var reason error
	switch e.Change {
	case parley.MemberKicked:
		reason = parley.Errorf(parley.CodeForbidden, "you were sent out of %s by %s", r.info.Name, e.Entry.By.Name)
	case parley.MemberBanned:
		if h.isOwner(e.Who.ID) {
			return // whom nobody keeps out
		}
		reason = parley.Errorf(parley.CodeBanned, "you were banned from %s by %s", r.info.Name, e.Entry.By.Name)
	case parley.MemberLeft:
		reason = parley.Errorf(parley.CodeClosed, "you left %s", r.info.Name)
	default:
		return
	}
	h.sendOut(e.Who.ID, r, reason)
}

// isOwner reports whether somebody who is connected is an owner of the server. It holds the mutex.
func (h *Hub) isOwner(who parley.SenderID) bool {
	return slices.ContainsFunc(h.people.sessions[who], func(s *Session) bool { return s.Person().Role == parley.RoleOwner })
}

// sendOut ends somebody's membership of r. A session that has no other room ends with it. It holds the mutex.
func (h *Hub) sendOut(who parley.SenderID, r *room, reason error) {
	for _, s := range slices.Clone(h.people.sessions[who]) {
		if s.home == r {
			s.end(reason)
		} else {
			s.exit(r)
		}
	}
}

// roomChanged notes what r is now. When it has become private, those leave who may not be there. It holds the mutex.
func (h *Hub) roomChanged(e parley.RoomChanged, r *room) {
	if r == nil {
		return
	}
	r.info.Topic, r.info.Kind, r.changed = e.Topic, e.Kind, true
	if e.Kind != parley.RoomPrivate {
		return
	}
	asked := make(map[parley.SenderID]bool)
	for _, s := range slices.Clone(r.members) {
		if who := s.Person().ID; !asked[who] {
			asked[who] = true
			h.checkStay(who, r)
		}
	}
}

// checkStay sends somebody out of r who may not be there any more. It holds the mutex, also while it reads the state:
// until that has answered nothing may be shown in r.
func (h *Hub) checkStay(who parley.SenderID, r *room) {
	switch err := h.may(context.Background(), r.info, who, parley.VerbEnter); parley.CodeOf(err) {
	case "":
	case parley.CodeBanned:
		h.sendOut(who, r, err)
	default:
		h.sendOut(who, r, parley.Errorf(parley.CodeForbidden, "%s is private now", r.info.Name))
	}
}

// nameTaken ends the sessions of a guest who has the name that is an account's from now on: whoever has that name shows
// its password. It holds the mutex.
func (h *Hub) nameTaken(by parley.Account, key parley.NameKey) {
	who, here := h.people.find(string(by.Name))
	if here && who != by.ID {
		h.endAll(who, parley.Errorf(parley.CodePasswordNeeded, "the name %s belongs to an account now", by.Name),
			func(p Person) bool { return p.Name.Key() == key })
	}
}

// accountClaimed makes an account of a guest who is connected, under the account's name, and goes on. It holds the mutex.
func (h *Hub) accountClaimed(e parley.AccountClaimed) {
	h.nameTaken(e.Account, e.Key)
	for _, s := range slices.Clone(h.people.sessions[e.Account.ID]) {
		who := s.Person().Identity
		who.Name, who.Role = e.Account.Name, e.Account.Role
		_ = s.become(who) // the name is nobody else's here
	}
}

// accountChanged does what follows for those who are connected as an account. It holds the mutex.
func (h *Hub) accountChanged(e parley.AccountChanged) {
	if e.Disabled != nil && *e.Disabled {
		h.endAll(e.ID, errAccountDisabled, func(Person) bool { return true })
		return
	}
	if e.Role == nil {
		return
	}
	rooms := make(map[*room]bool) // that they may have been in as an owner of the server alone
	for _, s := range h.people.sessions[e.ID] {
		person := s.Person()
		person.Role = *e.Role
		s.person.Store(&person)
		for _, have := range s.stays {
			rooms[have.room] = have.room.info.Kind != parley.RoomDirect
		}
	}
	for r, is := range rooms {
		if is {
			h.checkStay(e.ID, r)
		}
	}
}

// loginEnded closes the sessions that came with a login. It holds the mutex.
func (h *Hub) loginEnded(login parley.LoginID) {
	for who := range h.people.sessions {
		h.endAll(who, errLoginEnded, func(p Person) bool { return p.Login != "" && p.Login == login })
	}
}

// loginsExpired closes the sessions whose login is not there any more. It holds the mutex, also while it reads the
// state.
func (h *Hub) loginsExpired() {
	for who, sessions := range h.people.sessions {
		for _, s := range slices.Clone(sessions) {
			if person := s.Person(); person.Login != "" && h.checkLogin(context.Background(), person.Identity) == errLoginEnded {
				h.endAll(who, errLoginEnded, func(p Person) bool { return p.Login == person.Login })
			}
		}
	}
}

// endAll closes those of somebody's sessions that which picks. It holds the mutex.
func (h *Hub) endAll(who parley.SenderID, reason error, which func(Person) bool) {
	for _, s := range slices.Clone(h.people.sessions[who]) {
		if which(s.Person()) {
			s.end(reason)
		}
	}
}
