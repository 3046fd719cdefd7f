package sqlite

import (
	"context"
	"database/sql"
	"time"

	"parley"
)

const (
	selectLogins = `SELECT logins.id, token, who, logins.name, logins.created, expires, invite FROM logins`
	selectLogin  = selectLogins + ` LEFT JOIN accounts ON accounts.id = logins.who
		WHERE token = ? AND ifnull(accounts.disabled, 0) = 0`
	selectLoginsOf = selectLogins + ` WHERE who = ? ORDER BY logins.created, logins.id`
)

var loginReads = []string{selectLogin, selectLoginsOf}

// Login gives the login that a token opens. The error is an *parley.Error, CodeUnauthorized when there is none, or its
// account is disabled; or ctx's. Whether it has expired is for whoever has a clock to see.
func (s *Store) Login(ctx context.Context, token parley.TokenHash) (parley.Login, error) {
	none := parley.Errorf(parley.CodeUnauthorized, "this login does not exist any more; log in again")
	return scanLogin(func(into ...any) error { return s.one(ctx, none, selectLogin, []any{token[:]}, into...) })
}

// Logins gives the logins of somebody, oldest first, those that have expired and not been forgotten included. The error is
// an *parley.Error or ctx's.
func (s *Store) Logins(ctx context.Context, who parley.SenderID) ([]parley.Login, error) {
	var found []parley.Login
	err := s.list(ctx, selectLoginsOf, []any{string(who)}, func(rows *sql.Rows) error {
		login, err := scanLogin(rows.Scan)
		found = append(found, login)
		return err
	})
	return found, err
}

// scanLogin reads the columns of selectLogins.
func scanLogin(scan func(into ...any) error) (parley.Login, error) {
	var login parley.Login
	var token []byte
	var created, expires int64
	if err := scan(&login.ID, &token, &login.Who.ID, &login.Who.Name, &created, &expires, &login.Invite); err != nil {
		return parley.Login{}, err
	}
	copy(login.Token[:], token)
	login.Created, login.Expires = time.UnixMicro(created).UTC(), time.UnixMicro(expires).UTC()
	return login, nil
}
