package sqlite

import (
	"context"
	"database/sql"
	"time"

	"parley"
)

const (
	selectAccounts         = `SELECT id, name, role, disabled, once, created FROM accounts`
	selectAccountsByName   = selectAccounts + ` ORDER BY key`
	selectAccountByKey     = selectAccounts + ` WHERE key = ?`
	selectAccountByID      = selectAccounts + ` WHERE id = ?`
	selectAccountLookalike = selectAccounts + ` WHERE lookalike = ?`
	selectPassword         = `SELECT password FROM accounts WHERE id = ?`
)

var accountReads = []string{selectAccountsByName, selectAccountByKey, selectAccountByID, selectAccountLookalike,
	selectPassword}

// Account gives the account of that name. The error is an *parley.Error, CodeNoSuchAccount when there is none, or ctx's.
func (s *Store) Account(ctx context.Context, key parley.NameKey) (parley.Account, error) {
	return s.account(ctx, selectAccountByKey, string(key))
}

// AccountByID gives an account. The error is as for Account.
func (s *Store) AccountByID(ctx context.Context, id parley.SenderID) (parley.Account, error) {
	return s.account(ctx, selectAccountByID, string(id))
}

// Lookalike gives the account whose name looks like this. The error is as for Account.
func (s *Store) Lookalike(ctx context.Context, key parley.LookalikeKey) (parley.Account, error) {
	return s.account(ctx, selectAccountLookalike, string(key))
}

// Accounts gives all accounts, by name. The error is an *parley.Error or ctx's.
func (s *Store) Accounts(ctx context.Context) ([]parley.Account, error) {
	var found []parley.Account
	err := s.list(ctx, selectAccountsByName, nil, func(rows *sql.Rows) error {
		a, err := scanAccount(rows.Scan)
		found = append(found, a)
		return err
	})
	return found, err
}

// Password gives the password of an account, as it is kept. The error is as for Account.
func (s *Store) Password(ctx context.Context, id parley.SenderID) (parley.PasswordHash, error) {
	var password parley.PasswordHash
	err := s.one(ctx, errNoSuchAccount, selectPassword, []any{string(id)}, &password)
	return password, err
}

// account gives the one account that a query finds.
func (s *Store) account(ctx context.Context, query, by string) (parley.Account, error) {
	return scanAccount(func(into ...any) error { return s.one(ctx, errNoSuchAccount, query, []any{by}, into...) })
}

// scanAccount reads the columns of selectAccounts.
func scanAccount(scan func(into ...any) error) (parley.Account, error) {
	var a parley.Account
	var created int64
	if err := scan(&a.ID, &a.Name, &a.Role, &a.Disabled, &a.OneTime, &created); err != nil {
		return parley.Account{}, err
	}
	a.Created = time.UnixMicro(created).UTC()
	return a, nil
}
