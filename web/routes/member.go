package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// What concerns the members of a room.
const (
	ListMembers  Operation = "listMembers"
	Invite       Operation = "invite"
	ChangeMember Operation = "changeMember"
	RemoveMember Operation = "removeMember"
)

func memberRoutes() []Route {
	return []Route{{
		Operation: ListMembers, Method: http.MethodGet, Path: "/v1/rooms/{room}/members", Status: http.StatusOK,
		Verb: parley.VerbEnter, Who: "whoever may enter it",
		Summary: "Lists who is in a room now, who has a role in it, and who is banned from it.",
		Answer:  wire.Members{},
		Fails:   noEntry(),
	}, {
		Operation: Invite, Method: http.MethodPost, Path: "/v1/rooms/{room}/members", Status: http.StatusCreated,
		Verb: parley.VerbInvite, Who: "moderators and owners", Summary: "Lets somebody into a private room.",
		Request: wire.Invitation{}, Answer: wire.Receipt{},
		Fails: append(noEntry(), parley.CodeForbidden, parley.CodeNoSuchUser),
	}, {
		Operation: ChangeMember, Method: http.MethodPatch, Path: "/v1/rooms/{room}/members/{name}", Status: http.StatusOK,
		Verb: parley.VerbAppoint, Who: "owners; a ban moderators too",
		Summary: "Gives somebody a role in a room, bans them from it or lets them back.",
		Request: wire.MemberChange{}, Answer: wire.Receipt{},
		Fails: append(noEntry(), parley.CodeForbidden, parley.CodeNoSuchUser),
	}, {
		Operation: RemoveMember, Method: http.MethodDelete, Path: "/v1/rooms/{room}/members/{name}", Status: http.StatusOK,
		Verb: parley.VerbKick, Who: "moderators and owners; everybody themselves",
		Summary: "Sends somebody out of a room; named by oneself, gives up one's role in it.",
		Query:   []Parameter{requestID()},
		Answer:  wire.Receipt{},
		Fails:   append(noEntry(), parley.CodeForbidden, parley.CodeNoSuchUser),
	}}
}
