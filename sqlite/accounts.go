package sqlite

import (
	"context"
	"database/sql"

	"parley"
)

const sqlAllAccounts = `SELECT id, key, role, disabled FROM accounts`

// accounts is what the writer has to know of all accounts. Like rooms it is what the database holds plus what the
// transaction under way changes.
type accounts struct {
	known   map[parley.SenderID]account // nil when they have to be read
	ids     map[parley.NameKey]parley.SenderID
	claimed map[parley.SenderID]bool // guests who have become accounts, also those that were removed since
	changed bool                     // by the transaction under way
}

type account struct {
	key      parley.NameKey
	role     parley.Role
	disabled bool
}

// loadAccounts reads all accounts, where that has not been done.
func (l *ledger) loadAccounts(ctx context.Context) error {
	if l.accounts.known != nil {
		return nil
	}
	read := accounts{known: make(map[parley.SenderID]account), ids: make(map[parley.NameKey]parley.SenderID),
		claimed: make(map[parley.SenderID]bool)}
	err := l.each(ctx, sqlAllAccounts, nil, func(rows *sql.Rows) error {
		var id parley.SenderID
		var a account
		err := rows.Scan(&id, &a.key, &a.role, &a.disabled)
		read.put(id, a)
		return err
	})
	if err == nil {
		err = l.loadClaims(ctx, &read)
	}
	if err == nil {
		read.changed = false
		l.accounts = read
	}
	return err
}

// put keeps what an account is from now on.
func (as *accounts) put(id parley.SenderID, a account) {
	as.changed = true
	as.known[id] = a
	as.ids[a.key] = id
}

// remove forgets an account.
func (as *accounts) remove(id parley.SenderID) {
	as.changed = true
	delete(as.ids, as.known[id].key)
	delete(as.known, id)
}

// committed keeps what is known for the next transaction.
func (as *accounts) committed() { as.changed = false }

// forget is for a transaction that was rolled back.
func (as *accounts) forget() {
	if as.changed {
		*as = accounts{}
	}
}

// role gives somebody's role on the server, whether or not they can use it.
func (as *accounts) role(who parley.SenderID) parley.Role {
	if who == parley.OperatorID {
		return parley.RoleOwner
	}
	if a, ok := as.known[who]; ok {
		return a.role
	}
	return parley.RoleGuest
}

// acting gives the role of somebody who does something. The error is an *parley.Error of CodeUnauthorized for an account
// that was removed or disabled.
func (as *accounts) acting(who parley.SenderID) (parley.Role, error) {
	if as.isAccount(who) {
		if a, ok := as.known[who]; !ok || a.disabled {
			return "", parley.Errorf(parley.CodeUnauthorized, "this account cannot be used any more")
		}
	}
	return as.role(who), nil
}

// isAccount reports whether who is the id of an account, be it of one that was removed.
func (as *accounts) isAccount(who parley.SenderID) bool { return who.IsAccount() || as.claimed[who] }

// missing reports whether who is an account's id, and there is no such account.
func (as *accounts) missing(who parley.SenderID) bool {
	_, ok := as.known[who]
	return as.isAccount(who) && !ok
}

// needed reports whether an account is the only one by which an owner can log in.
func (as *accounts) needed(id parley.SenderID) bool {
	for other, a := range as.known {
		if other != id && a.owns() {
			return false
		}
	}
	return as.known[id].owns()
}

// owns reports whether an owner can log in by a.
func (a account) owns() bool { return a.role == parley.RoleOwner && !a.disabled }
