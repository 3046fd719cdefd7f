package web

import (
	"context"
	"net/http"

	"parley"
	"parley/web/routes"
)

// showMetrics answers the server's figures.
func showMetrics(_ context.Context, r *request) (reply, error) {
	if err := parley.MayServer(r.who.Role, parley.VerbMetrics); err != nil {
		return reply{}, err
	}
	if r.server.Metrics == nil {
		return reply{}, parley.Errorf(parley.CodeUnsupported, "this server keeps no figures")
	}
	return reply{other: r.server.Metrics}, nil
}

// showDocument answers the description of the interface.
func showDocument(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(routes.OpenAPI()) // whoever left does not read the answer
}
