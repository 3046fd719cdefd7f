package sqlite

import (
	"context"

	"parley"
)

const (
	sqlFindReaction   = `SELECT 1 FROM reactions WHERE room = ? AND message = ? AND who = ? AND emoji = ?`
	sqlCountReactions = `SELECT count(*) FROM reactions WHERE room = ? AND message = ? AND who = ?`
	sqlInsertReaction = `INSERT INTO reactions (room, message, seq, who, name, emoji) VALUES (?, ?, ?, ?, ?, ?)`
	sqlDeleteReaction = `DELETE FROM reactions WHERE room = ? AND message = ? AND who = ? AND emoji = ?`
)

var reactingQueries = []string{sqlFindReaction, sqlCountReactions, sqlInsertReaction, sqlDeleteReaction}

// react applies parley.MessageReacted.
func (l *ledger) react(ctx context.Context, e parley.MessageReacted) (parley.Outcome, error) {
	head, target := e.Entry, int64(e.Target)
	r, err := l.begun(ctx, head.Room, head.By.ID, parley.VerbReact)
	if err != nil {
		return parley.Outcome{}, err
	}
	if _, err := l.message(ctx, r, e.Target); err != nil {
		return parley.Outcome{}, err
	}
	if err := l.mayReact(ctx, r, e); err != nil {
		return parley.Outcome{}, err
	}
	made := entry{kind: kindReaction, text: e.Emoji, target: e.Target}
	if !e.On {
		made.kind = kindTakeBack
	}
	seq, err := l.enter(ctx, r, head, made)
	switch {
	case err != nil:
	case e.On:
		_, err = l.exec(ctx, sqlInsertReaction, r.num, target, int64(seq), string(head.By.ID), head.By.Name, e.Emoji)
	default:
		_, err = l.exec(ctx, sqlDeleteReaction, r.num, target, string(head.By.ID), e.Emoji)
	}
	return parley.Outcome{Seq: seq}, err
}

// mayReact says whether a reaction changes something, and is not one too many.
func (l *ledger) mayReact(ctx context.Context, r *room, e parley.MessageReacted) error {
	var n int
	there, err := l.get(ctx, sqlFindReaction, []any{r.num, int64(e.Target), string(e.Entry.By.ID), e.Emoji}, &n)
	switch {
	case err != nil:
		return err
	case there && e.On:
		return parley.Errorf(parley.CodeInvalid, "you have made this reaction already")
	case !there && !e.On:
		return parley.Errorf(parley.CodeInvalid, "you have not made this reaction")
	case !e.On:
		return nil
	}
	if _, err := l.get(ctx, sqlCountReactions, []any{r.num, int64(e.Target), string(e.Entry.By.ID)}, &n); err != nil {
		return err
	}
	if n >= parley.MaxReactions {
		return parley.Errorf(parley.CodeInvalid, "nobody can make more than %d reactions to a message", parley.MaxReactions)
	}
	return nil
}
