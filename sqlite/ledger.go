package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"parley"
)

const (
	sqlBegin    = `BEGIN IMMEDIATE`
	sqlCommit   = `COMMIT`
	sqlRollback = `ROLLBACK`

	// sqlWrite writes a page and changes nothing: nobody reads this number.
	sqlWrite = `PRAGMA user_version = 0`
)

// ledgerQueries are all of them, so that one which does not fit the schema fails when the database is opened.
var ledgerQueries = slices.Concat([]string{sqlBegin, sqlCommit, sqlRollback, sqlWrite}, roomQueries, entryQueries, postingQueries,
	editingQueries, erasingQueries, reactingQueries, memberQueries, settingQueries, readingQueries, accountQueries,
	loginQueries, inviteQueries, claimQueries)

// ledger applies events through the connection that writes. It belongs to the writer's goroutine.
type ledger struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt // by query
	rows     rows
	rooms    rooms
	accounts accounts
}

// openLedger takes the connection of pool and prepares what it will be asked. On failure it leaves nothing open.
func openLedger(ctx context.Context, pool *sql.DB) (*ledger, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	l := &ledger{conn: conn, prepared: make(map[string]*sql.Stmt), rooms: newRooms()}
	for _, query := range ledgerQueries {
		s, err := conn.PrepareContext(ctx, query)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l.prepared[query] = s
	}
	if err := l.rows.prepare(ctx, conn); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
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

// exec runs one of ledgerQueries that changes something.
func (l *ledger) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return l.prepared[query].ExecContext(ctx, args...)
}

// get runs one of ledgerQueries that gives one row, and scans it into into. found is false when there is none.
func (l *ledger) get(ctx context.Context, query string, args []any, into ...any) (found bool, err error) {
	err = l.prepared[query].QueryRowContext(ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each runs one of ledgerQueries, and scan on each of its rows.
func (l *ledger) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := l.prepared[query].QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// apply applies the events of a batch in one transaction and sets their outcomes. On failure the transaction is
// rolled back and the outcomes mean nothing.
//
// Almost no message is a repeat, so at first nobody looks: a repeat then breaks a unique index, isRepeat is true of the
// error, and the whole batch is applied once more with careful set, which looks before each message.
func (l *ledger) apply(ctx context.Context, batch []*request, careful bool) (err error) {
	if _, err := l.exec(ctx, sqlBegin); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			l.undo(ctx)
		}
	}()
	if err := l.loadAccounts(ctx); err != nil {
		return err
	}
	for _, r := range batch {
		for i, e := range r.events {
			if r.outcomes[i], err = l.applyEvent(ctx, e, careful); err != nil {
				return err
			}
		}
	}
	if eventsIn(batch) == 0 { // it is tried whether writing works
		if _, err := l.exec(ctx, sqlWrite); err != nil {
			return err
		}
	}
	if err := l.rows.flush(ctx); err != nil {
		return err
	}
	for _, r := range l.rooms.touched {
		if _, err := l.exec(ctx, sqlUpdateLast, int64(r.last), r.num); err != nil {
			return err
		}
	}
	if _, err := l.exec(ctx, sqlCommit); err != nil {
		return err
	}
	l.rooms.committed()
	l.accounts.committed()
	return nil
}

// undo rolls back. SQLite may have done so itself, after a full disk for one; then ROLLBACK fails, which says nothing
// new.
func (l *ledger) undo(ctx context.Context) {
	_, _ = l.exec(ctx, sqlRollback)
	l.rows.drop()
	l.rooms.forget()
	l.accounts.forget()
}

// applyEvent applies one event. The outcome says when it was refused; the error is a failure of the store. What does an
// event's work refuses it by an *parley.Error, before it has changed anything; every other error of it is the store's.
func (l *ledger) applyEvent(ctx context.Context, e parley.Event, careful bool) (o parley.Outcome, err error) {
	if posted, ok := e.(parley.MessagePosted); ok {
		o, err = l.applyPosted(ctx, &posted, careful)
	} else {
		o, err = l.applyRare(ctx, e)
	}
	if refusal, ok := errors.AsType[*parley.Error](err); ok {
		return parley.Outcome{Err: refusal}, nil
	}
	return o, err
}

// applyPosted applies a message. Whether anybody looks for a repeat must make no difference to what comes of it. So where
// nobody has, that is done before it is refused: what was accepted once is answered so, whatever has changed since.
func (l *ledger) applyPosted(ctx context.Context, e *parley.MessagePosted, careful bool) (parley.Outcome, error) {
	m := &e.Message
	if err := checkMessage(m); err != nil {
		return parley.Outcome{}, err
	}
	if careful {
		if o, err := l.first(ctx, m.ID, m.By.ID); o.Repeat || err != nil {
			return o, err
		}
		return l.post(ctx, e)
	}
	o, err := l.post(ctx, e)
	if _, refusal := errors.AsType[*parley.Error](err); refusal {
		if first, failure := l.first(ctx, m.ID, m.By.ID); first.Repeat || failure != nil {
			return first, failure
		}
	}
	return o, err
}

// applyRare applies everything else. Where that takes a number, a repeat is always looked for.
func (l *ledger) applyRare(ctx context.Context, e parley.Event) (parley.Outcome, error) {
	if err := check(e); err != nil {
		return parley.Outcome{}, err
	}
	if e, ok := e.(parley.RoomEvent); ok {
		head := e.Head()
		if o, err := l.first(ctx, head.ID, head.By.ID); o.Repeat || err != nil {
			return o, err
		}
		return l.change(ctx, e, head)
	}
	switch e := e.(type) {
	case parley.RoomOpened:
		return l.openRoom(ctx, e)
	case parley.Read:
		return l.read(ctx, e)
	case parley.AccountAdded:
		return l.addAccount(ctx, e)
	case parley.AccountChanged:
		return l.changeAccount(ctx, e)
	case parley.AccountRemoved:
		return l.removeAccount(ctx, e)
	case parley.LoginOpened:
		return l.openLogin(ctx, e.Login)
	case parley.LoginEnded:
		return l.endLogin(ctx, e)
	case parley.LoginsEnded:
		return l.endLogins(ctx, e)
	case parley.LoginsExpired:
		return l.expireLogins(ctx, e)
	case parley.InviteMade:
		return l.makeInvite(ctx, e.Invite)
	case parley.InviteUsed:
		return l.useInvite(ctx, e)
	case parley.InviteRevoked:
		return l.revokeInvite(ctx, e)
	case parley.InvitesExpired:
		return l.expireInvites(ctx, e)
	case parley.AccountClaimed:
		return l.claimAccount(ctx, e)
	}
	return parley.Outcome{}, unknown(e)
}

// change applies what happens in a room besides messages.
func (l *ledger) change(ctx context.Context, e parley.RoomEvent, head parley.Entry) (parley.Outcome, error) {
	switch e := e.(type) {
	case parley.MessageEdited:
		return l.edit(ctx, e)
	case parley.MessageDeleted:
		return l.erase(ctx, e)
	case parley.MessageReacted:
		return l.react(ctx, e)
	case parley.MemberChanged:
		return l.changeMember(ctx, e)
	case parley.RoomChanged:
		return l.changeRoom(ctx, e)
	}
	return parley.Outcome{}, unknown(e)
}

// unknown refuses an event of a type, or a version, that only a newer program knows.
func unknown(e parley.Event) error {
	return parley.Errorf(parley.CodeInternal, "this version does not know the event %s", e.Type())
}
