package sqlite

import (
	"context"
	"database/sql"

	"parley"
)

// maxRooms is how many rooms the writer keeps in mind between commits.
const maxRooms = 1 << 16

const (
	sqlFindRoom    = `SELECT num, kind, last FROM rooms WHERE id = ?`
	sqlFindMembers = `SELECT who, role, banned FROM members WHERE room = ?`
	sqlInsertRoom  = `INSERT INTO rooms (id, name, kind, topic) VALUES (?, ?, ?, ?)`
	sqlUpdateLast  = `UPDATE rooms SET last = ? WHERE num = ?`
	sqlConverse    = `INSERT OR IGNORE INTO conversations (who, room) VALUES (?, ?)`
)

var roomQueries = []string{sqlFindRoom, sqlFindMembers, sqlInsertRoom, sqlUpdateLast, sqlConverse}

// room is what the writer has to know of a room: the number it has in this database, the last number it gave, and what
// decides who may do what, so that a message costs no question.
type room struct {
	num     int64
	kind    parley.RoomKind
	last    parley.Seq
	members map[parley.SenderID]member // nil for a conversation of two
	touched bool                       // last is to be written with this transaction
}

// member is what somebody is in a room. Whoever is nothing is not kept.
type member struct {
	role   parley.Role
	banned bool
}

// rooms counts. What it has in mind is what the database holds plus what the transaction under way changes; when that is
// rolled back everything is forgotten and read again, so that no number is ever left out.
type rooms struct {
	known   map[parley.RoomID]*room
	touched []*room
}

func newRooms() rooms { return rooms{known: make(map[parley.RoomID]*room)} }

// next gives the next number of r.
func (rs *rooms) next(r *room) parley.Seq {
	if !r.touched {
		r.touched = true
		rs.touched = append(rs.touched, r)
	}
	r.last++
	return r.last
}

// committed keeps what is known for the next transaction.
func (rs *rooms) committed() {
	for _, r := range rs.touched {
		r.touched = false
	}
	rs.touched = rs.touched[:0]
	if len(rs.known) > maxRooms {
		clear(rs.known)
	}
}

// forget is for a transaction that was rolled back.
func (rs *rooms) forget() {
	clear(rs.known)
	rs.touched = rs.touched[:0]
}

// dismiss forgets what somebody was in every room.
func (rs *rooms) dismiss(who parley.SenderID) {
	for _, r := range rs.known {
		delete(r.members, who)
	}
}

// room gives the room of that id, nil when there is none.
func (l *ledger) room(ctx context.Context, id parley.RoomID) (*room, error) {
	if r := l.rooms.known[id]; r != nil {
		return r, nil
	}
	r := &room{}
	found, err := l.get(ctx, sqlFindRoom, []any{string(id)}, &r.num, &r.kind, &r.last)
	if !found || err != nil {
		return nil, err
	}
	if r.kind != parley.RoomDirect {
		if err := l.loadMembers(ctx, r); err != nil {
			return nil, err
		}
	}
	l.rooms.known[id] = r
	return r, nil
}

// loadMembers reads who is what in r.
func (l *ledger) loadMembers(ctx context.Context, r *room) error {
	r.members = make(map[parley.SenderID]member)
	return l.each(ctx, sqlFindMembers, []any{r.num}, func(rows *sql.Rows) error {
		var who parley.SenderID
		var m member
		err := rows.Scan(&who, &m.role, &m.banned)
		r.members[who] = m
		return err
	})
}

// addRoom makes a room.
func (l *ledger) addRoom(ctx context.Context, r parley.Room) (*room, error) {
	name := sql.NullString{String: string(r.Name), Valid: r.Name != ""}
	result, err := l.exec(ctx, sqlInsertRoom, string(r.ID), name, string(r.Kind), r.Topic)
	if err != nil {
		return nil, err
	}
	num, err := result.LastInsertId()
	if err != nil {
		return nil, err
	}
	added := &room{num: num, kind: r.Kind}
	if r.Kind != parley.RoomDirect {
		added.members = make(map[parley.SenderID]member)
	}
	l.rooms.known[r.ID] = added
	return added, nil
}

// addConversation makes the room of a conversation of two, whose id says who they are.
func (l *ledger) addConversation(ctx context.Context, id parley.RoomID) (*room, error) {
	r, err := l.addRoom(ctx, parley.Room{ID: id, Kind: parley.RoomDirect})
	if err != nil {
		return nil, err
	}
	a, b, _ := id.Pair()
	for _, who := range []parley.SenderID{a, b} {
		if _, err := l.exec(ctx, sqlConverse, string(who), r.num); err != nil {
			return nil, err
		}
	}
	return r, nil
}
