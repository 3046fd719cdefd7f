package admin

import (
	"context"

	"parley"
)

// Local is a Keeper of accounts in this process.
type Local struct{ desk Desk }

// NewLocal makes a Local of a desk.
func NewLocal(desk Desk) Local { return Local{desk} }

// List gives all accounts, by name.
func (l Local) List(ctx context.Context) ([]Account, error) {
	all, err := l.desk.List(ctx)
	if err != nil {
		return nil, err
	}
	accounts := make([]Account, len(all))
	for i, a := range all {
		accounts[i] = shown(a)
	}
	return accounts, nil
}

// Add makes an account.
func (l Local) Add(ctx context.Context, name, password string, role parley.Role) (Account, error) {
	a, err := l.desk.Add(ctx, name, password, role)
	return shown(a), err
}

// AddOneTime makes an account with a one-time password.
func (l Local) AddOneTime(ctx context.Context, name, password string, role parley.Role) (Account, error) {
	a, err := l.desk.AddOneTime(ctx, name, password, role)
	return shown(a), err
}

// Remove removes an account.
func (l Local) Remove(ctx context.Context, name string) (Account, error) {
	a, err := l.desk.Find(ctx, name)
	if err != nil {
		return Account{}, err
	}
	return shown(a), l.desk.Remove(ctx, a.ID)
}

// Change changes an account. When one of several changes is refused, those before it have happened.
func (l Local) Change(ctx context.Context, name string, change Change) (Account, error) {
	switch {
	case change == (Change{}):
		return Account{}, parley.Errorf(parley.CodeInvalid, "nothing is to be changed")
	case change.OneTime && change.Password == nil:
		return Account{}, parley.Errorf(parley.CodeInvalid, "what is one-time is a password, and there is none")
	}
	a, err := l.desk.Find(ctx, name)
	if err != nil {
		return Account{}, err
	}
	if change.Role != nil {
		if err := l.desk.SetRole(ctx, a.ID, *change.Role); err != nil {
			return Account{}, err
		}
	}
	if change.Disabled != nil {
		if err := l.desk.SetDisabled(ctx, a.ID, *change.Disabled); err != nil {
			return Account{}, err
		}
	}
	if change.Password != nil {
		if err := l.setPassword(ctx, a.ID, *change.Password, change.OneTime); err != nil {
			return Account{}, err
		}
	}
	a, err = l.desk.Find(ctx, name)
	return shown(a), err
}

// setPassword gives an account another password, a one-time password or one that lasts.
func (l Local) setPassword(ctx context.Context, id parley.SenderID, password string, oneTime bool) error {
	if oneTime {
		return l.desk.SetOneTimePassword(ctx, id, password)
	}
	return l.desk.SetPassword(ctx, id, password, "")
}
