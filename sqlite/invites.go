package sqlite

import (
	"context"

	"parley"
)

const (
	inviteColumns = `id, code, kind, maker, name, created, expires, uses, used, revoked`

	sqlFindInvite    = `SELECT ` + inviteColumns + ` FROM invites WHERE code = ?`
	sqlInviteTaken   = `SELECT count(*) FROM invites WHERE id = ? OR code = ?`
	sqlInsertInvite  = `INSERT INTO invites (` + inviteColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlCountUse      = `UPDATE invites SET used = used + 1 WHERE id = ?`
	sqlFindUse       = `SELECT who FROM uses WHERE invite = ? AND id = ?`
	sqlInsertUse     = `INSERT INTO uses (invite, id, who) VALUES (?, ?, ?)`
	sqlFindRevoked   = `SELECT revoked FROM invites WHERE id = ?`
	sqlRevokeInvite  = `UPDATE invites SET revoked = 1 WHERE id = ?`
	sqlExpireUses    = `DELETE FROM uses WHERE invite IN (SELECT id FROM invites WHERE expires < ?)`
	sqlExpireInvites = `DELETE FROM invites WHERE expires < ?`
)

var inviteQueries = []string{sqlFindInvite, sqlInviteTaken, sqlInsertInvite, sqlCountUse, sqlFindUse, sqlInsertUse,
	sqlFindRevoked, sqlRevokeInvite, sqlExpireUses, sqlExpireInvites}

var errNoSuchInvite = parley.Errorf(parley.CodeNoSuchInvite, "there is no such invite")

// makeInvite applies parley.InviteMade.
func (l *ledger) makeInvite(ctx context.Context, i parley.Invite) (parley.Outcome, error) {
	var taken int
	if _, err := l.get(ctx, sqlInviteTaken, []any{string(i.ID), i.Code[:]}, &taken); err != nil {
		return parley.Outcome{}, err
	}
	if taken > 0 {
		return parley.Outcome{}, parley.Errorf(parley.CodeInvalid, "an invite is made once")
	}
	_, err := l.exec(ctx, sqlInsertInvite, string(i.ID), i.Code[:], string(i.Kind), string(i.By.ID), i.By.Name,
		i.Created.UnixMicro(), i.Expires.UnixMicro(), i.Uses, i.Used, i.Revoked)
	return parley.Outcome{}, err
}

// useInvite applies parley.InviteUsed. What the invite gives is applied last: where that is refused, nothing has happened.
func (l *ledger) useInvite(ctx context.Context, e parley.InviteUsed) (parley.Outcome, error) {
	invite, err := scanInvite(func(into ...any) error {
		found, err := l.get(ctx, sqlFindInvite, []any{e.Code[:]}, into...)
		if err == nil && !found {
			return errNoSuchInvite
		}
		return err
	})
	if err != nil {
		return parley.Outcome{}, err
	}
	var before parley.SenderID
	repeat, err := l.get(ctx, sqlFindUse, []any{string(invite.ID), e.Use[:]}, &before)
	if repeat || err != nil {
		return parley.Outcome{Repeat: repeat}, err
	}
	kind, who, _ := e.Given()
	if err := invite.For(kind); err != nil {
		return parley.Outcome{}, err
	}
	if err := invite.Check(e.At); err != nil {
		return parley.Outcome{}, err
	}
	if o, err := l.applyRare(ctx, e.Gives); err != nil || o.Repeat {
		return o, err
	}
	if _, err := l.exec(ctx, sqlInsertUse, string(invite.ID), e.Use[:], string(who)); err != nil {
		return parley.Outcome{}, err
	}
	_, err = l.exec(ctx, sqlCountUse, string(invite.ID))
	return parley.Outcome{}, err
}

// revokeInvite applies parley.InviteRevoked.
func (l *ledger) revokeInvite(ctx context.Context, e parley.InviteRevoked) (parley.Outcome, error) {
	var revoked bool
	found, err := l.get(ctx, sqlFindRevoked, []any{string(e.ID)}, &revoked)
	switch {
	case err != nil:
		return parley.Outcome{}, err
	case !found:
		return parley.Outcome{}, errNoSuchInvite
	case revoked:
		return parley.Outcome{Repeat: true}, nil
	}
	_, err = l.exec(ctx, sqlRevokeInvite, string(e.ID))
	return parley.Outcome{}, err
}

// expireInvites applies parley.InvitesExpired.
func (l *ledger) expireInvites(ctx context.Context, e parley.InvitesExpired) (parley.Outcome, error) {
	if _, err := l.exec(ctx, sqlExpireUses, e.Before.UnixMicro()); err != nil {
		return parley.Outcome{}, err
	}
	_, err := l.exec(ctx, sqlExpireInvites, e.Before.UnixMicro())
	return parley.Outcome{}, err
}
