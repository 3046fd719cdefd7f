package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// What concerns the server.
const (
	Healthz         Operation = "healthz"
	Readyz          Operation = "readyz"
	Metrics         Operation = "metrics"
	Document        Operation = "document"
	Socket          Operation = "socket"
	ListConnections Operation = "listConnections"
)

// SocketPath is where a WebSocket is opened.
const SocketPath = "/v1/socket"

func serverRoutes() []Route {
	return []Route{{
		Operation: Healthz, Method: http.MethodGet, Path: "/healthz", Status: http.StatusOK, Open: true, Who: "everybody",
		Summary: "Tells that the server runs.",
		Answer:  wire.Health{},
	}, {
		Operation: Readyz, Method: http.MethodGet, Path: "/readyz", Status: http.StatusOK, Open: true, Who: "everybody",
		Summary: "Tells whether the server can take messages: its store works and it is not stopping.",
		Answer:  wire.Health{},
		Fails:   []parley.Code{parley.CodeStore, parley.CodeDiskFull},
	}, {
		Operation: Metrics, Method: http.MethodGet, Path: "/metrics", Status: http.StatusOK, Verb: parley.VerbMetrics,
		Who: "owners", Summary: "Gives the server's figures in the text format of Prometheus.",
		Media: "text/plain; version=0.0.4; charset=utf-8",
		Fails: []parley.Code{parley.CodeForbidden},
	}, {
		Operation: Document, Method: http.MethodGet, Path: "/v1/openapi.json", Status: http.StatusOK, Open: true,
		Who: "everybody", Summary: "Gives this document.",
		Media: "application/json",
	}, {
		Operation: Socket, Method: http.MethodGet, Path: SocketPath, Status: http.StatusSwitchingProtocols, Open: true,
		Who: "everybody; the first message says who", Summary: "Opens a WebSocket (RFC 6455), on which protocol.md is spoken. " +
			"Whoever asks for none, or for one of another version, is answered 426.",
		Fails: []parley.Code{parley.CodeInvalid, parley.CodeForbidden},
	}, {
		Operation: ListConnections, Method: http.MethodGet, Path: "/v1/connections", Status: http.StatusOK,
		Verb: parley.VerbConnections, Who: "moderators and owners", Summary: "Lists who is connected, on every protocol.",
		Answer: wire.Connections{},
		Fails:  []parley.Code{parley.CodeForbidden},
	}}
}
