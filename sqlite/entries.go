package sqlite

import (
	"context"
	"database/sql"

	"parley"
)

// kind is what an entry is, as entries.kind keeps it. Numbers are only added.
type kind int

const (
	kindMessage  kind = 1
	kindEdit     kind = 2
	kindDeletion kind = 3
	kindReaction kind = 4
	kindTakeBack kind = 5 // of a reaction
	kindMember   kind = 6
	kindSetting  kind = 7
)

const (
	sqlFindEntry   = `SELECT seq FROM entries WHERE id = ? AND sender = ?`
	sqlInsertEntry = `INSERT INTO entries
		(room, seq, kind, at, sender, id, name, text, target, file_name, file_size, file_digest, file_width, file_height)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlFindMessage = `SELECT sender, at, text, file_name IS NOT NULL, edited FROM entries
		WHERE room = ? AND seq = ? AND kind = 1 AND deleted = 0`
)

var entryQueries = []string{sqlFindEntry, sqlInsertEntry, sqlFindMessage}

// entry is what stands in a row of entries besides its head. What is zero is NULL, but for text.
type entry struct {
	kind   kind
	text   string
	target parley.Seq
	file   *parley.File
}

// first gives what came of the entry that somebody made with this id before, as a repeat; the zero Outcome if they have
// not.
func (l *ledger) first(ctx context.Context, id parley.MessageID, by parley.SenderID) (parley.Outcome, error) {
	if err := l.rows.flush(ctx); err != nil {
		return parley.Outcome{}, err
	}
	var o parley.Outcome
	found, err := l.get(ctx, sqlFindEntry, []any{string(id), string(by)}, &o.Seq)
	o.Repeat = found
	return o, err
}

// enter gives an entry its number and adds its row, after all that came before it.
func (l *ledger) enter(ctx context.Context, r *room, head parley.Entry, e entry) (parley.Seq, error) {
	if err := l.rows.flush(ctx); err != nil {
		return 0, err
	}
	var name, size, digest any
	var width, height sql.NullInt64
	if e.file != nil {
		name, size, digest = string(e.file.Name), e.file.Size, e.file.Digest[:]
		width, height = pixels(e.file.Width), pixels(e.file.Height)
	}
	seq := l.rooms.next(r)
	target := sql.NullInt64{Int64: int64(e.target), Valid: e.target != 0}
	_, err := l.exec(ctx, sqlInsertEntry, r.num, int64(seq), int(e.kind), head.At.UnixMicro(), string(head.By.ID),
		string(head.ID), head.By.Name, e.text, target, name, size, digest, width, height)
	return seq, err
}

// pixels is how one side of a picture is kept.
func pixels(n int) sql.NullInt64 { return sql.NullInt64{Int64: int64(n), Valid: n != 0} }

// message is what the writer has to know of a message that something is to be done to.
type message struct {
	by     parley.SenderID
	at     int64 // microseconds, as is edited
	text   string
	isFile bool
	edited sql.NullInt64
}

// message gives the message of that number. The error is an *parley.Error of CodeNoSuchMessage when there is none, or
// none any more.
func (l *ledger) message(ctx context.Context, r *room, seq parley.Seq) (message, error) {
	var m message
	if seq < 1 || seq > r.last {
		return m, errNoSuchMessage
	}
	if err := l.rows.flush(ctx); err != nil {
		return m, err
	}
	found, err := l.get(ctx, sqlFindMessage, []any{r.num, int64(seq)}, &m.by, &m.at, &m.text, &m.isFile, &m.edited)
	if err == nil && !found {
		err = errNoSuchMessage
	}
	return m, err
}

var errNoSuchMessage = parley.Errorf(parley.CodeNoSuchMessage, "there is no such message")
