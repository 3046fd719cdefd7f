package main

import (
	"context"

	"parley/client/api"
	"parley/client/transfer"
	"parley/web/wire"
)

// comeAsGuest has asked ask as a guest. Leave is called with what has become of the work, and ends the session where nobody will
// come back to it.
func (s *serverFlags) comeAsGuest(ctx context.Context, asked *api.Client) (leave func(failed error), err error) {
	kept := s.keptGuest(asked.Base)
	if kept != nil && kept.Token() != "" {
		asked.Token = kept.Token()
		if _, err := asked.Me(ctx); err != nil {
			asked.Token = ""
		}
	}
	if asked.Token == "" {
		guest, err := asked.Login(ctx, wire.Login{Name: s.name})
		if err == nil && kept != nil {
			err = kept.Keep(guest.Token)
		}
		if err != nil {
			if kept != nil {
				kept.Release()
			}
			return nil, err
		}
		asked.Token = guest.Token
	}
	return func(failed error) {
		if kept != nil {
			defer kept.Release()
			if failed != nil {
				return
			}
			kept.Forget()
		}
		endGuest(ctx, asked)
	}, nil
}

// keptGuest gives the guest that an earlier run was; nil where none is kept, or another run is that guest now.
func (s *serverFlags) keptGuest(server string) *transfer.Guest {
	if !s.keeps {
		return nil
	}
	notes, err := notesFolder()
	if err != nil {
		return nil
	}
	guest, err := notes.Guest(server, s.name)
	if err != nil {
		return nil
	}
	return guest
}
