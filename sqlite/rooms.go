package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"parley"
)

// maxRooms is how many rooms the writer keeps in mind between commits.
const maxRooms = 1 << 16

// room is what the writer has to know of a room: the number it has in this database, and the last number it gave.
type room struct {
	num     int64
	last    parley.Seq
	touched bool // last is to be written with this transaction
}

// rooms counts. What it has in mind is what the database holds plus what the transaction under way gave out; when
// that is rolled back everything is forgotten and read again, so that no number is ever left out.
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

// room gives the room of that id, nil when there is none.
func (l *ledger) room(ctx context.Context, id parley.RoomID) (*room, error) {
	if r := l.rooms.known[id]; r != nil {
		return r, nil
	}
	r := &room{}
	err := l.findRoom.QueryRowContext(ctx, string(id)).Scan(&r.num, &r.last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l.rooms.known[id] = r
	return r, nil
}

// addRoom makes a room.
func (l *ledger) addRoom(ctx context.Context, r parley.Room) (*room, error) {
	name := sql.NullString{String: string(r.Name), Valid: r.Name != ""}
	result, err := l.insertRoom.ExecContext(ctx, string(r.ID), name, string(r.Kind))
	if err != nil {
		return nil, err
	}
	num, err := result.LastInsertId()
	if err != nil {
		return nil, err
	}
	added := &room{num: num}
	l.rooms.known[r.ID] = added
	return added, nil
}

// isDirect reports whether id has the form that parley.DirectRoom gives.
func isDirect(id parley.RoomID) bool {
	pair, ok := strings.CutPrefix(string(id), "d-")
	a, b, two := strings.Cut(pair, "+")
	return ok && two && a != "" && b != ""
}
