package api

import (
	"context"
	"net/http"

	"parley/web/wire"
)

// Login opens a session: of the account of that name where there is a password, else of a guest, who need not have a
// name. The Client goes on as it was; put the token into another.
func (c *Client) Login(ctx context.Context, login wire.Login) (wire.LoggedIn, error) {
	return call[wire.LoggedIn](ctx, c, request{method: http.MethodPost, path: "/v1/sessions", body: login, again: login.Use != ""})
}

// Logout ends the session of the Client's token.
func (c *Client) Logout(ctx context.Context) error {
	_, err := call[struct{}](ctx, c, request{method: http.MethodDelete, path: "/v1/sessions/current", again: true})
	return err
}

// Me tells who the Client asks as.
func (c *Client) Me(ctx context.Context) (wire.Me, error) {
	return call[wire.Me](ctx, c, request{method: http.MethodGet, path: "/v1/me", again: true})
}
