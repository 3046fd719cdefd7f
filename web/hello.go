package web

import (
	"context"

	"parley"
	"parley/hub"
	"parley/web/wire"
)

// maxHellos is how often a client may say who it is.
const maxHellos = 3

// greet deals with a hello: it finds out who the client is, connects it, and brings it into the rooms that it names.
func (s *socket) greet(ctx context.Context, m wire.Hello) error {
	if s.place != nil {
		return parley.Errorf(parley.CodeInvalid, "there has been a hello already")
	}
	who, token, login, err := s.admit(ctx, m)
	if err != nil {
		return err
	}
	welcome := wire.Welcome{Server: wire.Server{Version: s.server.Version}, Limits: wire.TheLimits()}
	if token != "" {
		welcome.Token, welcome.Expires = token, wire.At(login.Expires)
	}
	if err := s.connect(ctx, who); err != nil {
		if welcome.Token != "" {
			_ = s.server.Accounts.End(ctx, who.Login) // nobody else knows of it, and it expires
		}
		return err
	}
	welcome.You = me(s.place.Person())
	s.answer(welcome)
	for _, r := range m.Rooms {
		if err := s.join(ctx, "", r); err != nil {
			s.refuse("", err)
		}
	}
	return nil
}

// admit gives who a hello says the client is, and the token to come back with where it asks for one.
func (s *socket) admit(ctx context.Context, m wire.Hello) (
	who parley.Identity, token parley.Token, login parley.Login, err error,
) {
	if m.Invite != "" {
		token, login, who, err = s.server.guestByInvite(ctx, m.Name, m.Ticket, s.conn.RemoteAddr().Addr())
		return who, token, login, err
	}
	who, err = s.identify(ctx, m)
	if err == nil && m.Keep && m.Token == "" {
		token, login, who, err = s.server.Accounts.Open(ctx, who)
	}
	return who, token, login, err
}

// identify gives who a hello without an invite says the client is.
func (s *socket) identify(ctx context.Context, m wire.Hello) (parley.Identity, error) {
	switch {
	case m.Token != "":
		return s.server.Accounts.ByToken(ctx, m.Token)
	case m.Password != "":
		s.entry.release() // passwords have a queue of their own
		return s.server.Accounts.Login(ctx, m.Name, m.Password, s.conn.RemoteAddr().Addr())
	}
	return s.server.guest(ctx, m.Name)
}

// guest gives the identity of a guest of that name, who may have none.
func (s *Server) guest(ctx context.Context, name string) (parley.Identity, error) {
	if name == "" {
		who, err := s.Accounts.Guest(ctx, "")
		who.Name = s.Hub.GuestName()
		return who, err
	}
	parsed, err := parley.ParseName(name)
	if err != nil {
		return parley.Identity{}, err
	}
	return s.Accounts.Guest(ctx, parsed)
}

// connect makes the client somebody who is here.
func (s *socket) connect(ctx context.Context, who parley.Identity) (err error) {
	profile := hub.Profile{Identity: who, Address: s.conn.RemoteAddr(), Listener: s.server.URL}
	s.place, err = s.server.Hub.Connect(ctx, parley.Room{}, profile, s.server.form, s)
	if parley.CodeOf(err) == parley.CodeNameTaken && !who.HasAccount() && who.Name.IsGuest() {
		profile.Identity.Name = s.server.Hub.GuestName() // somebody else was given that name while they were away
		s.place, err = s.server.Hub.Connect(ctx, parley.Room{}, profile, s.server.form, s)
	}
	return err
}

// me is somebody as they are told of themselves.
func me(p hub.Person) wire.Me {
	return wire.Me{ID: p.ID, Name: p.Shown, Role: p.Role, Account: p.HasAccount(), Session: p.Login}
}
