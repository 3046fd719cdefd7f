package web

import (
	"context"
	"net/http"
	"strconv"

	"parley"
	"parley/web/routes"
	"parley/web/wire"
)

// enter gives the room in a request's path, for somebody who may do verb there.
func (r *request) enter(ctx context.Context, verb parley.Verb) (parley.Room, error) {
	place := r.place()
	room, err := r.server.find(ctx, r.who.ID, place)
	if err != nil {
		return room, err
	}
	return room, unknownRoom(place, r.server.may(ctx, r.who.ID, room, verb))
}

// place is the room in the path: by its name, its id, or the person whose conversation it is.
func (r *request) place() wire.Place {
	if name := r.PathValue("name"); name != "" && r.PathValue("room") == "" {
		return wire.Place("@" + name)
	}
	return wire.Place(r.PathValue("room"))
}

// listMessages answers a page of a room's messages.
func listMessages(ctx context.Context, r *request) (reply, error) {
	room, err := r.enter(ctx, parley.VerbEnter)
	if err != nil {
		return reply{}, err
	}
	page, err := pageOf(r)
	if err != nil {
		return reply{}, err
	}
	messages, err := r.server.State.Messages(ctx, room.ID, page)
	if err != nil {
		return reply{}, err
	}
	answer := wire.MessagePage{Items: make([]wire.KeptMessage, len(messages))}
	for i := range messages {
		answer.Items[i] = wire.KeptMessageOf(&room, &messages[i])
	}
	if n := len(messages); n > 0 {
		first, last := messages[0].Seq, messages[n-1].Seq
		if n == page.Limit {
			answer.Next = last
		}
		if page.Newest && first < room.Last || !page.Newest && first > room.First {
			answer.Prev = first
		}
	}
	return reply{status: http.StatusOK, body: answer}, nil
}

// pageOf reads which page is asked for.
func pageOf(r *request) (parley.Page, error) {
	query := r.URL.Query()
	page := parley.Page{Limit: routes.DefaultPage}
	for name, into := range map[string]*parley.Seq{"after": &page.After, "before": &page.Before} {
		if !query.Has(name) {
			continue
		}
		n, err := number(query.Get(name), name)
		if err != nil {
			return page, err
		}
		*into = n
	}
	var err error
	if page.Limit, err = limitOf(r); err != nil {
		return page, err
	}
	switch order := query.Get("order"); order {
	case "":
	case routes.OldestFirst, routes.NewestFirst:
		page.Newest = order == routes.NewestFirst
	default:
		return page, parley.Errorf(parley.CodeInvalid, "order is oldest or newest, not %q", parley.CleanLine(order))
	}
	return page, nil
}

// limitOf reads how many are asked for.
func limitOf(r *request) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return routes.DefaultPage, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > routes.MaxPage {
		return 0, parley.Errorf(parley.CodeInvalid, "limit is a number from 1 to %d", routes.MaxPage)
	}
	return n, nil
}

// listEvents answers what happened in a room after a number.
func listEvents(ctx context.Context, r *request) (reply, error) {
	room, err := r.enter(ctx, parley.VerbEnter)
	if err != nil {
		return reply{}, err
	}
	var after parley.Seq
	if text := r.URL.Query().Get("after"); text != "" {
		if after, err = number(text, "after"); err != nil {
			return reply{}, err
		}
	}
	limit, err := limitOf(r)
	if err != nil {
		return reply{}, err
	}
	events, err := r.server.State.Events(ctx, room.ID, after, limit)
	if err != nil {
		return reply{}, err
	}
	page := wire.EventPage{Items: make([]wire.Event, 0, len(events)), First: room.First, Last: room.Last, Next: after}
	for _, applied := range events {
		page.Next = applied.Outcome.Seq
		if e, ok := applied.Event.(parley.RoomEvent); ok {
			if shown, ok := wire.EventOf(&room, e); ok {
				page.Items = append(page.Items, shown)
			}
		}
	}
	page.Last = max(page.Last, page.Next)
	page.More = page.Next < page.Last
	return reply{status: http.StatusOK, body: page}, nil
}

// getMessage answers one message as it is now.
func getMessage(ctx context.Context, r *request) (reply, error) {
	room, seq, err := r.message(ctx, parley.VerbEnter)
	if err != nil {
		return reply{}, err
	}
	m, err := r.server.State.Message(ctx, room.ID, seq)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: wire.KeptMessageOf(&room, &m)}, nil
}

// listRevisions answers what a message said before it was edited.
func listRevisions(ctx context.Context, r *request) (reply, error) {
	room, seq, err := r.message(ctx, parley.VerbRevisions)
	if err != nil {
		return reply{}, err
	}
	if _, err := r.server.State.Message(ctx, room.ID, seq); err != nil {
		return reply{}, err
	}
	revisions, err := r.server.State.Revisions(ctx, room.ID, seq)
	if err != nil {
		return reply{}, err
	}
	answer := wire.Revisions{Items: make([]wire.Revision, len(revisions))}
	for i, v := range revisions {
		answer.Items[i] = wire.Revision{Text: wire.Text(v.Text), At: wire.At(v.At)}
	}
	return reply{status: http.StatusOK, body: answer}, nil
}

// message gives the room and the number of a message in a request's path.
func (r *request) message(ctx context.Context, verb parley.Verb) (parley.Room, parley.Seq, error) {
	room, err := r.enter(ctx, verb)
	if err != nil {
		return room, 0, err
	}
	seq, err := number(r.PathValue("number"), "the number of a message")
	return room, seq, err
}
