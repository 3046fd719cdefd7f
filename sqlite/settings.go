package sqlite

import (
	"context"
	"encoding/json"

	"parley"
)

const (
	sqlRoomTaken  = `SELECT count(*) FROM rooms WHERE name = ? OR id = ?`
	sqlChangeRoom = `UPDATE rooms SET kind = ?, topic = ? WHERE num = ?`
)

var settingQueries = []string{sqlRoomTaken, sqlChangeRoom}

// settingText is what entries.text says of a change of a room, in JSON.
type settingText struct {
	Kind  parley.RoomKind `json:"kind"`
	Topic string          `json:"topic"`
}

// openRoom applies parley.RoomOpened.
func (l *ledger) openRoom(ctx context.Context, e parley.RoomOpened) (parley.Outcome, error) {
	if _, err := l.accounts.acting(e.By.ID); err != nil {
		return parley.Outcome{}, err
	}
	var taken int
	if _, err := l.get(ctx, sqlRoomTaken, []any{string(e.Room.Name), string(e.Room.ID)}, &taken); err != nil {
		return parley.Outcome{}, err
	}
	if taken > 0 {
		return parley.Outcome{}, parley.Errorf(parley.CodeNameTaken, "there is a room %s already", e.Room.Name)
	}
	r, err := l.addRoom(ctx, e.Room)
	if err == nil && e.By.ID != "" {
		err = l.putMember(ctx, r, e.By, member{role: parley.RoleOwner}, e.At.UnixMicro())
	}
	return parley.Outcome{}, err
}

// changeRoom applies parley.RoomChanged.
func (l *ledger) changeRoom(ctx context.Context, e parley.RoomChanged) (parley.Outcome, error) {
	r, err := l.begun(ctx, e.Entry.Room, e.Entry.By.ID, parley.VerbSet)
	if err != nil {
		return parley.Outcome{}, err
	}
	text, err := json.Marshal(settingText{Kind: e.Kind, Topic: e.Topic})
	if err != nil {
		return parley.Outcome{}, err
	}
	seq, err := l.enter(ctx, r, e.Entry, entry{kind: kindSetting, text: string(text)})
	if err != nil {
		return parley.Outcome{}, err
	}
	r.kind = e.Kind
	_, err = l.exec(ctx, sqlChangeRoom, string(e.Kind), e.Topic, r.num)
	return parley.Outcome{Seq: seq}, err
}
