package accounts

import (
	"cmp"
	"context"
	"net/netip"
	"time"

	"parley"
)

// What an invite is where nothing else was asked for.
const (
	InviteLasts       = 7 * 24 * time.Hour
	GuestInviteUses   = 100 // a class, a party: one link for all
	AccountInviteUses = 1   // a link for one person
)

// invitesKept is for how long an invite that has expired is listed, and its uses are known again.
const invitesKept = 30 * 24 * time.Hour

// MakeInvite makes an invite of a kind that can be used so often, 0 for what is usual, and for so long, 0 for InviteLasts.
// The code is told here and nowhere else. The error is CodeInvalid for what is out of bounds.
func (d *Desk) MakeInvite(
	ctx context.Context, by parley.Sender, kind parley.InviteKind, uses int, lasts time.Duration,
) (parley.InviteCode, parley.Invite, error) {
	if uses == 0 {
		uses = usualUses(kind)
	}
	if lasts == 0 {
		lasts = InviteLasts
	}
	if err := checkInvite(kind, uses, lasts); err != nil {
		return "", parley.Invite{}, err
	}
	code, now := parley.NewInviteCode(), d.now()
	invite := parley.Invite{ID: parley.NewInviteID(), Code: code.Hash(), Kind: kind, By: by, Created: now,
		Expires: now.Add(lasts), Uses: uses}
	if err := d.append(ctx, parley.InviteMade{Invite: invite}); err != nil {
		return "", parley.Invite{}, err
	}
	d.log.Info("invite made", "invite", invite.ID, "kind", kind, "uses", uses, "expires", invite.Expires, "by", by.Name)
	return code, invite, nil
}

// usualUses is how often an invite can be used where nobody says.
func usualUses(kind parley.InviteKind) int {
	if kind == parley.InviteGuest {
		return GuestInviteUses
	}
	return AccountInviteUses
}

func checkInvite(kind parley.InviteKind, uses int, lasts time.Duration) error {
	if uses < 1 || uses > parley.MaxInviteUses {
		return parley.Errorf(parley.CodeInvalid, "an invite can be used 1 to %d times", parley.MaxInviteUses)
	}
	if lasts < parley.MinInviteLasts || lasts > parley.MaxInviteLasts {
		return parley.Errorf(parley.CodeInvalid, "an invite lasts a minute to 365 days")
	}
	_, err := parley.ParseInviteKind(string(kind))
	return err
}

// Invites gives the invites, oldest first, and for some time also those that let nobody in any more.
func (d *Desk) Invites(ctx context.Context) ([]parley.Invite, error) { return d.state.Invites(ctx) }

// RevokeInvite makes that an invite lets in nobody any more. Whoever came by it stays. The error is CodeNoSuchInvite; to
// revoke one twice is none.
func (d *Desk) RevokeInvite(ctx context.Context, id parley.InviteID) error {
	if err := d.append(ctx, parley.InviteRevoked{ID: id}); err != nil {
		return err
	}
	d.log.Info("invite revoked", "invite", id)
	return nil
}

// Invite gives the invite of a code that somebody at an address has, which may have expired. The error is CodeNoSuchInvite,
// and CodeThrottled, with a Wait as its cause, for whoever has tried too many codes that there are not.
func (d *Desk) Invite(ctx context.Context, code parley.InviteCode, from netip.Addr) (parley.Invite, error) {
	if code.Valid() {
		invite, err := d.state.Invite(ctx, code.Hash())
		if parley.CodeOf(err) != parley.CodeNoSuchInvite {
			return invite, err
		}
	}
	return parley.Invite{}, d.wrongCode(trier{name: inviteTrier, from: network(from)})
}

// inviteTrier stands for the name where codes are tried: nobody can be called that.
const inviteTrier parley.NameKey = "invite:"

// wrongCode counts a code that there is not, and gives the answer to it. Whoever waits does so for further wrong ones only:
// one among a class must not shut out those behind the same address who have the right one.
func (d *Desk) wrongCode(who trier) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if wait := d.throttle.wait(who, now); wait > 0 {
		return parley.Errorf(parley.CodeThrottled, "too many invites that do not exist, try again in %w", parley.WaitFor(wait))
	}
	d.throttle.wrong(who, now)
	return parley.Errorf(parley.CodeNoSuchInvite, "there is no such invite")
}

// OpenByInvite makes a login for a guest who shows an invite, as Open does, whoever else is let in. The same use of the
// invite again is the same guest, for as long as the invite lasts. The error is CodeNoSuchInvite, CodeExpired,
// CodeForbidden for an invite that is none for guests, CodeThrottled, CodePasswordNeeded for a guest who has an account by
// now, or as of Guest.
func (d *Desk) OpenByInvite(
	ctx context.Context, ticket parley.Ticket, name parley.Name, from netip.Addr,
) (token parley.Token, login parley.Login, who parley.Identity, err error) {
	invite, used, err := d.show(ctx, &ticket, parley.InviteGuest, from)
	if err != nil {
		return "", login, who, err
	}
	if who, err = d.guest(ctx, name); err != nil {
		return "", login, who, err
	}
	who.ID = cmp.Or(used, parley.NewGuestID())
	token, login = d.newLogin(who, GuestLogin, invite.ID)
	who.Login = login.ID
	opened, repeat := parley.LoginOpened{Login: login}, false
	if used != "" {
		err = d.append(ctx, opened)
	} else {
		repeat, err = d.use(ctx, invite, ticket, opened)
	}
	switch {
	case err != nil:
		return "", parley.Login{}, parley.Identity{}, err
	case repeat: // the same use came at the same moment, and was faster
		return d.OpenByInvite(ctx, ticket, name, from)
	}
	return token, login, who, nil
}

// RegisterByInvite makes an account for somebody who shows an invite, as Register does, wherever accounts are made by
// whom. The same use of the invite again gives the account that was made by it. The error is CodeNoSuchInvite,
// CodeExpired, CodeForbidden for an invite that is none for an account, or as of Register.
func (d *Desk) RegisterByInvite(
	ctx context.Context, ticket parley.Ticket, name, password string, from netip.Addr,
) (parley.Account, error) {
	invite, used, err := d.show(ctx, &ticket, parley.InviteAccount, from)
	switch {
	case err != nil:
		return parley.Account{}, err
	case used != "":
		return d.state.AccountByID(ctx, used)
	}
	source := network(from)
	if err := d.mayRegister(source); err != nil {
		return parley.Account{}, err
	}
	added, err := d.prepare(ctx, asked{name, password, parley.RoleMember, false}, source)
	repeat := false
	if err == nil {
		repeat, err = d.use(ctx, invite, ticket, added)
	}
	if repeat || parley.CodeOf(err) == parley.CodeNameTaken {
		// The same use may have come at the same moment, and been faster.
		used, failure := d.state.InviteUse(ctx, invite.ID, ticket.Use.Hash())
		if failure != nil {
			return parley.Account{}, failure
		}
		if used != "" {
			return d.state.AccountByID(ctx, used)
		}
	}
	if err != nil {
		return parley.Account{}, err
	}
	return added.Account, nil
}

// show looks at a ticket, to which it gives a use where it has none: its invite, and who has used it by this use, "" for
// nobody yet. It asks early what the journal asks again.
func (d *Desk) show(
	ctx context.Context, ticket *parley.Ticket, kind parley.InviteKind, from netip.Addr,
) (invite parley.Invite, used parley.SenderID, err error) {
	if ticket.Use == "" {
		ticket.Use = parley.NewUseID()
	}
	if !ticket.Use.Valid() {
		return invite, "", parley.Errorf(parley.CodeInvalid,
			"an invite is used under an id of 16 to %d visible ASCII characters, made at random", parley.MaxMessageID)
	}
	if invite, err = d.Invite(ctx, ticket.Code, from); err != nil {
		return invite, "", err
	}
	if err := invite.For(kind); err != nil {
		return invite, "", err
	}
	if used, err = d.state.InviteUse(ctx, invite.ID, ticket.Use.Hash()); err != nil {
		return invite, "", err
	}
	standing := invite
	switch {
	case used != "" && kind == parley.InviteAccount:
		return invite, used, nil // who lost the answer learns it; nothing is given anew
	case used != "":
		standing.Used = 0 // what others have used since is not theirs
	}
	return invite, used, standing.Check(d.now())
}

// use uses an invite for what it gives; repeat tells that the same use had been made before, and nothing was given.
func (d *Desk) use(
	ctx context.Context, invite parley.Invite, ticket parley.Ticket, gives parley.Event,
) (repeat bool, err error) {
	e := parley.InviteUsed{Code: invite.Code, Use: ticket.Use.Hash(), At: d.now(), Gives: gives}
	outcomes, err := d.journal.Append(ctx, e)
	if err != nil {
		return false, err
	}
	if o := outcomes[0]; o.Err != nil || o.Repeat {
		return o.Repeat, o.Err
	}
	_, who, _ := e.Given()
	d.log.Info("invite used", "invite", invite.ID, "kind", invite.Kind, "who", who)
	return false, nil
}
