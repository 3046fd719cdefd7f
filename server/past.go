package server

import (
	"context"

	"parley"
	"parley/sqlite"
)

// past is the store as the history that the hub asks for.
type past struct{ store *sqlite.Store }

// Messages gives at most limit messages whose number is over after, oldest first.
func (p past) Messages(
	ctx context.Context, room parley.RoomID, after parley.Seq, limit int,
) ([]parley.Message, error) {
	return p.store.Messages(ctx, room, parley.Page{After: after, Limit: limit})
}
