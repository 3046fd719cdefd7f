package sqlite

import (
	"context"

	"parley"
)

const sqlPutRead = `INSERT INTO reads (who, room, seq) VALUES (?, ?, ?)
	ON CONFLICT DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq`

var readingQueries = []string{sqlPutRead}

// read applies parley.Read.
func (l *ledger) read(ctx context.Context, e parley.Read) (parley.Outcome, error) {
	r, err := l.begun(ctx, e.Room, e.Who, parley.VerbReact)
	switch {
	case err != nil:
		return parley.Outcome{}, err
	case e.Seq > r.last:
		return parley.Outcome{}, parley.Errorf(parley.CodeInvalid, "the room has only %d entries", r.last)
	case e.Seq < 1:
		return parley.Outcome{Repeat: true}, nil
	}
	result, err := l.exec(ctx, sqlPutRead, string(e.Who), r.num, int64(e.Seq))
	if err != nil {
		return parley.Outcome{}, err
	}
	changed, err := result.RowsAffected()
	return parley.Outcome{Repeat: changed == 0}, err
}
