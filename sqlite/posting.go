package sqlite

import (
	"context"

	"parley"
)

const (
	sqlMention   = `INSERT OR IGNORE INTO mentions (who, room, seq) VALUES (?, ?, ?)`
	sqlUnmention = `DELETE FROM mentions WHERE room = ? AND seq = ?`
)

var postingQueries = []string{sqlMention}

// post applies parley.MessagePosted. A message of words that answers none waits for others, to be inserted with them.
func (l *ledger) post(ctx context.Context, e *parley.MessagePosted) (parley.Outcome, error) {
	m := &e.Message
	room, err := l.admit(ctx, m.Room, m.By.ID, parley.VerbPost)
	if err != nil {
		return parley.Outcome{}, err
	}
	if m.Reply != 0 {
		if err := l.answerable(ctx, room, m.Reply); err != nil {
			return parley.Outcome{}, err
		}
	}
	if room == nil {
		if room, err = l.converse(ctx, m.Room); err != nil {
			return parley.Outcome{}, err
		}
	}
	seq := parley.Seq(0)
	if m.File == nil && m.Reply == 0 {
		seq = l.rooms.next(room)
		err = l.rows.add(ctx, room.num, seq, m)
	} else {
		seq, err = l.enter(ctx, room, e.Head(), entry{kind: kindMessage, text: words(m), target: m.Reply, file: m.File})
	}
	if err == nil && len(e.Mentions) > 0 {
		err = l.mention(ctx, room, seq, m.By.ID, e.Mentions)
	}
	return parley.Outcome{Seq: seq}, err
}

// words gives the text of a message, which a file has none of.
func words(m *parley.Message) string {
	if m.File != nil {
		return ""
	}
	return m.Text
}

// answerable says whether there is such a message in a room, which is nil before a conversation has begun.
func (l *ledger) answerable(ctx context.Context, r *room, seq parley.Seq) error {
	if r == nil {
		return errNoSuchMessage
	}
	_, err := l.message(ctx, r, seq)
	return err
}

// converse begins a conversation. Whoever has no account any more cannot be written to for the first time.
func (l *ledger) converse(ctx context.Context, id parley.RoomID) (*room, error) {
	if a, b, _ := id.Pair(); l.accounts.missing(a) || l.accounts.missing(b) {
		return nil, parley.Errorf(parley.CodeNoSuchUser, "nobody has that account")
	}
	return l.addConversation(ctx, id)
}

// mention notes whom a message mentions: accounts, and not its sender.
func (l *ledger) mention(
	ctx context.Context, r *room, seq parley.Seq, by parley.SenderID, names []parley.NameKey,
) error {
	for _, name := range names {
		who, ok := l.accounts.ids[name]
		if !ok || who == by {
			continue
		}
		if _, err := l.exec(ctx, sqlMention, string(who), r.num, int64(seq)); err != nil {
			return err
		}
	}
	return nil
}
