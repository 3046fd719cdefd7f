package web

import (
	"context"
	"net/http"

	"parley"
	"parley/web/wire"
)

// isAlive answers that the server is there.
func isAlive(context.Context, *request) (reply, error) {
	return reply{status: http.StatusOK, body: wire.Health{Status: "ok"}}, nil
}

// isReady answers whether the server can work: whether it takes messages, and its state can be written and read.
func isReady(ctx context.Context, r *request) (reply, error) {
	if err := r.server.Hub.Ready(); err != nil {
		return reply{}, err
	}
	if err := r.server.State.Ready(); err != nil {
		return reply{}, err
	}
	if _, err := r.server.State.Room(ctx, r.server.Config.Room.Name); err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: wire.Health{Status: "ok"}}, nil
}

// listConnections answers who is connected, and from where.
func listConnections(_ context.Context, r *request) (reply, error) {
	if err := parley.MayServer(r.who.Role, parley.VerbConnections); err != nil {
		return reply{}, err
	}
	here := r.server.Hub.Connections()
	answer := wire.Connections{Items: make([]wire.Connection, len(here))}
	for i, p := range here {
		answer.Items[i] = wire.Connection{
			Person: personOf(&p), Listener: p.Listener, Session: p.Login,
		}
		if p.Address.IsValid() {
			answer.Items[i].Address = p.Address.String()
		}
	}
	return reply{status: http.StatusOK, body: answer}, nil
}
