package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// What concerns sessions, and who the reader is.
const (
	OpenSession       Operation = "openSession"
	ListSessions      Operation = "listSessions"
	EndCurrentSession Operation = "endCurrentSession"
	EndSession        Operation = "endSession"
	GetMe             Operation = "getMe"
)

func sessionRoutes() []Route {
	return []Route{{
		Operation: OpenSession, Method: http.MethodPost, Path: "/v1/sessions", Status: http.StatusCreated, Open: true,
		Who: "everybody; guests where they are admitted, or by an invite",
		Summary: "Opens a session, with name and password for an account, without password for a guest, and gives its token. " +
			"A one-time password opens one only together with a new password. With the same use of an invite again, it is the same guest.",
		Request: wire.Login{}, Answer: wire.LoggedIn{},
		Fails: append(invitesFail(), parley.CodeUnauthorized, parley.CodePasswordNeeded, parley.CodeWrongPassword,
			parley.CodeNewPassword, parley.CodeForbidden, parley.CodeNameInvalid, parley.CodeNameTaken),
	}, {
		Operation: ListSessions, Method: http.MethodGet, Path: "/v1/sessions", Status: http.StatusOK, Who: "oneself",
		Summary: "Lists the reader's own sessions.",
		Answer:  wire.Sessions{},
	}, {
		Operation: EndCurrentSession, Method: http.MethodDelete, Path: "/v1/sessions/current",
		Status: http.StatusNoContent, Who: "oneself",
		Summary: "Ends the session whose token is shown. The token opens nothing from then on.",
	}, {
		Operation: EndSession, Method: http.MethodDelete, Path: "/v1/sessions/{id}", Status: http.StatusNoContent,
		Who: "oneself", Summary: "Ends one of the reader's own sessions, and its connections. One that is not there is no error.",
	}, {
		Operation: GetMe, Method: http.MethodGet, Path: "/v1/me", Status: http.StatusOK, Who: "oneself",
		Summary: "Tells who the reader is.",
		Answer:  wire.Me{},
	}}
}
