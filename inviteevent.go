package parley

import "time"

// InviteMade makes an invite. It takes no number, nor does anything else that becomes of an invite.
type InviteMade struct{ Invite Invite }

// Type is EventInviteMade.
func (InviteMade) Type() EventType { return EventInviteMade }

// InviteUsed uses an invite for what it gives: both happen, or neither does. The same use of the same invite is a repeat,
// whatever has become of the invite since, and then nothing is given again. It is refused with CodeNoSuchInvite, with
// CodeExpired when at At the invite has expired or was used up or revoked, with CodeForbidden when it gives something else,
// and as Gives is.
type InviteUsed struct {
	Code  InviteHash
	Use   UseHash
	At    time.Time
	Gives Event // a LoginOpened of a guest, an AccountAdded or an AccountClaimed
}

// Type is EventInviteUsed.
func (InviteUsed) Type() EventType { return EventInviteUsed }

// Given gives what the invite was used for: the kind that the invite must be of and who got it; ok is false where that is
// nothing that an invite gives.
func (e InviteUsed) Given() (kind InviteKind, who SenderID, ok bool) {
	switch given := e.Gives.(type) {
	case LoginOpened:
		return InviteGuest, given.Login.Who.ID, true
	case AccountAdded:
		return InviteAccount, given.Account.ID, true
	case AccountClaimed:
		return InviteAccount, given.Account.ID, true
	}
	return "", "", false
}

// InviteRevoked makes that an invite lets in nobody any more. Whoever came by it stays. It is refused with
// CodeNoSuchInvite; one that was revoked before is a repeat.
type InviteRevoked struct{ ID InviteID }

// Type is EventInviteRevoked.
func (InviteRevoked) Type() EventType { return EventInviteRevoked }

// InvitesExpired forgets all invites that expired before a time, and who used them.
type InvitesExpired struct{ Before time.Time }

// Type is EventInvitesExpired.
func (InvitesExpired) Type() EventType { return EventInvitesExpired }

// AccountClaimed makes a guest an account: what the guest had is the account's from then on, since it keeps the guest's id,
// and so does who is connected as the guest. The guest's logins are the account's, and Login, by which it was asked for,
// lasts until Expires. It is refused with CodeUnauthorized when the guest has no such login, with CodeInvalid when it is an
// account already, and with CodeNameTaken as AccountAdded is.
type AccountClaimed struct {
	Account   Account      // with the guest's id
	Key       NameKey      // of Account.Name
	Lookalike LookalikeKey // of Account.Name
	Password  PasswordHash
	Login     LoginID
	Expires   time.Time
}

// Type is EventAccountClaimed.
func (AccountClaimed) Type() EventType { return EventAccountClaimed }
