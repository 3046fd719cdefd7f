package accounts

import (
	"context"
	"slices"

	"parley"
)

// Claim makes an account of a guest, who keeps what they had, and the login, which is the account's from then on and
// lasts as long as one of those. To claim again with the same password gives the same answer. The error is CodeInvalid for whoever
// has an account already, CodeNameInvalid where the guest has no name and chooses none, CodeForbidden where accounts are
// made by invitation and none is shown, CodeUnauthorized for a login that has ended, those of RegisterByInvite for an
// invite, or as of Register.
func (d *Desk) Claim(ctx context.Context, c parley.Claim) (parley.Login, parley.Identity, error) {
	if c.Who.HasAccount() {
		return d.claimedBefore(ctx, c)
	}
	if c.Who.Login == "" {
		return parley.Login{}, parley.Identity{}, errNoLogin
	}
	if c.Name == "" {
		c.Name = string(c.Who.Name)
	}
	if name := parley.Name(c.Name); name == "" || name.IsGuest() {
		return parley.Login{}, parley.Identity{}, parley.Errorf(parley.CodeNameInvalid, "choose a name for the account")
	}
	invite, err := d.mayClaim(ctx, &c)
	if err != nil {
		return parley.Login{}, parley.Identity{}, err
	}
	added, err := d.prepare(ctx, asked{c.Name, c.Password, parley.RoleMember, false}, network(c.From))
	if err != nil {
		return parley.Login{}, parley.Identity{}, err
	}
	added.Account.ID = c.Who.ID
	claimed := parley.AccountClaimed{Account: added.Account, Key: added.Key, Lookalike: added.Lookalike,
		Password: added.Password, Login: c.Who.Login, Expires: d.now().Add(AccountLogin)}
	if err := d.claim(ctx, invite, c.Ticket, claimed); err != nil {
		return parley.Login{}, parley.Identity{}, err
	}
	d.log.Info("account claimed", "account", c.Who.ID, "name", added.Account.Name)
	return d.claimed(ctx, added.Account, c.Who.Login)
}

// mayClaim tells whether a guest may have an account, and gives the invite by which, if by one.
func (d *Desk) mayClaim(ctx context.Context, c *parley.Claim) (invite parley.Invite, err error) {
	if c.Ticket.Code != "" {
		var used parley.SenderID
		if invite, used, err = d.show(ctx, &c.Ticket, parley.InviteAccount, c.From); err != nil {
			return invite, err
		}
		if used != "" {
			return invite, parley.Errorf(parley.CodeExpired, "this invite has been used by this id before")
		}
	} else if d.admit == Invited {
		return invite, parley.Errorf(parley.CodeForbidden, "accounts are made by invitation here: ask an owner for an invite")
	}
	return invite, d.mayRegister(network(c.From))
}

// claim makes the account, by an invite where there is one.
func (d *Desk) claim(ctx context.Context, invite parley.Invite, ticket parley.Ticket, e parley.AccountClaimed) error {
	if invite.ID == "" {
		return d.append(ctx, e)
	}
	repeat, err := d.use(ctx, invite, ticket, e)
	if err == nil && repeat {
		err = parley.Errorf(parley.CodeExpired, "this invite has been used by this id before")
	}
	return err
}

// claimedBefore answers who has an account already: as the first time, if it was that password, since that answer may have
// been lost.
func (d *Desk) claimedBefore(ctx context.Context, c parley.Claim) (parley.Login, parley.Identity, error) {
	account, err := d.state.AccountByID(ctx, c.Who.ID)
	if err != nil {
		return parley.Login{}, parley.Identity{}, err
	}
	_, err = d.Login(ctx, string(account.Name), c.Password, c.From)
	switch parley.CodeOf(err) {
	case "":
		return d.claimed(ctx, account, c.Who.Login)
	case parley.CodeWrongPassword:
		err = parley.Errorf(parley.CodeInvalid, "you have an account already")
	}
	return parley.Login{}, parley.Identity{}, err
}

// claimed gives the login, and whom it is of now.
func (d *Desk) claimed(ctx context.Context, a parley.Account, id parley.LoginID) (parley.Login, parley.Identity, error) {
	logins, err := d.state.Logins(ctx, a.ID)
	if err != nil {
		return parley.Login{}, parley.Identity{}, err
	}
	i := slices.IndexFunc(logins, func(l parley.Login) bool { return l.ID == id })
	if i < 0 {
		return parley.Login{}, parley.Identity{}, errNoLogin
	}
	return logins[i], parley.Identity{ID: a.ID, Name: a.Name, Role: a.Role, Login: id}, nil
}
