package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
)

const (
	sqlFindRoom   = `SELECT num, last FROM rooms WHERE id = ?`
	sqlRoomTaken  = `SELECT count(*) FROM rooms WHERE name = ? OR id = ?`
	sqlInsertRoom = `INSERT INTO rooms (id, name, kind) VALUES (?, ?, ?)`
	sqlUpdateRoom = `UPDATE rooms SET last = ? WHERE num = ?`
	sqlFindEntry  = `SELECT seq FROM entries WHERE id = ? AND sender = ?`
	sqlInsertFile = `INSERT INTO entries
		(room, seq, kind, at, sender, id, name, text, file_name, file_size, file_digest)
		VALUES (?, ?, 1, ?, ?, ?, ?, '', ?, ?, ?)`
)

// ledger applies events through the connection that writes. It belongs to the writer's goroutine.
type ledger struct {
	conn     *sql.Conn
	prepared []*sql.Stmt // all of those below
	rooms    rooms
	rows     rows

	begin, commit, rollback *sql.Stmt
	findRoom, roomTaken     *sql.Stmt
	insertRoom, updateRoom  *sql.Stmt
	findEntry, insertFile   *sql.Stmt
}

// openLedger takes the connection of pool and prepares what it will be asked. On failure it leaves nothing open.
func openLedger(ctx context.Context, pool *sql.DB) (*ledger, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	l := &ledger{conn: conn, rooms: newRooms()}
	for _, s := range []struct {
		query string
		into  **sql.Stmt
	}{
		{"BEGIN IMMEDIATE", &l.begin}, {"COMMIT", &l.commit}, {"ROLLBACK", &l.rollback},
		{sqlFindRoom, &l.findRoom}, {sqlRoomTaken, &l.roomTaken},
		{sqlInsertRoom, &l.insertRoom}, {sqlUpdateRoom, &l.updateRoom},
		{sqlFindEntry, &l.findEntry}, {sqlInsertFile, &l.insertFile},
	} {
		if *s.into, err = l.prepare(ctx, s.query); err != nil {
			return nil, errors.Join(err, l.close())
		}
	}
	if err := l.rows.prepare(ctx, conn); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

// prepare prepares a statement that is closed with the ledger.
func (l *ledger) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	s, err := l.conn.PrepareContext(ctx, query)
	if err == nil {
		l.prepared = append(l.prepared, s)
	}
	return s, err
}

// close gives the connection back. The statements are closed one by one: a pool does not know the statements of a
// connection that was taken out of it, and SQLite keeps a database open while it has any.
func (l *ledger) close() error {
	errs := []error{l.rows.close()}
	for _, s := range l.prepared {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, l.conn.Close())...)
}

// apply applies the events of a batch in one transaction and sets their outcomes. On failure the transaction is
// rolled back and the outcomes mean nothing.
//
// Almost no message is a repeat, so at first nobody looks: a repeat then breaks a unique index, isRepeat is true of the
// error, and the whole batch is applied once more with careful set, which looks before each message.
func (l *ledger) apply(ctx context.Context, batch []*request, careful bool) (err error) {
	if _, err := l.begin.ExecContext(ctx); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			l.undo(ctx)
		}
	}()
	for _, r := range batch {
		for i, e := range r.events {
			if r.outcomes[i], err = l.applyEvent(ctx, e, careful); err != nil {
				return err
			}
		}
	}
	if err := l.rows.flush(ctx); err != nil {
		return err
	}
	for _, r := range l.rooms.touched {
		if _, err := l.updateRoom.ExecContext(ctx, int64(r.last), r.num); err != nil {
			return err
		}
	}
	if _, err := l.commit.ExecContext(ctx); err != nil {
		return err
	}
	l.rooms.committed()
	return nil
}

// undo rolls back. SQLite may have done so itself, after a full disk for one; then ROLLBACK fails, which says nothing
// new.
func (l *ledger) undo(ctx context.Context) {
	_, _ = l.rollback.ExecContext(ctx)
	l.rows.drop()
	l.rooms.forget()
}

// applyEvent applies one event. The outcome says when it was refused; the error is a failure of the store.
func (l *ledger) applyEvent(ctx context.Context, e parley.Event, careful bool) (parley.Outcome, error) {
	switch e := e.(type) {
	case parley.MessagePosted:
		return l.post(ctx, &e.Message, careful)
	case parley.RoomOpened:
		return l.openRoom(ctx, e.Room)
	}
	return refused(parley.Errorf(parley.CodeInternal, "this version does not know the event %s", e.Type()))
}

// refused is the outcome of an event that changes nothing.
func refused(err *parley.Error) (parley.Outcome, error) { return parley.Outcome{Err: err}, nil }

// post applies parley.MessagePosted. Whether anybody looks for a repeat must make no difference to anything else, so
// what refuses a message comes before that, and what changes the state after it.
func (l *ledger) post(ctx context.Context, m *parley.Message, careful bool) (parley.Outcome, error) {
	if err := checkMessage(m); err != nil {
		return refused(err)
	}
	room, err := l.room(ctx, m.Room)
	if err != nil {
		return parley.Outcome{}, err
	}
	if room == nil && !isDirect(m.Room) {
		return refused(parley.Errorf(parley.CodeNoSuchRoom, "there is no such room"))
	}
	if careful {
		var seq parley.Seq
		err := l.findEntry.QueryRowContext(ctx, string(m.ID), string(m.By.ID)).Scan(&seq)
		if !errors.Is(err, sql.ErrNoRows) {
			return parley.Outcome{Seq: seq, Repeat: true}, err
		}
	}
	if room == nil {
		if room, err = l.addRoom(ctx, parley.Room{ID: m.Room, Kind: parley.RoomDirect}); err != nil {
			return parley.Outcome{}, err
		}
	}
	seq := l.rooms.next(room)
	if m.File != nil {
		return parley.Outcome{Seq: seq}, l.addFile(ctx, room, seq, m)
	}
	l.rows.add(room.num, seq, m)
	if careful || l.rows.full() { // whoever looks for a repeat must find what came just before it
		err = l.rows.flush(ctx)
	}
	return parley.Outcome{Seq: seq}, err
}

// addFile adds the row of a file's message, after all that came before it.
func (l *ledger) addFile(ctx context.Context, r *room, seq parley.Seq, m *parley.Message) error {
	if err := l.rows.flush(ctx); err != nil {
		return err
	}
	_, err := l.insertFile.ExecContext(ctx, r.num, int64(seq), m.At.UnixMicro(), string(m.By.ID), string(m.ID),
		m.By.Name, string(m.File.Name), m.File.Size, m.File.Digest[:])
	return err
}

// checkMessage says what makes a message impossible to keep, whatever the state is.
func checkMessage(m *parley.Message) *parley.Error {
	switch {
	case !m.ID.Valid(), m.By.ID == "":
		return parley.Errorf(parley.CodeInvalid, "a message needs a sender and an id")
	case m.File != nil:
		if m.File.Name == "" || m.File.Size < 0 {
			return parley.Errorf(parley.CodeInvalid, "a file needs a name and a size")
		}
		return nil
	}
	if err, ok := errors.AsType[*parley.Error](parley.CheckText(m.Text)); ok {
		return err
	}
	return nil
}

// openRoom applies parley.RoomOpened.
func (l *ledger) openRoom(ctx context.Context, r parley.Room) (parley.Outcome, error) {
	if r.Kind != parley.RoomPublic || r.ID == "" || isDirect(r.ID) {
		return refused(parley.Errorf(parley.CodeInvalid, "only a public room can be opened"))
	}
	if _, err := parley.ParseRoomName(string(r.Name)); err != nil {
		return parley.Outcome{Err: err}, nil
	}
	var taken int
	if err := l.roomTaken.QueryRowContext(ctx, string(r.Name), string(r.ID)).Scan(&taken); err != nil {
		return parley.Outcome{}, err
	}
	if taken > 0 {
		return refused(parley.Errorf(parley.CodeNameTaken, "there is a room %s already", r.Name))
	}
	if _, err := l.addRoom(ctx, r); err != nil {
		return parley.Outcome{}, fmt.Errorf("open room %s: %w", r.Name, err)
	}
	return parley.Outcome{}, nil
}
