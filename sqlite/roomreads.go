package sqlite

import (
	"context"
	"database/sql"
	"time"

	"parley"
)

// MaxConversations is how many conversations Conversations gives.
const MaxConversations = 1000

const (
	roomColumns = `rooms.id, ifnull(rooms.name, ''), rooms.kind, rooms.topic, rooms.first, rooms.last`

	selectRoom     = `SELECT ` + roomColumns + ` FROM rooms WHERE name = ?`
	selectRoomByID = `SELECT ` + roomColumns + ` FROM rooms WHERE id = ?`
	selectRooms    = `SELECT ` + roomColumns + ` FROM rooms WHERE kind <> 'direct' ORDER BY name`

	selectConversations = `SELECT ` + roomColumns + `, ifnull(newest.at, 0)
		FROM conversations JOIN rooms ON rooms.num = conversations.room
		LEFT JOIN entries AS newest ON newest.room = rooms.num AND newest.seq = rooms.last
		WHERE conversations.who = ? ORDER BY newest.at DESC LIMIT ?`

	// The name of an account, or the one last shown in the conversation; it may have been said long ago, so looking for it
	// ends after so many entries, and then it is the one of a login.
	selectShown = `SELECT coalesce(
		(SELECT name FROM accounts WHERE id = ?1),
		(SELECT name FROM (SELECT sender, name FROM entries WHERE room = (SELECT num FROM rooms WHERE id = ?2)
			ORDER BY seq DESC LIMIT 1000) WHERE sender = ?1 LIMIT 1),
		(SELECT name FROM logins WHERE who = ?1 ORDER BY created DESC LIMIT 1),
		'')`

	selectStanding = `SELECT ifnull((SELECT role FROM accounts WHERE id = ?1), 'guest'),
		ifnull(max(members.role), ''), ifnull(max(members.banned), 0)
		FROM rooms JOIN members ON members.room = rooms.num AND members.who = ?1 WHERE rooms.id = ?2`

	selectMembers = `SELECT members.who, members.name, members.role, members.banned
		FROM rooms JOIN members ON members.room = rooms.num WHERE rooms.id = ? ORDER BY members.name, members.who`
)

var roomReads = []string{selectRoom, selectRoomByID, selectRooms, selectConversations, selectShown, selectStanding,
	selectMembers}

// roomFields gives what roomColumns are scanned into.
func roomFields(r *parley.Room) []any {
	return []any{&r.ID, &r.Name, &r.Kind, &r.Topic, &r.First, &r.Last}
}

// Room gives the room of that name. The error is an *parley.Error, CodeNoSuchRoom when there is none, or ctx's.
func (s *Store) Room(ctx context.Context, name parley.RoomName) (parley.Room, error) {
	none := parley.Errorf(parley.CodeNoSuchRoom, "there is no room %s", parley.CleanLine(string(name)))
	var room parley.Room
	err := s.one(ctx, none, selectRoom, []any{string(name)}, roomFields(&room)...)
	return room, err
}

// RoomByID gives a room, or a conversation of two that has begun. The error is as for Room.
func (s *Store) RoomByID(ctx context.Context, id parley.RoomID) (parley.Room, error) {
	var room parley.Room
	err := s.one(ctx, errNoSuchRoom, selectRoomByID, []any{string(id)}, roomFields(&room)...)
	return room, err
}

// Rooms gives all rooms but conversations of two, by name. Who may know of which is the caller's to decide. The error is
// an *parley.Error or ctx's.
func (s *Store) Rooms(ctx context.Context) ([]parley.Room, error) {
	var found []parley.Room
	err := s.list(ctx, selectRooms, nil, func(rows *sql.Rows) error {
		var room parley.Room
		err := rows.Scan(roomFields(&room)...)
		found = append(found, room)
		return err
	})
	return found, err
}

// Conversations gives the conversations that somebody is in and that have begun, the one in which something happened last
// first, and no more than MaxConversations. The error is an *parley.Error or ctx's.
func (s *Store) Conversations(ctx context.Context, who parley.SenderID) ([]parley.Conversation, error) {
	var found []parley.Conversation
	err := s.list(ctx, selectConversations, []any{string(who), MaxConversations}, func(rows *sql.Rows) error {
		var c parley.Conversation
		var at int64
		err := rows.Scan(append(roomFields(&c.Room), &at)...)
		c.At = time.UnixMicro(at).UTC()
		found = append(found, c)
		return err
	})
	for i := range found {
		if err == nil {
			found[i].With, err = s.other(ctx, found[i].Room.ID, who)
		}
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

// other gives the one who is not who in a conversation; whoever talks to themselves is their own.
func (s *Store) other(ctx context.Context, room parley.RoomID, who parley.SenderID) (parley.Sender, error) {
	other, b, _ := room.Pair()
	if other == who {
		other = b
	}
	with := parley.Sender{ID: other}
	err := s.one(ctx, nil, selectShown, []any{string(other), string(room)}, &with.Name)
	return with, err
}

// Standing gives what somebody is to a room: on the server RoleOwner for parley.OperatorID and RoleGuest for whoever has
// no account; in the room nothing where it does not exist or is a conversation of two. A disabled account has its role
// all the same. The error is an *parley.Error or ctx's.
func (s *Store) Standing(ctx context.Context, room parley.RoomID, who parley.SenderID) (parley.Standing, error) {
	var standing parley.Standing
	err := s.one(ctx, nil, selectStanding, []any{string(who), string(room)},
		&standing.Role, &standing.InRoom, &standing.Banned)
	if who == parley.OperatorID {
		standing.Role = parley.RoleOwner
	}
	return standing, err
}

// Members gives those who have a role in a room or are banned from it, by name. A room that does not exist has none. The
// error is an *parley.Error or ctx's.
func (s *Store) Members(ctx context.Context, room parley.RoomID) ([]parley.Member, error) {
	var found []parley.Member
	err := s.list(ctx, selectMembers, []any{string(room)}, func(rows *sql.Rows) error {
		var m parley.Member
		err := rows.Scan(&m.Who.ID, &m.Who.Name, &m.Role, &m.Banned)
		found = append(found, m)
		return err
	})
	return found, err
}
