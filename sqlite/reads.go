package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// readQueries are all that the connections that read are asked, so that one which does not fit the schema fails when the
// database is opened.
var readQueries = slices.Concat(roomReads, historyReads, eventReads, unreadReads, accountReads, loginReads,
	inviteReads)

// reads is what the connections that read are asked.
type reads struct {
	pool     *sql.DB
	prepared map[string]*sql.Stmt // by query
}

// prepareReads prepares what pool is asked. It closes pool when it fails.
func prepareReads(ctx context.Context, pool *sql.DB) (*reads, error) {
	r := &reads{pool: pool, prepared: make(map[string]*sql.Stmt)}
	for _, query := range readQueries {
		s, err := pool.PrepareContext(ctx, query)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%w: %s", err, query), r.close())
		}
		r.prepared[query] = s
	}
	return r, nil
}

// close waits for the queries under way.
func (r *reads) close() error { return r.pool.Close() }

// one runs one of readQueries that gives one row at most, and scans it into into. The error is none when there is no
// row, another *parley.Error, or ctx's.
func (s *Store) one(ctx context.Context, none error, query string, args []any, into ...any) error {
	err := s.db.use(ctx, func(ctx context.Context) error {
		return s.db.reads.prepared[query].QueryRowContext(ctx, args...).Scan(into...)
	})
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return none
	}
	return readFailure(ctx, err)
}

// errEnough ends a query early.
var errEnough = errors.New("that is enough")

// list runs one of readQueries, and scan on each of its rows until that gives an error. It is no failure when that is
// errEnough. The error is an *parley.Error or ctx's.
func (s *Store) list(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	err := s.db.use(ctx, func(ctx context.Context) error {
		rows, err := s.db.reads.prepared[query].QueryContext(ctx, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err == nil || errors.Is(err, errEnough) {
		return nil
	}
	return readFailure(ctx, err)
}
