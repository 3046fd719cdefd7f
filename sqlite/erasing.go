package sqlite

import (
	"context"

	"parley"
)

const (
	sqlEraseMessage = `UPDATE entries SET text = '', file_name = NULL, file_size = NULL, file_digest = NULL,
		file_width = NULL, file_height = NULL, edited = NULL, deleted = 1 WHERE room = ? AND seq = ?`
	sqlEraseRevisions = `DELETE FROM revisions WHERE room = ? AND message = ?`
	sqlEraseReactions = `DELETE FROM reactions WHERE room = ? AND message = ?`
	sqlEraseEmoji     = `UPDATE entries SET text = '' WHERE room = ? AND target = ? AND kind IN (4, 5)`
)

// erasingQueries are asked with a room and a message's number, one after the other.
var erasingQueries = []string{sqlEraseMessage, sqlEraseRevisions, sqlEraseReactions, sqlEraseEmoji, sqlUnmention}

// erase applies parley.MessageDeleted.
func (l *ledger) erase(ctx context.Context, e parley.MessageDeleted) (parley.Outcome, error) {
	head := e.Entry
	r, err := l.begun(ctx, head.Room, head.By.ID, parley.VerbEnter)
	if err != nil {
		return parley.Outcome{}, err
	}
	m, err := l.message(ctx, r, e.Target)
	if err != nil {
		return parley.Outcome{}, err
	}
	verb := parley.VerbDeleteAny
	if m.by == head.By.ID {
		verb = parley.VerbDeleteOwn
	}
	if _, err := l.begun(ctx, head.Room, head.By.ID, verb); err != nil {
		return parley.Outcome{}, err
	}
	seq, err := l.enter(ctx, r, head, entry{kind: kindDeletion, target: e.Target})
	if err != nil {
		return parley.Outcome{}, err
	}
	for _, query := range erasingQueries {
		if _, err := l.exec(ctx, query, r.num, int64(e.Target)); err != nil {
			return parley.Outcome{}, err
		}
	}
	return parley.Outcome{Seq: seq}, nil
}
