package web

import (
	"context"
	"net/http"

	"parley"
	"parley/web/wire"
)

// openSession logs somebody in, and answers the token. It is always a new one: no token that came with the request lives on as
// somebody else's (session fixation).
func openSession(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.Login](r)
	if err != nil {
		return reply{}, err
	}
	if b.Invite != "" {
		return openByInvite(ctx, r, b)
	}
	var who parley.Identity
	if b.NewPassword != "" {
		who, err = r.server.Accounts.LoginAnew(ctx, b.Name, b.Password, b.NewPassword, r.address())
	} else if b.Password != "" {
		who, err = r.server.Accounts.Login(ctx, b.Name, b.Password, r.address())
	} else {
		who, err = r.server.guest(ctx, b.Name)
	}
	if err != nil {
		return reply{}, err
	}
	token, login, who, err := r.server.Accounts.Open(ctx, who)
	if err != nil {
		return reply{}, err
	}
	return loggedIn(token, login, who), nil
}

// openByInvite lets a guest in who shows an invite. A name that is somebody's at the moment is refused before anything is
// used.
func openByInvite(ctx context.Context, r *request, b wire.Login) (reply, error) {
	if b.Name != "" {
		if err := r.server.Hub.Free(parley.Name(b.Name)); err != nil {
			return reply{}, err
		}
	}
	token, login, who, err := r.server.guestByInvite(ctx, b.Name, b.Ticket, r.address())
	if err != nil {
		return reply{}, err
	}
	return loggedIn(token, login, who), nil
}

func loggedIn(token parley.Token, login parley.Login, who parley.Identity) reply {
	return reply{status: http.StatusCreated, body: wire.LoggedIn{
		Token:   token,
		Session: sessionOf(login, login.ID),
		You:     meOf(who),
	}}
}

// listSessions answers the sessions of whoever asks.
func listSessions(ctx context.Context, r *request) (reply, error) {
	logins, err := r.server.Accounts.Logins(ctx, r.who.ID)
	if err != nil {
		return reply{}, err
	}
	answer := wire.Sessions{Items: make([]wire.Session, len(logins))}
	for i, l := range logins {
		answer.Items[i] = sessionOf(l, r.who.Login)
	}
	return reply{status: http.StatusOK, body: answer}, nil
}

// endSession ends a session of whoever asks, and closes the connections that showed its token.
func endSession(ctx context.Context, r *request) (reply, error) {
	id := parley.LoginID(r.PathValue("id"))
	logins, err := r.server.Accounts.Logins(ctx, r.who.ID)
	if err != nil {
		return reply{}, err
	}
	for _, l := range logins {
		if l.ID == id {
			return reply{status: http.StatusNoContent}, r.server.Accounts.End(ctx, id)
		}
	}
	return reply{status: http.StatusNoContent}, nil
}

// endCurrentSession ends the session whose token came with the request.
func endCurrentSession(ctx context.Context, r *request) (reply, error) {
	return reply{status: http.StatusNoContent}, r.server.Accounts.End(ctx, r.who.Login)
}

// getMe answers who is asking.
func getMe(_ context.Context, r *request) (reply, error) {
	return reply{status: http.StatusOK, body: meOf(r.who)}, nil
}

// meOf is somebody as they are told of themselves.
func meOf(who parley.Identity) wire.Me {
	return wire.Me{ID: who.ID, Name: string(who.Name), Role: who.Role, Account: who.HasAccount(), Session: who.Login}
}

func sessionOf(l parley.Login, current parley.LoginID) wire.Session {
	return wire.Session{ID: l.ID, Created: wire.At(l.Created), Expires: wire.At(l.Expires), Current: l.ID == current}
}
