package sqlite

import (
	"context"

	"parley"
)

// maxCounted is how many entries are looked at, newest first, to count what is unread: most of them may be somebody's own.
const maxCounted = 10_000

const selectUnread = `WITH mark AS (SELECT num, ifnull((SELECT seq FROM reads WHERE who = ?1 AND room = num), 0) AS seq
		FROM rooms WHERE id = ?2)
	SELECT mark.seq,
		(SELECT count(*) FROM (SELECT 1 FROM (
			SELECT kind, deleted, sender FROM entries WHERE room = (SELECT num FROM mark) AND seq > (SELECT seq FROM mark)
				ORDER BY seq DESC LIMIT ?4)
			WHERE kind = 1 AND deleted = 0 AND sender <> ?1 LIMIT ?3)),
		(SELECT count(*) FROM (
			SELECT 1 FROM mentions WHERE who = ?1 AND room = (SELECT num FROM mark) AND seq > (SELECT seq FROM mark) LIMIT ?3))
	FROM mark`

var unreadReads = []string{selectUnread}

// Unread gives how far somebody has read a room, and counts what others have said there since, up to parley.MaxUnread, in
// its newest 10,000 entries. Of a room that does not exist that is nothing. The error is an *parley.Error or ctx's.
func (s *Store) Unread(ctx context.Context, who parley.SenderID, room parley.RoomID) (parley.Unread, error) {
	var u parley.Unread
	args := []any{string(who), string(room), parley.MaxUnread, maxCounted}
	err := s.one(ctx, errNoSuchRoom, selectUnread, args, &u.Read, &u.Messages, &u.Mentions)
	if parley.CodeOf(err) == parley.CodeNoSuchRoom {
		return parley.Unread{}, nil
	}
	return u, err
}
