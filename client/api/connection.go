package api

import (
	"context"
	"net/http"

	"parley/web/wire"
)

// Connections lists who is connected, on every protocol, by name, and what the server's kernel knows of each connection.
func (c *Client) Connections(ctx context.Context) ([]wire.Connection, error) {
	answer, err := call[wire.Connections](ctx, c, request{method: http.MethodGet, path: "/v1/connections", again: true})
	return answer.Items, err
}
