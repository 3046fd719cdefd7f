package api

import (
	"context"
	"net/http"

	"parley/web/wire"
)

// roomPath gives the path of a room, or of a conversation, "@NAME" for that with somebody.
func roomPath(place wire.Place) string {
	if name, ok := place.Person(); ok {
		return "/v1/direct/" + segment(name)
	}
	return "/v1/rooms/" + segment(string(place))
}

// Rooms lists the rooms that the person may enter.
func (c *Client) Rooms(ctx context.Context) ([]wire.Room, error) {
	answer, err := call[wire.Rooms](ctx, c, request{method: http.MethodGet, path: "/v1/rooms", again: true})
	return answer.Items, err
}

// Room tells of a room.
func (c *Client) Room(ctx context.Context, room wire.Place) (wire.Room, error) {
	return call[wire.Room](ctx, c, request{method: http.MethodGet, path: roomPath(room), again: true})
}

// OpenRoom makes a room.
func (c *Client) OpenRoom(ctx context.Context, room wire.NewRoom) (wire.Room, error) {
	return call[wire.Room](ctx, c, request{method: http.MethodPost, path: "/v1/rooms", body: room})
}

// ChangeRoom gives a room another topic or kind.
func (c *Client) ChangeRoom(ctx context.Context, room wire.Place, change wire.RoomChange) (wire.Receipt, error) {
	return call[wire.Receipt](ctx, c, request{method: http.MethodPatch, path: roomPath(room), body: change})
}

// Conversations lists the person's direct conversations, the newest first.
func (c *Client) Conversations(ctx context.Context) ([]wire.Conversation, error) {
	answer, err := call[wire.Conversations](ctx, c, request{method: http.MethodGet, path: "/v1/direct", again: true})
	return answer.Items, err
}
