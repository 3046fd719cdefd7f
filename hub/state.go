package hub

import (
	"context"

	"parley"
)

// Journal puts events in order and makes them last.
type Journal interface {
	// Append gives each event its place, and returns when all of them are durable, applied, and have gone through the
	// hub's Deliver, and everything appended before has too: so without events it waits for those of others. There is one
	// Outcome an event. An error is about the whole batch, of which then nothing happened.
	Append(ctx context.Context, events ...parley.Event) ([]parley.Outcome, error)
}

// State is what applying the journal's events has come to. It is read from any goroutine, while Deliver is under way
// too. Its errors are *parley.Error, or the context's.
type State interface {
	History
	Rooms
	People
}

// History is what has happened in a room.
type History interface {
	// Events gives what took a number over after in a room, oldest first: at most limit of them, fewer where they are
	// large, and none only where there is none. Each has its number in it, and what was taken back since is not in it any
	// more.
	Events(ctx context.Context, room parley.RoomID, after parley.Seq, limit int) ([]parley.Applied, error)
}

// Rooms is which rooms there are, and what somebody is to one.
type Rooms interface {
	// RoomByID gives the room of that id, CodeNoSuchRoom for none.
	RoomByID(ctx context.Context, id parley.RoomID) (parley.Room, error)
	// Standing gives what somebody is to a room that is not direct.
	Standing(ctx context.Context, room parley.RoomID, who parley.SenderID) (parley.Standing, error)
}

// People is who has an account, and who is logged in.
type People interface {
	// Account gives the account of that name, CodeNoSuchAccount for none.
	Account(ctx context.Context, key parley.NameKey) (parley.Account, error)
	// AccountByID gives the account of that id, CodeNoSuchAccount for none.
	AccountByID(ctx context.Context, id parley.SenderID) (parley.Account, error)
	// Logins gives the logins that somebody has.
	Logins(ctx context.Context, who parley.SenderID) ([]parley.Login, error)
}
