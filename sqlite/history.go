package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley"
)

// MaxMessages is the most messages that one call of Messages gives. Whoever wants more asks again after the last
// number it got, so that no read is long.
const MaxMessages = 1000

const (
	selectRoom = `SELECT id, name, kind, last FROM rooms WHERE name = ?`

	selectMessages = `SELECT seq, at, sender, entries.id, entries.name, text, file_name, file_size, file_digest
		FROM entries JOIN rooms ON rooms.num = entries.room
		WHERE rooms.id = ? AND seq > ? AND entries.kind = 1 ORDER BY seq LIMIT ?`

	selectNewestFile = `SELECT file_size, file_digest
		FROM entries JOIN rooms ON rooms.num = entries.room
		WHERE rooms.id = ? AND file_name = ? ORDER BY seq DESC LIMIT 1`
)

// reads is what the connections that read are asked.
type reads struct {
	pool       *sql.DB
	room       *sql.Stmt
	messages   *sql.Stmt
	newestFile *sql.Stmt
}

// prepareReads prepares what pool is asked. It closes pool when it fails.
func prepareReads(ctx context.Context, pool *sql.DB) (_ *reads, err error) {
	r := &reads{pool: pool}
	for query, into := range map[string]**sql.Stmt{
		selectRoom: &r.room, selectMessages: &r.messages, selectNewestFile: &r.newestFile,
	} {
		if *into, err = pool.PrepareContext(ctx, query); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	return r, nil
}

// close waits for the queries under way.
func (r *reads) close() error { return r.pool.Close() }

// Room gives the public room of that name. The error is an *parley.Error, CodeNoSuchRoom when there is none, or ctx's.
func (s *Store) Room(ctx context.Context, name parley.RoomName) (parley.Room, error) {
	var room parley.Room
	err := s.db.use(ctx, func(ctx context.Context) error {
		return s.db.reads.room.QueryRowContext(ctx, string(name)).Scan(&room.ID, &room.Name, &room.Kind, &room.Last)
	})
	if errors.Is(err, sql.ErrNoRows) {
		shown := parley.CleanLine(string(name))
		return parley.Room{}, parley.Errorf(parley.CodeNoSuchRoom, "there is no room %s", shown)
	}
	if err != nil {
		return parley.Room{}, readFailure(ctx, err)
	}
	return room, nil
}

// Messages gives messages of a room whose number is over after, oldest first: at most limit, and at most MaxMessages. A
// room that does not exist has none. Times are in UTC, to a microsecond. The error is an *parley.Error or ctx's.
func (s *Store) Messages(
	ctx context.Context, room parley.RoomID, after parley.Seq, limit int,
) ([]parley.Message, error) {
	limit = min(max(limit, 0), MaxMessages)
	var found []parley.Message
	err := s.db.use(ctx, func(ctx context.Context) error {
		rows, err := s.db.reads.messages.QueryContext(ctx, string(room), int64(after), limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			m := parley.Message{Room: room}
			if err := scanMessage(rows, &m); err != nil {
				return err
			}
			found = append(found, m)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, readFailure(ctx, err)
	}
	return found, nil
}

// NewestFile gives the newest file that was sent to a room under this name. The error is an *parley.Error,
// CodeNoSuchFile when there is none, or ctx's.
func (s *Store) NewestFile(ctx context.Context, room parley.RoomID, name parley.FileName) (parley.File, error) {
	file := parley.File{Name: name}
	var digest []byte
	err := s.db.use(ctx, func(ctx context.Context) error {
		return s.db.reads.newestFile.QueryRowContext(ctx, string(room), string(name)).Scan(&file.Size, &digest)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return parley.File{}, parley.Errorf(parley.CodeNoSuchFile, "no such file: %s", parley.CleanLine(string(name)))
	}
	if err != nil {
		return parley.File{}, readFailure(ctx, err)
	}
	copy(file.Digest[:], digest)
	return file, nil
}

// scanMessage reads the columns of selectMessages.
func scanMessage(rows *sql.Rows, m *parley.Message) error {
	var (
		at     int64
		name   sql.NullString
		size   sql.NullInt64
		digest []byte
	)
	if err := rows.Scan(&m.Seq, &at, &m.By.ID, &m.ID, &m.By.Name, &m.Text, &name, &size, &digest); err != nil {
		return err
	}
	m.At = time.UnixMicro(at).UTC()
	if name.Valid {
		m.File = &parley.File{Name: parley.FileName(name.String), Size: size.Int64}
		copy(m.File.Digest[:], digest)
	}
	return nil
}
