package accounts

import (
	"context"

	"parley"
)

// State is where what is known about accounts and logins is read. What was appended to the Journal can be read here as
// soon as Append has returned.
type State interface {
	Directory
	Names
	Logins
	Invites
}

// Directory has the accounts. The error for one that does not exist is an *parley.Error of CodeNoSuchAccount.
type Directory interface {
	AccountByID(ctx context.Context, id parley.SenderID) (parley.Account, error)
	Accounts(ctx context.Context) ([]parley.Account, error)
	Password(ctx context.Context, id parley.SenderID) (parley.PasswordHash, error)
}

// Names finds accounts by what they are called; errors as in Directory.
type Names interface {
	Account(ctx context.Context, name parley.NameKey) (parley.Account, error)
	// Lookalike gives an account whose name has this key: the very name, or one that looks like it.
	Lookalike(ctx context.Context, name parley.LookalikeKey) (parley.Account, error)
}

// Logins has the logins, those that have expired and were not yet swept among them. The error for a token that opens
// nothing is an *parley.Error of CodeUnauthorized.
type Logins interface {
	Login(ctx context.Context, token parley.TokenHash) (parley.Login, error)
	Logins(ctx context.Context, who parley.SenderID) ([]parley.Login, error)
}

// Invites has the invites. The error for one that does not exist is an *parley.Error of CodeNoSuchInvite.
type Invites interface {
	Invites(ctx context.Context) ([]parley.Invite, error) // oldest first
	Invite(ctx context.Context, code parley.InviteHash) (parley.Invite, error)
	// InviteUse gives who got in by a use of an invite, "" for nobody.
	InviteUse(ctx context.Context, invite parley.InviteID, use parley.UseHash) (parley.SenderID, error)
}

// Journal makes events durable and applies them: all of one call at once, or, with an error, none. Each has an outcome,
// in their order.
type Journal interface {
	Append(ctx context.Context, events ...parley.Event) ([]parley.Outcome, error)
}
