package accounts

import (
	"context"
	"errors"

	"parley"
)

// Owned reports whether a password is needed for a name: it belongs to an account, or only accounts are let in. In the
// latter case nobody learns from it which names have accounts.
func (d *Desk) Owned(ctx context.Context, name parley.Name) (bool, error) {
	if d.admit != Open {
		return true, nil
	}
	_, err := d.state.Account(ctx, name.Key())
	if isNoAccount(err) {
		return false, nil
	}
	return err == nil, err
}

// Guest gives the identity of somebody without an account, who asks for a name; "" for none. The error is
// CodeUnauthorized where only accounts are let in, CodePasswordNeeded for a name that belongs to an account, and
// CodeNameTaken for one that could be mistaken for such a name.
func (d *Desk) Guest(ctx context.Context, name parley.Name) (parley.Identity, error) {
	if d.admit != Open {
		return parley.Identity{}, parley.Errorf(parley.CodeUnauthorized, "an account is needed here")
	}
	return d.guest(ctx, name)
}

// guest is Guest for somebody who is let in, whoever else is.
func (d *Desk) guest(ctx context.Context, name parley.Name) (parley.Identity, error) {
	if name != "" {
		switch account, err := d.like(ctx, name); {
		case isNoAccount(err):
		case err != nil:
			return parley.Identity{}, err
		case account.Name.Key() == name.Key():
			return parley.Identity{}, parley.Errorf(parley.CodePasswordNeeded,
				"the name %s belongs to an account: its password is needed", name)
		default:
			return parley.Identity{}, parley.Errorf(parley.CodeNameTaken,
				"the name %s looks like that of somebody else", name)
		}
	}
	return parley.Identity{Name: name, Role: parley.RoleGuest}, nil
}

// like gives the account that has a name, or else one whose name looks like it. The name itself is looked for by its
// own key: the other key goes by a table that another version of the program may have had otherwise.
func (d *Desk) like(ctx context.Context, name parley.Name) (parley.Account, error) {
	account, err := d.state.Account(ctx, name.Key())
	if isNoAccount(err) {
		return d.state.Lookalike(ctx, name.Lookalike())
	}
	return account, err
}

// isNoAccount reports whether err says that an account does not exist.
func isNoAccount(err error) bool {
	return errors.Is(err, &parley.Error{Code: parley.CodeNoSuchAccount})
}
