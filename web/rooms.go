package web

import (
	"context"
	"net/http"

	"parley"
	"parley/web/wire"
)

// listRooms answers the rooms that whoever asks may enter.
func listRooms(ctx context.Context, r *request) (reply, error) {
	rooms, err := r.server.State.Rooms(ctx)
	if err != nil {
		return reply{}, err
	}
	answer := wire.Rooms{Items: make([]wire.Room, 0, len(rooms))}
	for _, room := range rooms {
		if r.server.may(ctx, r.who.ID, room, parley.VerbEnter) != nil {
			continue
		}
		shown, err := r.shownRoom(ctx, room)
		if err != nil {
			return reply{}, err
		}
		answer.Items = append(answer.Items, shown)
	}
	return reply{status: http.StatusOK, body: answer}, nil
}

// shownRoom is a room, and how whoever asks stands to it.
func (r *request) shownRoom(ctx context.Context, room parley.Room) (wire.Room, error) {
	standing, err := r.server.State.Standing(ctx, room.ID, r.who.ID)
	if err != nil {
		return wire.Room{}, err
	}
	numbers, err := r.numbers(ctx, room)
	return wire.Room{Name: room.Name, Kind: room.Kind, Topic: room.Topic, Role: standing.InRoom, Position: numbers}, err
}

// numbers is where a room's numbers are, and how far whoever asks has read.
func (r *request) numbers(ctx context.Context, room parley.Room) (wire.Position, error) {
	numbers := wire.Position{First: room.First, Last: room.Last}
	unread, err := r.server.State.Unread(ctx, r.who.ID, room.ID)
	numbers.Read, numbers.Unread, numbers.Mentions = unread.Read, unread.Messages, unread.Mentions
	return numbers, err
}

// getRoom answers one room.
func getRoom(ctx context.Context, r *request) (reply, error) {
	room, err := r.enter(ctx, parley.VerbEnter)
	if err != nil {
		return reply{}, err
	}
	shown, err := r.shownRoom(ctx, room)
	return reply{status: http.StatusOK, body: shown}, err
}

// openRoom makes a room.
func openRoom(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.NewRoom](r)
	if err != nil {
		return reply{}, err
	}
	name, err := parley.ParseRoomName(b.Name)
	if err != nil {
		return reply{}, err
	}
	kind := b.Kind
	if kind == "" {
		kind = parley.RoomPublic
	}
	room, err := r.server.Hub.OpenRoom(ctx, r.who, parley.Room{Name: name, Kind: kind, Topic: b.Topic})
	if err != nil {
		return reply{}, err
	}
	shown, err := r.shownRoom(ctx, room)
	return reply{
		status: http.StatusCreated, body: shown,
		header: http.Header{"Location": {"/v1/rooms/" + string(room.Name)}},
	}, err
}

// changeRoom gives a room another kind or topic.
func changeRoom(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.RoomChange](r)
	if err != nil {
		return reply{}, err
	}
	room, err := r.enter(ctx, parley.VerbSet)
	if err != nil {
		return reply{}, err
	}
	if b.Kind != nil {
		room.Kind = *b.Kind
	}
	if b.Topic != nil {
		room.Topic = *b.Topic
	}
	return r.do(ctx, r.place(), room, "", http.StatusOK, func(e parley.Entry) parley.RoomEvent {
		return parley.RoomChanged{Entry: e, Topic: room.Topic, Kind: room.Kind}
	})
}

// listConversations answers whom whoever asks has talked to.
func listConversations(ctx context.Context, r *request) (reply, error) {
	found, err := r.server.State.Conversations(ctx, r.who.ID)
	if err != nil {
		return reply{}, err
	}
	answer := wire.Conversations{Items: make([]wire.Conversation, len(found))}
	for i, c := range found {
		numbers, err := r.numbers(ctx, c.Room)
		if err != nil {
			return reply{}, err
		}
		answer.Items[i] = wire.Conversation{
			Room: wire.PlaceOf(&c.Room), With: wire.PersonOf(c.With), At: wire.At(c.At), Position: numbers,
		}
	}
	return reply{status: http.StatusOK, body: answer}, nil
}
