package sqlite

import (
	"context"
	"iter"

	"parley"
)

const (
	selectNamed = `SELECT EXISTS (SELECT 1 FROM entries WHERE file_name IS NOT NULL AND file_digest = ?)`

	// Read by the index of files, so that messages are not looked at, however many there are.
	selectDigests = `SELECT room, file_name, seq, file_digest FROM entries
		WHERE file_name IS NOT NULL AND file_digest IS NOT NULL AND (room, file_name, seq) > (?, ?, ?)
		ORDER BY room, file_name, seq LIMIT ?`

	digestsPage = 1000 // rows in one read, so that no read is long
)

// Named reports whether any message of a file names this content. It looks at every file's message if need be. The
// error is an *parley.Error or ctx's.
func (s *Store) Named(ctx context.Context, d parley.Digest) (named bool, err error) {
	err = s.db.use(ctx, func(ctx context.Context) error {
		return s.db.reads.pool.QueryRowContext(ctx, selectNamed, d[:]).Scan(&named)
	})
	if err != nil {
		return false, readFailure(ctx, err)
	}
	return named, nil
}

// Digests gives the content of every file that a message names, in no order, and some more than once. An error is an
// *parley.Error or ctx's; nothing follows it, and not all was given.
func (s *Store) Digests(ctx context.Context) iter.Seq2[parley.Digest, error] {
	return func(yield func(parley.Digest, error) bool) {
		var at place
		for {
			page, err := s.digestsAfter(ctx, &at)
			if err != nil {
				yield(parley.Digest{}, readFailure(ctx, err))
				return
			}
			for _, d := range page {
				if !yield(d, nil) {
					return
				}
			}
			if len(page) < digestsPage {
				return
			}
		}
	}
}

// place is where a page of digests ended, in the order of the index.
type place struct {
	room, seq int64
	name      string
}

// digestsAfter reads the page that comes after at, and moves that to its end.
func (s *Store) digestsAfter(ctx context.Context, at *place) (page []parley.Digest, err error) {
	err = s.db.use(ctx, func(ctx context.Context) error {
		rows, err := s.db.reads.pool.QueryContext(ctx, selectDigests, at.room, at.name, at.seq, digestsPage)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var digest []byte
			if err := rows.Scan(&at.room, &at.name, &at.seq, &digest); err != nil {
				return err
			}
			page = append(page, parley.Digest{})
			copy(page[len(page)-1][:], digest)
		}
		return rows.Err()
	})
	return page, err
}
