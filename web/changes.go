package web

import (
	"context"
	"net/http"

	"parley"
	"parley/web/wire"
)

// do has an event done for whoever asks, and answers its number.
func (r *request) do(ctx context.Context, place wire.Place, room parley.Room, id parley.MessageID, status int,
	event func(parley.Entry) parley.RoomEvent,
) (reply, error) {
	if id == "" {
		id = parley.NewMessageID(r.server.now())
	}
	outcome, err := r.server.Hub.Do(ctx, r.who, event(parley.Entry{Room: room.ID, ID: id}))
	if err != nil {
		return reply{}, unknownRoom(place, err)
	}
	return reply{status: status, body: wire.Receipt{ID: id, Room: wire.PlaceOf(&room), Number: outcome.Seq}}, nil
}

// postMessage says something in a room.
func postMessage(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.NewMessage](r)
	if err != nil {
		return reply{}, err
	}
	room, err := r.room(ctx)
	if err != nil {
		return reply{}, err
	}
	return r.do(ctx, r.place(), room, b.ID, http.StatusCreated, func(e parley.Entry) parley.RoomEvent {
		return parley.MessagePosted{Message: parley.Message{Room: e.Room, ID: e.ID, Text: string(b.Text), Reply: b.Reply}}
	})
}

// editMessage gives a message another text.
func editMessage(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.MessageEdit](r)
	if err != nil {
		return reply{}, err
	}
	room, seq, err := r.target(ctx)
	if err != nil {
		return reply{}, err
	}
	return r.do(ctx, r.place(), room, b.ID, http.StatusOK, func(e parley.Entry) parley.RoomEvent {
		return parley.MessageEdited{Entry: e, Target: seq, Text: string(b.Text)}
	})
}

// deleteMessage erases a message.
func deleteMessage(ctx context.Context, r *request) (reply, error) {
	id, err := r.requestID()
	if err != nil {
		return reply{}, err
	}
	room, seq, err := r.target(ctx)
	if err != nil {
		return reply{}, err
	}
	return r.do(ctx, r.place(), room, id, http.StatusOK, func(e parley.Entry) parley.RoomEvent {
		return parley.MessageDeleted{Entry: e, Target: seq}
	})
}

// addReaction reacts to a message.
func addReaction(ctx context.Context, r *request) (reply, error) { return react(ctx, r, true) }

// takeReaction takes a reaction back.
func takeReaction(ctx context.Context, r *request) (reply, error) { return react(ctx, r, false) }

func react(ctx context.Context, r *request, on bool) (reply, error) {
	id, err := r.requestID()
	if err != nil {
		return reply{}, err
	}
	room, seq, err := r.target(ctx)
	if err != nil {
		return reply{}, err
	}
	return r.do(ctx, r.place(), room, id, http.StatusOK, func(e parley.Entry) parley.RoomEvent {
		return parley.MessageReacted{Entry: e, Target: seq, Emoji: r.PathValue("emoji"), On: on}
	})
}

// room gives the room in a request's path, for somebody who may know of it. What they may do there is asked when the
// event is applied.
func (r *request) room(ctx context.Context) (parley.Room, error) {
	return r.enter(ctx, parley.VerbEnter)
}

// target gives the room and the number of the message that a request changes.
func (r *request) target(ctx context.Context) (parley.Room, parley.Seq, error) {
	room, err := r.room(ctx)
	if err != nil {
		return room, 0, err
	}
	seq, err := number(r.PathValue("number"), "the number of a message")
	return room, seq, err
}

// markRead says how far somebody has read a room.
func markRead(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.ReadPosition](r)
	if err != nil {
		return reply{}, err
	}
	room, err := r.room(ctx)
	if err != nil {
		return reply{}, err
	}
	if err := r.server.Hub.Read(ctx, r.who, room.ID, b.Number); err != nil {
		return reply{}, unknownRoom(r.place(), err)
	}
	return reply{status: http.StatusNoContent}, nil
}
