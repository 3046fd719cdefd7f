package wire

import (
	"time"

	"parley"
)

// Ticket is what lets somebody in by an invite, where they are to say who they are.
type Ticket struct {
	Invite parley.InviteCode `json:"invite,omitempty"` // the code of an invite, the last part of its link
	Use    parley.UseID      `json:"use,omitempty"`    // made by the client at random, the same when it tries again: it is one use
}

// NewInvite is the body that makes an invite.
type NewInvite struct {
	Kind  parley.InviteKind `json:"kind"`
	Uses  int               `json:"uses,omitempty"`  // how often it can be used; left out for 1, of a guest's for 100
	Lasts int64             `json:"lasts,omitempty"` // for how many seconds; left out for 7 days
}

// Invite is an invite, as those see it who may list them. What lets somebody in is not in it.
type Invite struct {
	ID      parley.InviteID   `json:"id"`
	Kind    parley.InviteKind `json:"kind"`
	By      Person            `json:"by"`
	Created Time              `json:"created"`
	Expires Time              `json:"expires"`
	Uses    int               `json:"uses"` // how often it can be used in all
	Used    int               `json:"used"` // how often it was
	Revoked bool              `json:"revoked,omitempty"`
}

// InviteMade is the answer to whoever makes an invite: the link is told here and nowhere else, ever.
type InviteMade struct {
	Invite
	Link  string `json:"link"`            // for whoever is invited
	Local bool   `json:"local,omitempty"` // it leads nowhere from other machines
}

// Invites is a list of invites, the oldest first.
type Invites struct {
	Items List[Invite] `json:"items"`
}

// OpenInvite is an invite, as those see it who have its code, while it lets somebody in.
type OpenInvite struct {
	Kind    parley.InviteKind `json:"kind"`
	Expires Time              `json:"expires"`
}

// NewClaim is the body by which a guest becomes an account.
type NewClaim struct {
	Password string `json:"password"`
	Name     string `json:"name,omitempty"` // left out for the guest's own
	Ticket
}

// Claimed is the answer: the session whose token was shown is the account's, and the token stays as it is.
type Claimed struct {
	Session Session `json:"session"`
	You     Me      `json:"you"`
}

// InviteOf gives an invite as it is told.
func InviteOf(i parley.Invite) Invite {
	return Invite{ID: i.ID, Kind: i.Kind, By: Person{ID: i.By.ID, Name: i.By.Name}, Created: At(i.Created),
		Expires: At(i.Expires), Uses: i.Uses, Used: i.Used, Revoked: i.Revoked}
}

// Shown gives the ticket as the server knows it.
func (t Ticket) Shown() parley.Ticket { return parley.Ticket{Code: t.Invite, Use: t.Use} }

func (t Ticket) check() error {
	switch {
	case t.Use != "" && t.Invite == "":
		return parley.Errorf(parley.CodeInvalid, "a use is one of an invite")
	case t.Use != "" && !t.Use.Valid():
		return parley.Errorf(parley.CodeInvalid, "a use has 16 to %d visible characters of ASCII", parley.MaxMessageID)
	}
	return nil
}

func (b NewInvite) check() error {
	if b.Uses < 0 || b.Lasts < 0 || b.Lasts > int64(parley.MaxInviteLasts/time.Second) {
		return parley.Errorf(parley.CodeInvalid, "an invite can be used 1 to %d times, for a minute to 365 days",
			parley.MaxInviteUses)
	}
	_, err := parley.ParseInviteKind(string(b.Kind))
	return err
}

func (b NewClaim) check() error {
	return firstError(checkThere("password", b.Password), b.Ticket.check())
}
