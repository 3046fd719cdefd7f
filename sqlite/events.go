package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"parley"
)

// maxText is how many bytes of text one page of events has, roughly.
const maxText = 256 << 10

const selectEvents = `SELECT ` + messageColumns + `, entries.kind,
	CASE entries.kind WHEN 2 THEN (SELECT now.text FROM entries AS now
		WHERE now.room = entries.room AND now.seq = entries.target) ELSE '' END
	FROM entries JOIN rooms ON rooms.num = entries.room
	WHERE rooms.id = ? AND seq > ? ORDER BY seq LIMIT ?`

var eventReads = []string{selectEvents}

// Events gives what happened in a room after a number, oldest first, and each with its number: at most limit and at most
// parley.MaxPage of it, and about 256 KiB of text, but at least one event where there is one. Messages and edits have
// the text that the message has now, or none when it was deleted, so nothing that was taken back is among them; reactions
// to a message are told as events only. A room that does not exist has none. The error is an *parley.Error or ctx's.
func (s *Store) Events(
	ctx context.Context, room parley.RoomID, after parley.Seq, limit int,
) ([]parley.Applied, error) {
	limit = min(max(limit, 0), parley.MaxPage)
	var found []parley.Applied
	bytes := 0
	err := s.list(ctx, selectEvents, []any{string(room), int64(after), limit}, func(rows *sql.Rows) error {
		var kind kind
		var now string
		m, err := scanMessage(rows, room, &kind, &now)
		if err != nil {
			return err
		}
		e, err := eventOf(kind, m, now)
		if err != nil {
			return err
		}
		found = append(found, parley.Applied{Event: e, Outcome: parley.Outcome{Seq: m.Seq}})
		if bytes += len(m.Text) + len(now); bytes >= maxText {
			return errEnough
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// eventOf gives the event that a row of entries tells of: m as its columns are, and for an edit the text that its message
// has now.
func eventOf(kind kind, m parley.Message, now string) (parley.Event, error) {
	head := parley.Entry{Room: m.Room, Seq: m.Seq, ID: m.ID, By: m.By, At: m.At}
	target := m.Reply
	switch kind {
	case kindMessage:
		return parley.MessagePosted{Message: m}, nil
	case kindEdit:
		return parley.MessageEdited{Entry: head, Target: target, Text: now}, nil
	case kindDeletion:
		return parley.MessageDeleted{Entry: head, Target: target}, nil
	case kindReaction, kindTakeBack:
		return parley.MessageReacted{Entry: head, Target: target, Emoji: m.Text, On: kind == kindReaction}, nil
	case kindMember:
		var t memberText
		err := json.Unmarshal([]byte(m.Text), &t)
		who := parley.Sender{ID: t.Who, Name: t.Name}
		return parley.MemberChanged{Entry: head, Who: who, Change: t.Change, Role: t.Role}, err
	case kindSetting:
		var t settingText
		err := json.Unmarshal([]byte(m.Text), &t)
		return parley.RoomChanged{Entry: head, Topic: t.Topic, Kind: t.Kind}, err
	}
	return nil, parley.Errorf(parley.CodeInternal, "an entry of the unknown kind %d", kind)
}
