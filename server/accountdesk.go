package server

import (
	"context"
	"log/slog"
	"time"

	"parley/accounts"
	"parley/admin"
	"parley/sqlite"
)

// accountDesk is the desk of the server, and the socket at which the operator manages accounts.
type accountDesk struct {
	*accounts.Desk
	log    *slog.Logger
	socket *admin.Server // nil for none
	needed bool          // passwords are: there were accounts when the desk opened, or nobody is let in without one
}

// openAccountDesk opens the desk, and the socket in the data directory. Without a socket the server does the rest of
// its work: the log says so. Data that nobody finds has none. The error is that of the store, or ctx's.
func openAccountDesk(
	ctx context.Context, data *dataDir, store *sqlite.Store, admit accounts.Admission, env Environment,
) (*accountDesk, error) {
	d := &accountDesk{log: env.Log}
	d.Desk = accounts.New(accounts.Config{State: store, Journal: store, Admit: admit, Now: env.Now, Log: env.Log})
	known, err := d.List(ctx)
	if err != nil {
		return nil, err
	}
	d.needed = len(known) > 0 || d.Admission() != accounts.Open
	if data.temporary != "" {
		return d, nil
	}
	socket, err := admin.Open(data.path, admin.NewLocal(d.Desk), env.Log)
	if err != nil {
		env.Log.Warn("accounts cannot be managed from outside while the server runs", "error", err)
		return d, nil
	}
	d.socket = socket
	return d, nil
}

// tend answers at the socket until it is closed, and sweeps until ctx ends.
func (d *accountDesk) tend(ctx context.Context) {
	if d.socket == nil {
		sweepDaily(ctx, d, d.log)
		return
	}
	swept := make(chan struct{})
	go func() {
		defer close(swept)
		sweepDaily(ctx, d, d.log)
	}()
	if err := d.socket.Serve(); err != nil {
		d.log.Error("accounts cannot be managed from outside any more", "error", err)
	}
	<-swept
}

// close closes the socket. It is idempotent.
func (d *accountDesk) close() {
	if d.socket == nil {
		return
	}
	if err := d.socket.Close(); err != nil {
		d.log.Error("closing the socket for managing accounts", "error", err)
	}
}

// sweeper is who forgets logins that have expired.
type sweeper interface {
	Sweep(ctx context.Context) error
}

// sweepDaily has s sweep, at once and then every day, until ctx ends. A sweep that fails is made up for by the next.
func sweepDaily(ctx context.Context, s sweeper, log *slog.Logger) {
	daily := time.NewTicker(24 * time.Hour)
	defer daily.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			log.Warn("logins that have expired could not be swept", "error", err)
		}
		select {
		case <-daily.C:
		case <-ctx.Done():
			return
		}
	}
}
