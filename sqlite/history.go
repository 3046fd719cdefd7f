package sqlite

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"time"

	"parley"
)

// MaxRevisions is how many revisions of one message Revisions gives.
const MaxRevisions = 100

const (
	messageColumns = `seq, at, sender, entries.id, entries.name, text, file_name, file_size, file_digest, file_width,
		file_height, target, edited, deleted`

	selectMessages = `SELECT ` + messageColumns + ` FROM entries JOIN rooms ON rooms.num = entries.room
		WHERE rooms.id = ? AND seq > ? AND seq < ? AND entries.kind = 1 ORDER BY seq LIMIT ?`

	selectNewest = `SELECT ` + messageColumns + ` FROM entries JOIN rooms ON rooms.num = entries.room
		WHERE rooms.id = ? AND seq > ? AND seq < ? AND entries.kind = 1 ORDER BY seq DESC LIMIT ?`

	selectReactions = `SELECT message, who, reactions.name, emoji FROM reactions JOIN rooms ON rooms.num = reactions.room
		WHERE rooms.id = ? AND message >= ? AND message <= ? ORDER BY message, seq`

	selectRevisions = `SELECT at, text FROM revisions JOIN rooms ON rooms.num = revisions.room
		WHERE rooms.id = ? AND message = ? ORDER BY seq DESC LIMIT ?`

	selectNewestFile = `SELECT file_size, file_digest, file_width, file_height
		FROM entries JOIN rooms ON rooms.num = entries.room
		WHERE rooms.id = ? AND file_name = ? ORDER BY seq DESC LIMIT 1`
)

var historyReads = []string{selectMessages, selectNewest, selectReactions, selectRevisions, selectNewestFile}

// Messages gives messages of a room as they are now: with their newest text and their reactions, and those whose text was
// deleted without it. A room that does not exist has none. Times are in UTC, to a microsecond. The error is an
// *parley.Error or ctx's.
func (s *Store) Messages(ctx context.Context, room parley.RoomID, page parley.Page) ([]parley.Message, error) {
	query, before := selectMessages, int64(page.Before)
	if page.Newest {
		query = selectNewest
	}
	if before == 0 {
		before = math.MaxInt64
	}
	limit := min(max(page.Limit, 0), parley.MaxPage)
	var found []parley.Message
	err := s.list(ctx, query, []any{string(room), int64(page.After), before, limit}, func(rows *sql.Rows) error {
		m, err := scanMessage(rows, room)
		found = append(found, m)
		return err
	})
	if err == nil && len(found) > 0 {
		err = s.addReactions(ctx, room, found)
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

// Message gives the message of that number, also when its text was deleted. The error is an *parley.Error,
// CodeNoSuchMessage when there is none, or ctx's.
func (s *Store) Message(ctx context.Context, room parley.RoomID, seq parley.Seq) (parley.Message, error) {
	found, err := s.Messages(ctx, room, parley.Page{After: seq - 1, Before: seq + 1, Limit: 1})
	if err != nil {
		return parley.Message{}, err
	}
	if len(found) == 0 {
		return parley.Message{}, errNoSuchMessage
	}
	return found[0], nil
}

// Revisions gives what a message said before it was edited, oldest first, and no more than the last MaxRevisions. One that
// does not exist, or was deleted, has none. The error is an *parley.Error or ctx's.
func (s *Store) Revisions(ctx context.Context, room parley.RoomID, seq parley.Seq) ([]parley.Revision, error) {
	var found []parley.Revision
	err := s.list(ctx, selectRevisions, []any{string(room), int64(seq), MaxRevisions}, func(rows *sql.Rows) error {
		var r parley.Revision
		var at int64
		err := rows.Scan(&at, &r.Text)
		r.At = time.UnixMicro(at).UTC()
		found = append(found, r)
		return err
	})
	slices.Reverse(found)
	return found, err
}

// NewestFile gives the newest file that was sent to a room under this name and is not deleted. The error is an
// *parley.Error, CodeNoSuchFile when there is none, or ctx's.
func (s *Store) NewestFile(ctx context.Context, room parley.RoomID, name parley.FileName) (parley.File, error) {
	none := parley.Errorf(parley.CodeNoSuchFile, "no such file: %s", parley.CleanLine(string(name)))
	file := parley.File{Name: name}
	var digest []byte
	var width, height sql.NullInt64
	args := []any{string(room), string(name)}
	if err := s.one(ctx, none, selectNewestFile, args, &file.Size, &digest, &width, &height); err != nil {
		return parley.File{}, err
	}
	copy(file.Digest[:], digest)
	file.Width, file.Height = int(width.Int64), int(height.Int64)
	return file, nil
}

// scanMessage reads messageColumns, and gives more columns what they are scanned into.
func scanMessage(rows *sql.Rows, room parley.RoomID, more ...any) (parley.Message, error) {
	var (
		m              = parley.Message{Room: room}
		at             int64
		name           sql.NullString
		size           sql.NullInt64
		target, edited sql.NullInt64
		digest         []byte
		width, height  sql.NullInt64
	)
	err := rows.Scan(append([]any{&m.Seq, &at, &m.By.ID, &m.ID, &m.By.Name, &m.Text, &name, &size, &digest, &width, &height,
		&target, &edited, &m.Deleted}, more...)...)
	m.At = time.UnixMicro(at).UTC()
	m.Reply = parley.Seq(target.Int64)
	m.Edited = edited.Valid
	if name.Valid {
		m.File = &parley.File{
			Name: parley.FileName(name.String), Size: size.Int64, Width: int(width.Int64), Height: int(height.Int64),
		}
		copy(m.File.Digest[:], digest)
	}
	return m, err
}

// addReactions gives the messages of a page, which is in one order or the other, their reactions.
func (s *Store) addReactions(ctx context.Context, room parley.RoomID, page []parley.Message) error {
	first, last := page[0].Seq, page[len(page)-1].Seq
	args := []any{string(room), int64(min(first, last)), int64(max(first, last))}
	places := make(map[parley.Seq]int, len(page))
	for i, m := range page {
		places[m.Seq] = i
	}
	return s.list(ctx, selectReactions, args, func(rows *sql.Rows) error {
		var seq parley.Seq
		var by parley.Sender
		var emoji string
		if err := rows.Scan(&seq, &by.ID, &by.Name, &emoji); err != nil {
			return err
		}
		if i, ok := places[seq]; ok && !page[i].Deleted {
			page[i].Reactions = addReaction(page[i].Reactions, emoji, by)
		}
		return nil
	})
}

// addReaction adds who else made a reaction.
func addReaction(all []parley.ReactionCount, emoji string, by parley.Sender) []parley.ReactionCount {
	i := slices.IndexFunc(all, func(r parley.ReactionCount) bool { return r.Emoji == emoji })
	if i < 0 {
		return append(all, parley.ReactionCount{Emoji: emoji, By: []parley.Sender{by}})
	}
	all[i].By = append(all[i].By, by)
	return all
}
