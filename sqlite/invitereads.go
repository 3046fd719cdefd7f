package sqlite

import (
	"context"
	"database/sql"
	"time"

	"parley"
)

const (
	selectInvites = `SELECT ` + inviteColumns + ` FROM invites ORDER BY created, id`
	selectInvite  = `SELECT ` + inviteColumns + ` FROM invites WHERE code = ?`
	selectUse     = `SELECT who FROM uses WHERE invite = ? AND id = ?`
)

var inviteReads = []string{selectInvites, selectInvite, selectUse}

// Invites gives all invites, oldest first, those that let nobody in any more and were not forgotten included. The error is
// an *parley.Error or ctx's.
func (s *Store) Invites(ctx context.Context) ([]parley.Invite, error) {
	var found []parley.Invite
	err := s.list(ctx, selectInvites, nil, func(rows *sql.Rows) error {
		invite, err := scanInvite(rows.Scan)
		found = append(found, invite)
		return err
	})
	return found, err
}

// Invite gives the invite of that code. The error is an *parley.Error, CodeNoSuchInvite when there is none, or ctx's.
func (s *Store) Invite(ctx context.Context, code parley.InviteHash) (parley.Invite, error) {
	return scanInvite(func(into ...any) error { return s.one(ctx, errNoSuchInvite, selectInvite, []any{code[:]}, into...) })
}

// InviteUse gives who got in by a use of an invite, "" for nobody. The error is an *parley.Error or ctx's.
func (s *Store) InviteUse(ctx context.Context, invite parley.InviteID, use parley.UseHash) (parley.SenderID, error) {
	var who parley.SenderID
	err := s.one(ctx, nil, selectUse, []any{string(invite), use[:]}, &who)
	return who, err
}

// scanInvite reads inviteColumns.
func scanInvite(scan func(into ...any) error) (parley.Invite, error) {
	var i parley.Invite
	var code []byte
	var created, expires int64
	err := scan(&i.ID, &code, &i.Kind, &i.By.ID, &i.By.Name, &created, &expires, &i.Uses, &i.Used, &i.Revoked)
	if err != nil {
		return parley.Invite{}, err
	}
	copy(i.Code[:], code)
	i.Created, i.Expires = time.UnixMicro(created).UTC(), time.UnixMicro(expires).UTC()
	return i, nil
}
