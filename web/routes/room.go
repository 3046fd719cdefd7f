package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// What concerns rooms.
const (
	ListRooms  Operation = "listRooms"
	OpenRoom   Operation = "openRoom"
	GetRoom    Operation = "getRoom"
	ChangeRoom Operation = "changeRoom"
	MarkRead   Operation = "markRead"
)

func roomRoutes() []Route {
	return []Route{{
		Operation: ListRooms, Method: http.MethodGet, Path: "/v1/rooms", Status: http.StatusOK, Verb: parley.VerbEnter,
		Who: "everybody, what they may enter", Summary: "Lists the rooms that the reader may enter.",
		Answer: wire.Rooms{},
	}, {
		Operation: OpenRoom, Method: http.MethodPost, Path: "/v1/rooms", Status: http.StatusCreated,
		Who: "whoever may make rooms by the server's settings", Summary: "Makes a room, whose owner is the reader.",
		Request: wire.NewRoom{}, Answer: wire.Room{},
		Fails: []parley.Code{parley.CodeForbidden, parley.CodeNameInvalid, parley.CodeNameTaken, parley.CodeThrottled},
	}, {
		Operation: GetRoom, Method: http.MethodGet, Path: "/v1/rooms/{room}", Status: http.StatusOK, Verb: parley.VerbEnter,
		Who: "whoever may enter it", Summary: "Tells of a room.",
		Answer: wire.Room{},
		Fails:  noEntry(),
	}, {
		Operation: ChangeRoom, Method: http.MethodPatch, Path: "/v1/rooms/{room}", Status: http.StatusOK,
		Verb: parley.VerbSet, Who: "owners of the room or of the server", Summary: "Gives a room another topic or kind.",
		Request: wire.RoomChange{}, Answer: wire.Receipt{},
		Fails: append(noEntry(), parley.CodeForbidden),
	}, {
		Operation: MarkRead, Method: http.MethodPut, Path: "/v1/rooms/{room}/read", Status: http.StatusNoContent,
		Verb: parley.VerbReact, Who: "whoever may enter it",
		Summary: "Says how far the reader has read a room. A lower number than before changes nothing.",
		Request: wire.ReadPosition{},
		Fails:   noEntry(),
	}}
}

// noEntry is how a route inside a room fails for those who may not enter it.
func noEntry() []parley.Code { return []parley.Code{parley.CodeNoSuchRoom, parley.CodeBanned} }
