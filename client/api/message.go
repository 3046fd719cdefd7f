package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"parley"
	"parley/web/wire"
)

// Page says which messages are wanted.
type Page struct {
	After, Before parley.Seq // only those between, not they themselves; 0 for no limit
	Limit         int        // at most so many, 1000 at most; 0 for as many as the server gives by itself
	Newest        bool       // the newest first, and those that count for the limit
}

// Post says something, in a room or to one person. With the same id again it is said once; without an id, one is made
// by the server, and the Client does not ask again.
func (c *Client) Post(ctx context.Context, room wire.Place, m wire.NewMessage) (wire.Receipt, error) {
	return call[wire.Receipt](ctx, c, request{
		method: http.MethodPost, path: roomPath(room) + "/messages", body: m, again: m.ID != "",
	})
}

// Messages gives a page of messages as they are now.
func (c *Client) Messages(ctx context.Context, room wire.Place, p Page) (wire.MessagePage, error) {
	query := make(url.Values)
	setNumber(query, "after", p.After)
	setNumber(query, "before", p.Before)
	setNumber(query, "limit", parley.Seq(p.Limit))
	if p.Newest {
		query.Set("order", "newest")
	}
	path := roomPath(room) + "/messages"
	return call[wire.MessagePage](ctx, c, request{method: http.MethodGet, path: path, query: query, again: true})
}

// How far FindMessage looks: a little at first, since what is looked for has mostly just been said.
const (
	firstLook = 50
	laterLook = 1000
	farthest  = 20_000
)

// FindMessage gives the newest message that matches, of the last 20,000. The error is CodeNoSuchMessage where there is none.
func (c *Client) FindMessage(ctx context.Context, room wire.Place, matches func(wire.KeptMessage) bool) (wire.KeptMessage, error) {
	page := Page{Limit: firstLook, Newest: true}
	for seen := 0; seen < farthest; page.Limit = laterLook {
		answer, err := c.Messages(ctx, room, page)
		if err != nil {
			return wire.KeptMessage{}, err
		}
		if i := slices.IndexFunc(answer.Items, matches); i >= 0 {
			return answer.Items[i], nil
		}
		if len(answer.Items) < page.Limit {
			break
		}
		seen += len(answer.Items)
		page.Before = answer.Items[len(answer.Items)-1].Number
	}
	return wire.KeptMessage{}, parley.Errorf(parley.CodeNoSuchMessage, "there is no such message")
}

// Events gives what happened in a room after a number, oldest first; of at most so many events, 0 for as many as the
// server gives by itself.
func (c *Client) Events(ctx context.Context, room wire.Place, after parley.Seq, limit int) (wire.EventPage, error) {
	query := make(url.Values)
	setNumber(query, "after", after)
	setNumber(query, "limit", parley.Seq(limit))
	path := roomPath(room) + "/events"
	return call[wire.EventPage](ctx, c, request{method: http.MethodGet, path: path, query: query, again: true})
}

func setNumber(query url.Values, name string, n parley.Seq) {
	if n != 0 {
		query.Set(name, strconv.FormatInt(int64(n), 10))
	}
}
