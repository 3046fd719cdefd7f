package server

import (
	"context"
	"errors"
	"time"

	"parley"
	"parley/accounts"
	"parley/admin"
	"parley/sqlite"
)

// How long a data directory may be held by somebody who does not answer: a server that is about to start or to stop, or
// another command.
const (
	heldPatience = 5 * time.Second
	heldRetry    = 50 * time.Millisecond
)

// OpenAccounts gives a keeper of the accounts of a data directory: that of the server which runs on it, or else one
// that has opened the directory itself; no server can start there until done is called. data is as in Config.Data, but
// for Volatile, which is CodeInvalid; the directory is made if need be. Of env only Log and Now are used. The error is
// an *parley.Error or ctx's.
func OpenAccounts(ctx context.Context, data string, env Environment) (keeper admin.Keeper, done func() error, err error) {
	if data == Volatile {
		return nil, nil, parley.Errorf(parley.CodeInvalid, "what a server keeps in %s nobody else can manage", Volatile)
	}
	path, err := dataPath(data)
	if err != nil {
		return nil, nil, err
	}
	retry := time.NewTicker(heldRetry)
	defer retry.Stop()
	patience := time.NewTimer(heldPatience)
	defer patience.Stop()
	for {
		client, refused := admin.Dial(ctx, path)
		if refused == nil {
			return client, client.Close, nil
		}
		keeper, done, err := openOffline(ctx, path, env)
		if !errors.Is(err, errHeld) {
			return keeper, done, err
		}
		if parley.CodeOf(refused) != parley.CodeClosed {
			return nil, nil, refused
		}
		select {
		case <-retry.C:
		case <-patience.C:
			return nil, nil, parley.Wrap(parley.CodeStore, refused, parley.Sentence(err)+", which does not answer")
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

// openOffline opens a data directory for its accounts alone.
func openOffline(ctx context.Context, path string, env Environment) (admin.Keeper, func() error, error) {
	data, err := lockDataDir(path)
	if err != nil {
		return nil, nil, err
	}
	store, err := sqlite.Open(ctx, path, sqlite.Options{Log: env.Log})
	if err != nil {
		return nil, nil, errors.Join(err, data.Close())
	}
	store.Start(func([]parley.Applied) {}) // nobody is here
	desk := accounts.New(accounts.Config{State: store, Journal: store, Now: env.Now, Log: env.Log})
	return admin.NewLocal(desk), func() error { return errors.Join(store.Close(), data.Close()) }, nil
}
