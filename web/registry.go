package web

import (
	"context"
	"net/http"

	"parley"
	"parley/web/wire"
)

// addAccount makes an account: one's own, where people may, or anybody's for an owner.
func addAccount(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.NewAccount](r)
	if err != nil {
		return reply{}, err
	}
	var account parley.Account
	if parley.MayServer(r.who.Role, parley.VerbAccounts) == nil {
		role := b.Role
		if role == "" {
			role = parley.RoleMember
		}
		add := r.server.Accounts.Add
		if b.OneTime {
			add = r.server.Accounts.AddOneTime
		}
		account, err = add(ctx, b.Name, b.Password, role)
	} else if b.OneTime {
		err = parley.Errorf(parley.CodeForbidden, "only an owner gives one-time passwords")
	} else if b.Role != "" && b.Role != parley.RoleMember {
		err = parley.Errorf(parley.CodeForbidden, "only an owner gives roles")
	} else if b.Invite != "" {
		account, err = r.server.Accounts.RegisterByInvite(ctx, b.Shown(), b.Name, b.Password, r.address())
	} else {
		account, err = r.server.Accounts.Register(ctx, b.Name, b.Password, r.address())
	}
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusCreated, body: wire.AccountOf(account)}, nil
}

// listAccounts answers all accounts.
func listAccounts(ctx context.Context, r *request) (reply, error) {
	if err := parley.MayServer(r.who.Role, parley.VerbAccounts); err != nil {
		return reply{}, err
	}
	accounts, err := r.server.Accounts.List(ctx)
	if err != nil {
		return reply{}, err
	}
	answer := wire.Accounts{Items: make([]wire.Account, len(accounts))}
	for i, a := range accounts {
		answer.Items[i] = wire.AccountOf(a)
	}
	return reply{status: http.StatusOK, body: answer}, nil
}

// getAccount answers one account: to an owner any, to others their own.
func getAccount(ctx context.Context, r *request) (reply, error) {
	account, err := r.account(ctx)
	return reply{status: http.StatusOK, body: wire.AccountOf(account)}, err
}

// changeAccount gives an account another password, role or state.
func changeAccount(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.AccountChange](r)
	if err != nil {
		return reply{}, err
	}
	if err := parley.MayServer(r.who.Role, parley.VerbAccounts); err != nil {
		return reply{}, err
	}
	account, err := r.account(ctx)
	if err != nil {
		return reply{}, err
	}
	for _, change := range []func() error{
		func() error {
			if b.Password == nil {
				return nil
			}
			if b.OneTime {
				return r.server.Accounts.SetOneTimePassword(ctx, account.ID, *b.Password)
			}
			return r.server.Accounts.SetPassword(ctx, account.ID, *b.Password, "")
		},
		func() error {
			if b.Role == nil {
				return nil
			}
			return r.server.Accounts.SetRole(ctx, account.ID, *b.Role)
		},
		func() error {
			if b.Disabled == nil {
				return nil
			}
			return r.server.Accounts.SetDisabled(ctx, account.ID, *b.Disabled)
		},
	} {
		if err := change(); err != nil {
			return reply{}, err
		}
	}
	return getAccount(ctx, r)
}

// removeAccount removes an account.
func removeAccount(ctx context.Context, r *request) (reply, error) {
	if err := parley.MayServer(r.who.Role, parley.VerbAccounts); err != nil {
		return reply{}, err
	}
	account, err := r.account(ctx)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusNoContent}, r.server.Accounts.Remove(ctx, account.ID)
}

// changePassword gives whoever asks another password, if they know the old one.
func changePassword(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.PasswordChange](r)
	if err != nil {
		return reply{}, err
	}
	if !r.who.HasAccount() {
		return reply{}, parley.Errorf(parley.CodeUnauthorized, "only an account has a password")
	}
	if _, err := r.server.Accounts.Login(ctx, string(r.who.Name), b.Old, r.address()); err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusNoContent}, r.server.Accounts.SetPassword(ctx, r.who.ID, b.New, r.who.Login)
}

// account gives the account in a request's path, for somebody who may see it.
func (r *request) account(ctx context.Context) (parley.Account, error) {
	key := parley.Name(r.PathValue("name")).Key()
	own := r.who.HasAccount() && r.who.Name.Key() == key
	if err := parley.MayServer(r.who.Role, parley.VerbAccounts); err != nil && !own {
		return parley.Account{}, err
	}
	return r.server.State.Account(ctx, key)
}
