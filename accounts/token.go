package accounts

import (
	"context"
	"time"

	"parley"
)

// How long logins last.
const (
	AccountLogin = 30 * 24 * time.Hour
	GuestLogin   = 7 * 24 * time.Hour
)

// Open makes a login for somebody who has shown who they are, and gives its token, which nobody can be given again, and
// the identity with the login in it. A guest without an id gets one, and keeps it for as long as the login lasts. The
// error is CodeNoSuchAccount for an account that has been removed or disabled meanwhile.
func (d *Desk) Open(ctx context.Context, who parley.Identity) (parley.Token, parley.Login, parley.Identity, error) {
	lasts := AccountLogin
	if !who.HasAccount() {
		lasts = GuestLogin
	}
	if who.ID == "" {
		who.ID = parley.NewGuestID()
	}
	token, login := d.newLogin(who, lasts, "")
	if err := d.append(ctx, parley.LoginOpened{Login: login}); err != nil {
		return "", parley.Login{}, parley.Identity{}, err
	}
	who.Login = login.ID
	return token, login, who, nil
}

// newLogin makes a login of somebody that nobody has yet.
func (d *Desk) newLogin(who parley.Identity, lasts time.Duration, invite parley.InviteID) (parley.Token, parley.Login) {
	token, now := parley.NewToken(), d.now()
	return token, parley.Login{
		ID:      parley.NewLoginID(),
		Token:   token.Hash(),
		Who:     parley.Sender{ID: who.ID, Name: string(who.Name)},
		Created: now,
		Expires: now.Add(lasts),
		Invite:  invite,
	}
}

// ByToken gives the identity of whoever shows a token: of an account its name and role as they are now; of a guest its
// id, and the name it had, but "" if that has become an account's or looks like one. The error is CodeUnauthorized when
// the token opens nothing, any more or at all, and for a guest who came without an invite where only accounts are let in.
// It costs two indexed reads, and two more for a guest with a name.
func (d *Desk) ByToken(ctx context.Context, token parley.Token) (parley.Identity, error) {
	login, err := d.state.Login(ctx, token.Hash())
	switch {
	case err != nil:
		return parley.Identity{}, err
	case !d.now().Before(login.Expires):
		return parley.Identity{}, errNoLogin
	}
	who := login.Who.ID
	account, err := d.state.AccountByID(ctx, who)
	switch {
	case isNoAccount(err) && who.IsGuest(): // who has not become an account
		return d.guestAgain(ctx, login)
	case isNoAccount(err), account.Disabled, account.OneTime:
		return parley.Identity{}, errNoLogin
	case err != nil:
		return parley.Identity{}, err
	}
	return parley.Identity{ID: who, Name: account.Name, Role: account.Role, Login: login.ID}, nil
}

// errNoLogin is the answer to a token that opens nothing.
var errNoLogin = parley.Errorf(parley.CodeUnauthorized, "you are not logged in any more")

// guestAgain gives the identity of a guest with a login.
func (d *Desk) guestAgain(ctx context.Context, login parley.Login) (parley.Identity, error) {
	admitted := d.Guest
	if login.Invite != "" {
		admitted = d.guest
	}
	who, err := admitted(ctx, parley.Name(login.Who.Name))
	switch parley.CodeOf(err) {
	case "":
	case parley.CodePasswordNeeded, parley.CodeNameTaken:
		who = parley.Identity{Role: parley.RoleGuest} // the name is somebody else's now; the id is still theirs
	default:
		return parley.Identity{}, err
	}
	who.ID, who.Login = login.Who.ID, login.ID
	return who, nil
}

// Logins gives the logins of somebody that have not expired.
func (d *Desk) Logins(ctx context.Context, who parley.SenderID) ([]parley.Login, error) {
	logins, err := d.state.Logins(ctx, who)
	now := d.now()
	valid := logins[:0]
	for _, l := range logins {
		if now.Before(l.Expires) {
			valid = append(valid, l)
		}
	}
	return valid, err
}

// End ends a login; one that does not exist has ended.
func (d *Desk) End(ctx context.Context, id parley.LoginID) error {
	return d.append(ctx, parley.LoginEnded{ID: id})
}

// EndOthers ends all logins of somebody but one, which may be "".
func (d *Desk) EndOthers(ctx context.Context, who parley.SenderID, except parley.LoginID) error {
	return d.append(ctx, parley.LoginsEnded{Who: who, Except: except})
}

// Sweep forgets the logins that have expired, and the invites that have long. They open nothing even before; it keeps them
// from piling up.
func (d *Desk) Sweep(ctx context.Context) error {
	now := d.now()
	if err := d.append(ctx, parley.LoginsExpired{Before: now}); err != nil {
		return err
	}
	return d.append(ctx, parley.InvitesExpired{Before: now.Add(-invitesKept)})
}
