package sqlite

import (
	"context"
	"database/sql"

	"parley"
)

const (
	sqlAllClaims   = `SELECT who FROM claims`
	sqlInsertClaim = `INSERT INTO claims (who) VALUES (?)`
	sqlHasLogin    = `SELECT count(*) FROM logins WHERE id = ? AND who = ?`
	sqlExtendLogin = `UPDATE logins SET expires = ? WHERE id = ?`
	sqlNameLogins  = `UPDATE logins SET name = ? WHERE who = ?`
)

var claimQueries = []string{sqlAllClaims, sqlInsertClaim, sqlHasLogin, sqlExtendLogin, sqlNameLogins}

// loadClaims reads which guests have become accounts, into as.
func (l *ledger) loadClaims(ctx context.Context, as *accounts) error {
	return l.each(ctx, sqlAllClaims, nil, func(rows *sql.Rows) error {
		var who parley.SenderID
		err := rows.Scan(&who)
		as.claimed[who] = true
		return err
	})
}

// claimAccount applies parley.AccountClaimed. All that the guest had goes by the guest's id, so nothing of it is moved.
func (l *ledger) claimAccount(ctx context.Context, e parley.AccountClaimed) (parley.Outcome, error) {
	who := e.Account.ID
	if l.accounts.isAccount(who) {
		return parley.Outcome{}, parley.Errorf(parley.CodeInvalid, "you have an account already")
	}
	var logins int
	if _, err := l.get(ctx, sqlHasLogin, []any{string(e.Login), string(who)}, &logins); err != nil {
		return parley.Outcome{}, err
	}
	if logins == 0 {
		return parley.Outcome{}, parley.Errorf(parley.CodeUnauthorized, "you are not logged in any more")
	}
	added := parley.AccountAdded{Account: e.Account, Key: e.Key, Lookalike: e.Lookalike, Password: e.Password}
	if o, err := l.addAccount(ctx, added); err != nil {
		return o, err
	}
	l.accounts.claimed[who] = true
	if _, err := l.exec(ctx, sqlInsertClaim, string(who)); err != nil {
		return parley.Outcome{}, err
	}
	if _, err := l.exec(ctx, sqlNameLogins, string(e.Account.Name), string(who)); err != nil {
		return parley.Outcome{}, err
	}
	_, err := l.exec(ctx, sqlExtendLogin, e.Expires.UnixMicro(), string(e.Login))
	return parley.Outcome{}, err
}
