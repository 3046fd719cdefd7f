package hub

import (
	"context"

	"parley"
)

// Connect makes somebody a member of the room that info names, tells its other members, and from then on sends what
// happens there, and in the conversations that are theirs, to out in the form given. For the zero Room they are in no
// room yet. The session must be left.
//
// The error is an *parley.Error: CodeNameTaken when somebody else of that name is here, CodePasswordNeeded for a guest
// by the name of an account, CodeUnauthorized when the identity is not valid any more, CodeBanned or CodeNoSuchRoom when
// they may not enter, CodeShutdown when the hub is closed; or ctx's. Somebody whose identity has an ID may be connected
// several times.
func (h *Hub) Connect(ctx context.Context, info parley.Room, p Profile, form Form, out Outbox) (*Session, error) {
	e := &entrance{hub: h, profile: p, session: &Session{hub: h, form: form, out: out}}
	if e.new = p.Identity.ID == ""; e.new {
		e.profile.Identity.ID, e.profile.Identity.Role = parley.NewGuestID(), parley.RoleGuest
	}
	if info.ID != "" {
		var err error
		if e.room, err = h.ask(ctx, info.ID); err != nil {
			return nil, err
		}
		defer h.asked(e.room)
	}
	if err := h.decide(func() error { return e.check(ctx) }, e.enter); err != nil {
		return nil, err
	}
	return e.session, nil
}

// entrance is somebody about to connect.
type entrance struct {
	hub     *Hub
	profile Profile
	new     bool  // a guest of whom nobody has heard before
	room    *room // nil for none
	session *Session
}

// check tells whether they are who they say, and may enter.
func (e *entrance) check(ctx context.Context) error {
	if e.new {
		return e.checkNew(ctx)
	}
	var err error
	if e.profile.Identity, err = e.hub.vouch(ctx, e.profile.Identity); err != nil || e.room == nil {
		return err
	}
	return e.hub.mayEnter(ctx, e.room, e.profile.Identity.ID)
}

// checkNew is check for somebody of whom the state knows nothing, which therefore need be asked about their name alone.
func (e *entrance) checkNew(ctx context.Context) error {
	who := e.profile.Identity
	if err := e.hub.checkName(ctx, who.ID, who.Name); err != nil || e.room == nil {
		return err
	}
	e.hub.mu.Lock()
	defer e.hub.mu.Unlock()
	return parley.May(parley.Standing{Role: parley.RoleGuest}, e.room.info.Kind, parley.VerbEnter)
}

// enter makes the session one. It holds the mutex.
func (e *entrance) enter() error {
	h, s := e.hub, e.session
	person := newPerson(e.profile)
	if err := h.people.check(person); err != nil {
		return err
	}
	s.person.Store(&person)
	h.people.add(s, person)
	s.worker = h.workers[h.next]
	h.next = (h.next + 1) % len(h.workers)
	if len(e.profile.Greeting) > 0 {
		s.out.Send([][]byte{e.profile.Greeting})
	}
	if e.room != nil {
		s.home = e.room
		s.enter(e.room, false)
	}
	return nil
}
