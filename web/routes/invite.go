package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// What concerns invites, and who comes by them.
const (
	MakeInvite   Operation = "makeInvite"
	ListInvites  Operation = "listInvites"
	GetInvite    Operation = "getInvite"
	RevokeInvite Operation = "revokeInvite"
	ClaimAccount Operation = "claimAccount"
)

func inviteRoutes() []Route {
	return []Route{{
		Operation: MakeInvite, Method: http.MethodPost, Path: "/v1/invites", Status: http.StatusCreated,
		Verb: parley.VerbInvites, Who: "owners", Summary: "Makes an invite, and gives its link.",
		Request: wire.NewInvite{}, Answer: wire.InviteMade{},
		Fails: []parley.Code{parley.CodeForbidden},
	}, {
		Operation: ListInvites, Method: http.MethodGet, Path: "/v1/invites", Status: http.StatusOK,
		Verb: parley.VerbInvites, Who: "owners",
		Summary: "Lists the invites, for 30 days also those that have expired.",
		Answer:  wire.Invites{},
		Fails:   []parley.Code{parley.CodeForbidden},
	}, {
		Operation: GetInvite, Method: http.MethodGet, Path: "/v1/invites/by-code/{code}", Status: http.StatusOK, Open: true,
		Who: "whoever has the code", Summary: "Tells what an invite gives, and uses nothing of it.",
		Answer: wire.OpenInvite{},
		Fails:  invitesFail(),
	}, {
		Operation: RevokeInvite, Method: http.MethodDelete, Path: "/v1/invites/{id}", Status: http.StatusNoContent,
		Verb: parley.VerbInvites, Who: "owners", Summary: "Makes that an invite lets in nobody any more. Who came by it stays.",
		Fails: []parley.Code{parley.CodeForbidden, parley.CodeNoSuchInvite},
	}, {
		Operation: ClaimAccount, Method: http.MethodPost, Path: "/v1/me/account", Status: http.StatusCreated,
		Who:     "guests, where everybody may make an account, or by an invite for one",
		Summary: "Makes an account of the guest who asks, with all that they have. Their token is the account's from then on.",
		Request: wire.NewClaim{}, Answer: wire.Claimed{},
		Fails: append(invitesFail(), parley.CodeForbidden, parley.CodeNameInvalid, parley.CodeNameTaken),
	}}
}

// invitesFail is how a route fails where an invite is shown.
func invitesFail() []parley.Code {
	return []parley.Code{parley.CodeNoSuchInvite, parley.CodeExpired, parley.CodeThrottled}
}
