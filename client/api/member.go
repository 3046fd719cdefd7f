package api

import (
	"context"
	"net/http"

	"parley"
	"parley/web/wire"
)

// Members lists who is in a room now, who has a role in it, and who is banned from it.
func (c *Client) Members(ctx context.Context, room wire.Place) ([]wire.Member, error) {
	answer, err := call[wire.Members](ctx, c, request{method: http.MethodGet, path: roomPath(room) + "/members", again: true})
	return answer.Items, err
}

// Invite lets somebody into a private room.
func (c *Client) Invite(ctx context.Context, room wire.Place, name string) (wire.Receipt, error) {
	return call[wire.Receipt](ctx, c, request{
		method: http.MethodPost, path: roomPath(room) + "/members", body: wire.Invitation{Name: name},
	})
}

// Appoint gives somebody a role in a room.
func (c *Client) Appoint(ctx context.Context, room wire.Place, name string, role parley.Role) (wire.Receipt, error) {
	return c.changeMember(ctx, room, name, wire.MemberChange{Role: &role})
}

// Ban sends somebody out of a room for good, or lets them back.
func (c *Client) Ban(ctx context.Context, room wire.Place, name string, banned bool) (wire.Receipt, error) {
	return c.changeMember(ctx, room, name, wire.MemberChange{Banned: &banned})
}

// Remove sends somebody out of a room. With the person's own name, or "me", it gives up their role in it.
func (c *Client) Remove(ctx context.Context, room wire.Place, name string) (wire.Receipt, error) {
	return call[wire.Receipt](ctx, c, request{method: http.MethodDelete, path: memberPath(room, name)})
}

func (c *Client) changeMember(ctx context.Context, room wire.Place, name string, change wire.MemberChange,
) (wire.Receipt, error) {
	return call[wire.Receipt](ctx, c, request{method: http.MethodPatch, path: memberPath(room, name), body: change})
}

func memberPath(room wire.Place, name string) string {
	return roomPath(room) + "/members/" + segment(name)
}
