package sqlite

import (
	"context"
	"database/sql"
	"strings"

	"parley"
)

const (
	sqlInsertRows = `INSERT INTO entries (room, seq, kind, at, sender, id, name, text) VALUES `
	oneRow        = `(?, ?, 1, ?, ?, ?, ?, ?)`
	perRow        = 7 // parameters in oneRow
	maxPower      = 6 // the largest statement inserts 1<<maxPower rows; more make a row hardly cheaper
)

// rows gathers the rows of messages, and inserts many of them with one statement: a statement costs as much as several rows.
type rows struct {
	inserts [maxPower + 1]*sql.Stmt // the one at i inserts 1<<i rows
	values  []any                   // perRow for each row that waits
}

// prepare makes the statements with a function that prepares one.
func (r *rows) prepare(ctx context.Context, one func(context.Context, string) (*sql.Stmt, error)) (err error) {
	r.values = make([]any, 0, perRow<<maxPower)
	for power := range r.inserts {
		query := sqlInsertRows + oneRow + strings.Repeat(", "+oneRow, 1<<power-1)
		if r.inserts[power], err = one(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// add gathers one row. Not more than full allows.
func (r *rows) add(room int64, seq parley.Seq, m *parley.Message) {
	r.values = append(r.values, room, int64(seq), m.At.UnixMicro(), string(m.By.ID), string(m.ID), m.By.Name, m.Text)
}

// full reports whether flush is due.
func (r *rows) full() bool { return len(r.values) == cap(r.values) }

// flush inserts what was gathered, in its order.
func (r *rows) flush(ctx context.Context) error {
	rest := r.values
	for power := maxPower; power >= 0; power-- {
		for n := perRow << power; len(rest) >= n; rest = rest[n:] {
			if _, err := r.inserts[power].ExecContext(ctx, rest[:n]...); err != nil {
				return err
			}
		}
	}
	r.drop()
	return nil
}

// drop lets go of what was gathered.
func (r *rows) drop() {
	clear(r.values)
	r.values = r.values[:0]
}
