package sqlite

import (
	"context"

	"parley"
)

const (
	sqlInsertRevision = `INSERT INTO revisions (room, message, seq, at, text) VALUES (?, ?, ?, ?, ?)`
	sqlEditMessage    = `UPDATE entries SET text = ?, edited = ? WHERE room = ? AND seq = ?`
)

var editingQueries = []string{sqlInsertRevision, sqlEditMessage}

// edit applies parley.MessageEdited.
func (l *ledger) edit(ctx context.Context, e parley.MessageEdited) (parley.Outcome, error) {
	by := e.Entry.By.ID
	r, err := l.begun(ctx, e.Entry.Room, by, parley.VerbEditOwn)
	if err != nil {
		return parley.Outcome{}, err
	}
	m, err := l.message(ctx, r, e.Target)
	switch {
	case err != nil:
		return parley.Outcome{}, err
	case m.by != by:
		return parley.Outcome{}, parley.Errorf(parley.CodeForbidden, "only its sender may change a message")
	case m.isFile:
		return parley.Outcome{}, parley.Errorf(parley.CodeInvalid, "a file cannot be edited")
	}
	seq, err := l.enter(ctx, r, e.Entry, entry{kind: kindEdit, target: e.Target})
	if err != nil {
		return parley.Outcome{}, err
	}
	return parley.Outcome{Seq: seq}, l.revise(ctx, r, m, seq, e)
}

// revise gives a message its new text, and keeps the one it had.
func (l *ledger) revise(ctx context.Context, r *room, m message, seq parley.Seq, e parley.MessageEdited) error {
	since := m.at
	if m.edited.Valid {
		since = m.edited.Int64
	}
	target := int64(e.Target)
	if _, err := l.exec(ctx, sqlInsertRevision, r.num, target, int64(seq), since, m.text); err != nil {
		return err
	}
	if _, err := l.exec(ctx, sqlEditMessage, e.Text, e.Entry.At.UnixMicro(), r.num, target); err != nil {
		return err
	}
	if _, err := l.exec(ctx, sqlUnmention, r.num, target); err != nil {
		return err
	}
	return l.mention(ctx, r, e.Target, m.by, parley.Mentions(e.Text))
}
