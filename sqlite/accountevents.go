package sqlite

import (
	"context"

	"parley"
)

const (
	sqlAccountTaken  = `SELECT count(*) FROM accounts WHERE id = ? OR key = ? OR lookalike = ?`
	sqlInsertAccount = `INSERT INTO accounts (id, name, key, lookalike, role, disabled, created, password, once)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlChangeAccount = `UPDATE accounts SET role = ?, disabled = ? WHERE id = ?`
	sqlSetPassword   = `UPDATE accounts SET password = ? WHERE id = ?`
	sqlSetOneTime    = `UPDATE accounts SET once = ? WHERE id = ?`
	sqlDropAccount   = `DELETE FROM accounts WHERE id = ?`

	sqlForgetMember   = `DELETE FROM members WHERE who = ?`
	sqlForgetReads    = `DELETE FROM reads WHERE who = ?`
	sqlForgetMentions = `DELETE FROM mentions WHERE who = ?`
	sqlForgetLogins   = `DELETE FROM logins WHERE who = ?`
)

var accountQueries = []string{sqlAllAccounts, sqlAccountTaken, sqlInsertAccount, sqlChangeAccount, sqlSetPassword,
	sqlSetOneTime, sqlDropAccount, sqlForgetMember, sqlForgetReads, sqlForgetMentions, sqlForgetLogins}

// addAccount applies parley.AccountAdded.
func (l *ledger) addAccount(ctx context.Context, e parley.AccountAdded) (parley.Outcome, error) {
	a := e.Account
	var taken int
	if _, err := l.get(ctx, sqlAccountTaken, []any{string(a.ID), string(e.Key), string(e.Lookalike)}, &taken); err != nil {
		return parley.Outcome{}, err
	}
	if taken > 0 {
		return parley.Outcome{}, parley.Errorf(parley.CodeNameTaken,
			"the name %s is taken, or looks like one that is", parley.CleanLine(string(a.Name)))
	}
	l.accounts.put(a.ID, account{key: e.Key, role: a.Role, disabled: a.Disabled})
	_, err := l.exec(ctx, sqlInsertAccount, string(a.ID), string(a.Name), string(e.Key), string(e.Lookalike),
		string(a.Role), a.Disabled, a.Created.UnixMicro(), string(e.Password), a.OneTime)
	return parley.Outcome{}, err
}

// changeAccount applies parley.AccountChanged.
func (l *ledger) changeAccount(ctx context.Context, e parley.AccountChanged) (parley.Outcome, error) {
	a, ok := l.accounts.known[e.ID]
	if !ok {
		return parley.Outcome{}, errNoSuchAccount
	}
	if e.Role != nil {
		a.role = *e.Role
	}
	if e.Disabled != nil {
		a.disabled = *e.Disabled
	}
	if !a.owns() && l.accounts.needed(e.ID) {
		return parley.Outcome{}, errLastOwner
	}
	l.accounts.put(e.ID, a)
	if _, err := l.exec(ctx, sqlChangeAccount, string(a.role), a.disabled, string(e.ID)); err != nil {
		return parley.Outcome{}, err
	}
	if e.Password != nil {
		if _, err := l.exec(ctx, sqlSetPassword, string(*e.Password), string(e.ID)); err != nil {
			return parley.Outcome{}, err
		}
	}
	if e.OneTime != nil {
		if _, err := l.exec(ctx, sqlSetOneTime, *e.OneTime, string(e.ID)); err != nil {
			return parley.Outcome{}, err
		}
	}
	return parley.Outcome{}, nil
}

// removeAccount applies parley.AccountRemoved.
func (l *ledger) removeAccount(ctx context.Context, e parley.AccountRemoved) (parley.Outcome, error) {
	if _, ok := l.accounts.known[e.ID]; !ok {
		return parley.Outcome{}, errNoSuchAccount
	}
	if l.accounts.needed(e.ID) {
		return parley.Outcome{}, errLastOwner
	}
	l.accounts.remove(e.ID)
	l.rooms.dismiss(e.ID)
	for _, query := range []string{
		sqlDropAccount, sqlForgetMember, sqlForgetReads, sqlForgetMentions, sqlForgetLogins,
	} {
		if _, err := l.exec(ctx, query, string(e.ID)); err != nil {
			return parley.Outcome{}, err
		}
	}
	return parley.Outcome{}, nil
}

var (
	errNoSuchAccount = parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
	errLastOwner     = parley.Errorf(parley.CodeForbidden, "this is the only owner who can log in; make another one first")
)
