package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// What concerns accounts.
const (
	AddAccount     Operation = "addAccount"
	ListAccounts   Operation = "listAccounts"
	GetAccount     Operation = "getAccount"
	ChangeAccount  Operation = "changeAccount"
	RemoveAccount  Operation = "removeAccount"
	ChangePassword Operation = "changePassword"
)

func accountRoutes() []Route {
	return []Route{{
		Operation: AddAccount, Method: http.MethodPost, Path: "/v1/accounts", Status: http.StatusCreated, Open: true,
		Verb: parley.VerbAccounts, Who: "owners; everybody where the server admits whoever registers, or by an invite, then without a role",
		Summary: "Makes an account. With the same use of an invite again, it is made once.",
		Request: wire.NewAccount{}, Answer: wire.Account{},
		Fails: append(invitesFail(), parley.CodeUnauthorized, parley.CodeForbidden, parley.CodeNameInvalid,
			parley.CodeNameTaken),
	}, {
		Operation: ListAccounts, Method: http.MethodGet, Path: "/v1/accounts", Status: http.StatusOK,
		Verb: parley.VerbAccounts, Who: "owners", Summary: "Lists all accounts.",
		Answer: wire.Accounts{},
		Fails:  []parley.Code{parley.CodeForbidden},
	}, {
		Operation: GetAccount, Method: http.MethodGet, Path: "/v1/accounts/{name}", Status: http.StatusOK,
		Verb: parley.VerbAccounts, Who: "owners; everybody their own", Summary: "Tells of an account.",
		Answer: wire.Account{},
		Fails:  []parley.Code{parley.CodeForbidden, parley.CodeNoSuchAccount},
	}, {
		Operation: ChangeAccount, Method: http.MethodPatch, Path: "/v1/accounts/{name}", Status: http.StatusOK,
		Verb: parley.VerbAccounts, Who: "owners", Summary: "Gives an account another password, role or state.",
		Request: wire.AccountChange{}, Answer: wire.Account{},
		Fails: []parley.Code{parley.CodeForbidden, parley.CodeNoSuchAccount},
	}, {
		Operation: RemoveAccount, Method: http.MethodDelete, Path: "/v1/accounts/{name}", Status: http.StatusNoContent,
		Verb: parley.VerbAccounts, Who: "owners", Summary: "Removes an account and ends its sessions. What it said stays.",
		Fails: []parley.Code{parley.CodeForbidden, parley.CodeNoSuchAccount},
	}, {
		Operation: ChangePassword, Method: http.MethodPut, Path: "/v1/accounts/me/password",
		Status: http.StatusNoContent, Who: "oneself, with an account",
		Summary: "Changes the reader's own password, and ends all other sessions of theirs.",
		Request: wire.PasswordChange{},
		Fails:   []parley.Code{parley.CodeForbidden, parley.CodeWrongPassword, parley.CodeThrottled},
	}}
}
