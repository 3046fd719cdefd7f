package api

import (
	"context"
	"net/http"

	"parley"
	"parley/web/wire"
)

// MakeInvite makes an invite, and gives its link.
func (c *Client) MakeInvite(ctx context.Context, invite wire.NewInvite) (wire.InviteMade, error) {
	return call[wire.InviteMade](ctx, c, request{method: http.MethodPost, path: "/v1/invites", body: invite})
}

// Invites lists the invites, oldest first.
func (c *Client) Invites(ctx context.Context) ([]wire.Invite, error) {
	answer, err := call[wire.Invites](ctx, c, request{method: http.MethodGet, path: "/v1/invites", again: true})
	return answer.Items, err
}

// RevokeInvite makes that an invite lets in nobody any more.
func (c *Client) RevokeInvite(ctx context.Context, id parley.InviteID) error {
	path := "/v1/invites/" + segment(string(id))
	_, err := call[struct{}](ctx, c, request{method: http.MethodDelete, path: path, again: true})
	return err
}

// OpenInvite tells what an invite gives. Nothing of it is used.
func (c *Client) OpenInvite(ctx context.Context, code parley.InviteCode) (wire.OpenInvite, error) {
	path := "/v1/invites/by-code/" + segment(string(code))
	return call[wire.OpenInvite](ctx, c, request{method: http.MethodGet, path: path, again: true})
}

// AddAccount makes an account. By the use of an invite it is made once, however often it is asked for.
func (c *Client) AddAccount(ctx context.Context, account wire.NewAccount) (wire.Account, error) {
	r := request{method: http.MethodPost, path: "/v1/accounts", body: account, again: account.Use != ""}
	return call[wire.Account](ctx, c, r)
}

// Claim makes an account of the guest that the Client asks as; its token is the account's then.
func (c *Client) Claim(ctx context.Context, claim wire.NewClaim) (wire.Claimed, error) {
	return call[wire.Claimed](ctx, c, request{method: http.MethodPost, path: "/v1/me/account", body: claim, again: true})
}
