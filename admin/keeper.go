package admin

import (
	"context"

	"parley"
)

// Keeper manages accounts by their names. Errors are an *parley.Error: those of accounts.Desk, CodeNoSuchAccount for a
// name that no account has, and of a Client also CodeClosed when the server does not answer.
type Keeper interface {
	Lister
	Changer
	Enroller
}

// Lister tells which accounts there are.
type Lister interface {
	// List gives all accounts, by name.
	List(ctx context.Context) ([]Account, error)
}

// Changer changes accounts. What it has done is durable, and in effect, when it returns.
type Changer interface {
	Add(ctx context.Context, name, password string, role parley.Role) (Account, error)
	// Change gives the account as it is then. A new password ends all its logins.
	Change(ctx context.Context, name string, change Change) (Account, error)
	// Remove gives the account as it was.
	Remove(ctx context.Context, name string) (Account, error)
}

// Enroller makes accounts for people who choose a password of their own when they come for the first time.
type Enroller interface {
	// AddOneTime is Add with a one-time password.
	AddOneTime(ctx context.Context, name, password string, role parley.Role) (Account, error)
}

// Desk is what keeps the accounts, accounts.Desk; what the methods do is said there.
type Desk interface {
	Finder
	Maker
	Setter
	OneTimer
}

// Finder finds accounts.
type Finder interface {
	Find(ctx context.Context, name string) (parley.Account, error)
	List(ctx context.Context) ([]parley.Account, error)
}

// Maker makes accounts and removes them.
type Maker interface {
	Add(ctx context.Context, name, password string, role parley.Role) (parley.Account, error)
	Remove(ctx context.Context, id parley.SenderID) error
}

// Setter changes accounts.
type Setter interface {
	SetPassword(ctx context.Context, id parley.SenderID, password string, except parley.LoginID) error
	SetRole(ctx context.Context, id parley.SenderID, role parley.Role) error
	SetDisabled(ctx context.Context, id parley.SenderID, disabled bool) error
}

// OneTimer gives accounts one-time passwords.
type OneTimer interface {
	AddOneTime(ctx context.Context, name, password string, role parley.Role) (parley.Account, error)
	SetOneTimePassword(ctx context.Context, id parley.SenderID, password string) error
}
