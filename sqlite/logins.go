package sqlite

import (
	"context"
	"database/sql"
	"time"

	"parley"
)

// guestsKept is how long a guest who has no login, or none any more, keeps what they read and what they are in rooms. It
// is longer than anybody stays connected without one.
const guestsKept = 7 * 24 * time.Hour

const (
	sqlFindLogin   = `SELECT id FROM logins WHERE id = ? OR token = ?`
	sqlInsertLogin = `INSERT INTO logins (id, token, who, name, created, expires, invite)
		VALUES (?, ?, ?, ?, ?, ?, ?)`
	sqlEndLogin     = `DELETE FROM logins WHERE id = ?`
	sqlEndLogins    = `DELETE FROM logins WHERE who = ? AND id <> ?`
	sqlExpireLogins = `DELETE FROM logins WHERE expires < ?`

	// A guest's id begins with g-, and '.' comes right after '-'. A guest who has become an account has kept theirs.
	sqlExpireReads = `DELETE FROM reads WHERE who >= 'g-' AND who < 'g.'
		AND NOT EXISTS (SELECT 1 FROM logins WHERE logins.who = reads.who)
		AND NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.id = reads.who)
		AND ifnull((SELECT at FROM entries WHERE entries.room = reads.room AND entries.seq = reads.seq), 0) < ?`
	sqlExpireMembers = `DELETE FROM members WHERE who >= 'g-' AND who < 'g.'
		AND NOT EXISTS (SELECT 1 FROM logins WHERE logins.who = members.who)
		AND NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.id = members.who) AND at < ? RETURNING room, who`
)

var loginQueries = []string{sqlFindLogin, sqlInsertLogin, sqlEndLogin, sqlEndLogins, sqlExpireLogins, sqlExpireReads,
	sqlExpireMembers}

// openLogin applies parley.LoginOpened.
func (l *ledger) openLogin(ctx context.Context, login parley.Login) (parley.Outcome, error) {
	var id parley.LoginID
	found, err := l.get(ctx, sqlFindLogin, []any{string(login.ID), login.Token[:]}, &id)
	switch {
	case err != nil:
		return parley.Outcome{}, err
	case found && id == login.ID:
		return parley.Outcome{Repeat: true}, nil
	case found:
		return parley.Outcome{}, parley.Errorf(parley.CodeInvalid, "a token is used once")
	}
	if _, err := l.accounts.acting(login.Who.ID); err != nil {
		return parley.Outcome{}, errNoSuchAccount
	}
	if login.Invite != "" && l.accounts.isAccount(login.Who.ID) {
		return parley.Outcome{}, parley.Errorf(parley.CodePasswordNeeded, "this guest has an account now: log in by its password")
	}
	_, err = l.exec(ctx, sqlInsertLogin, string(login.ID), login.Token[:], string(login.Who.ID), login.Who.Name,
		login.Created.UnixMicro(), login.Expires.UnixMicro(), string(login.Invite))
	return parley.Outcome{}, err
}

// endLogin applies parley.LoginEnded.
func (l *ledger) endLogin(ctx context.Context, e parley.LoginEnded) (parley.Outcome, error) {
	result, err := l.exec(ctx, sqlEndLogin, string(e.ID))
	if err != nil {
		return parley.Outcome{}, err
	}
	ended, err := result.RowsAffected()
	return parley.Outcome{Repeat: ended == 0}, err
}

// endLogins applies parley.LoginsEnded.
func (l *ledger) endLogins(ctx context.Context, e parley.LoginsEnded) (parley.Outcome, error) {
	_, err := l.exec(ctx, sqlEndLogins, string(e.Who), string(e.Except))
	return parley.Outcome{}, err
}

// expireLogins applies parley.LoginsExpired. What was kept for a guest goes once their logins are gone and it has not
// changed for guestsKept; how far they have read is as old as what they read last.
func (l *ledger) expireLogins(ctx context.Context, e parley.LoginsExpired) (parley.Outcome, error) {
	if err := l.rows.flush(ctx); err != nil {
		return parley.Outcome{}, err
	}
	if _, err := l.exec(ctx, sqlExpireLogins, e.Before.UnixMicro()); err != nil {
		return parley.Outcome{}, err
	}
	long := e.Before.Add(-guestsKept).UnixMicro()
	if _, err := l.exec(ctx, sqlExpireReads, long); err != nil {
		return parley.Outcome{}, err
	}
	gone := make(map[int64][]parley.SenderID)
	err := l.each(ctx, sqlExpireMembers, []any{long}, func(rows *sql.Rows) error {
		var num int64
		var who parley.SenderID
		err := rows.Scan(&num, &who)
		gone[num] = append(gone[num], who)
		return err
	})
	for _, r := range l.rooms.known {
		for _, who := range gone[r.num] {
			delete(r.members, who)
		}
	}
	return parley.Outcome{}, err
}
