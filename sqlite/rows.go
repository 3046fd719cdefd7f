package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"parley"
)

// A repeat breaks off the whole transaction (OR ROLLBACK), because all of it is applied again then; so SQLite need
// not keep what undoing one statement would take.
const (
	sqlInsertRows = `INSERT OR ROLLBACK INTO entries (room, seq, kind, at, sender, id, name, text) VALUES `
	oneRow        = `(?, ?, 1, ?, ?, ?, ?, ?)`
	perRow        = 7 // parameters in oneRow
	maxPower      = 6 // the largest statement inserts 1<<maxPower rows; more make a row hardly cheaper
)

// rows gathers the rows of messages, and inserts many of them with one statement: a statement costs as much as
// several rows. It goes through database/sql to the driver's own statements, because copying and checking hundreds of
// parameters once more would cost a twelfth of each message.
type rows struct {
	conn    *sql.Conn
	inserts [maxPower + 1]driverStatement // the one at i inserts 1<<i rows
	values  []driver.NamedValue           // perRow for each row that there is place for
	used    int                           // how many of them hold something
}

// driverStatement is a prepared statement as a driver has it.
type driverStatement interface {
	driver.Stmt
	driver.StmtExecContext
}

// prepare prepares the statements on conn.
func (r *rows) prepare(ctx context.Context, conn *sql.Conn) error {
	r.conn = conn
	r.values = make([]driver.NamedValue, perRow<<maxPower)
	return conn.Raw(func(c any) error {
		preparer, ok := c.(driver.ConnPrepareContext)
		if !ok {
			return fmt.Errorf("the driver cannot prepare statements: %T", c)
		}
		for power := range r.inserts {
			s, err := preparer.PrepareContext(ctx, sqlInsertRows+oneRow+strings.Repeat(", "+oneRow, 1<<power-1))
			if err != nil {
				return err
			}
			if r.inserts[power], ok = s.(driverStatement); !ok {
				return errors.Join(fmt.Errorf("the driver cannot execute statements: %T", s), s.Close())
			}
		}
		return nil
	})
}

// close closes what prepare has prepared.
func (r *rows) close() error {
	if r.conn == nil {
		return nil
	}
	return r.conn.Raw(func(any) error {
		var errs []error
		for _, s := range r.inserts {
			if s != nil {
				errs = append(errs, s.Close())
			}
		}
		return errors.Join(errs...)
	})
}

// add gathers one row, and inserts them when there are many.
func (r *rows) add(ctx context.Context, room int64, seq parley.Seq, m *parley.Message) error {
	v := r.values[r.used:]
	v[0].Value = room
	v[1].Value = int64(seq)
	v[2].Value = m.At.UnixMicro()
	v[3].Value = string(m.By.ID)
	v[4].Value = string(m.ID)
	v[5].Value = m.By.Name
	v[6].Value = m.Text
	r.used += perRow
	if r.used == len(r.values) {
		return r.flush(ctx)
	}
	return nil
}

// flush inserts what was gathered, in its order.
func (r *rows) flush(ctx context.Context) error {
	if r.used == 0 {
		return nil
	}
	defer r.drop()
	return r.conn.Raw(func(any) error {
		rest := r.values[:r.used]
		for power := maxPower; power >= 0; power-- {
			for n := perRow << power; len(rest) >= n; rest = rest[n:] {
				if err := r.insert(ctx, power, rest[:n]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// insert inserts 1<<power rows.
func (r *rows) insert(ctx context.Context, power int, values []driver.NamedValue) error {
	for i := range values {
		values[i].Ordinal = i + 1
	}
	_, err := r.inserts[power].ExecContext(ctx, values)
	return err
}

// drop lets go of what was gathered.
func (r *rows) drop() {
	clear(r.values[:r.used])
	r.used = 0
}
