package web_test

import (
	"testing"

	"parley"
	"parley/accounts"
)

// TestAOneTimePasswordIsChangedByLoggingIn: until then it opens nothing, by either door.
func TestAOneTimePasswordIsChangedByLoggingIn(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.account("root", parley.RoleOwner)
	root := h.token("root", "rootrootroot")
	h.ask("POST", "/v1/accounts", root, `{"name":"ann","password":"k7mf-2xqa","one_time":true}`).want(t, 201, `"one_time":true`)
	h.ask("POST", "/v1/sessions", "", `{"name":"ann","password":"k7mf-2xqa"}`).
		want(t, 403, `"code":"new-password-needed"`, "parley login URL", `"retry":false`)
	p := h.connect()
	p.say(`{"type":"hello","name":"ann","password":"k7mf-2xqa","keep":true}`)
	p.expect(`"type":"error"`, `"code":"new-password-needed"`)

	for body, status := range map[string]int{
		`{"name":"ann","password":"k7mf-2xqa","new_password":"k7mf-2xqa"}`: 400,
		`{"name":"ann","password":"k7mf-2xqa","new_password":"no"}`:        400,
		`{"name":"ann","new_password":"my own"}`:                           400,
		`{"name":"ann","password":"wrong","new_password":"my own"}`:        401,
		`{"name":"nobody","password":"k7mf","new_password":"my own"}`:      401,
	} {
		h.ask("POST", "/v1/sessions", "", body).want(t, status)
	}
	h.ask("POST", "/v1/sessions", "", `{"name":"ann","password":"k7mf-2xqa","new_password":"my own"}`).
		want(t, 201, `"token":"p-`, `"name":"ann"`)
	h.ask("POST", "/v1/sessions", "", `{"name":"ann","password":"k7mf-2xqa","new_password":"another"}`).want(t, 401)
	ann := h.token("ann", "my own")
	h.ask("GET", "/v1/accounts/ann", ann, "").want(t, 200, `"name":"ann"`)
}

func TestOnlyAnOwnerGivesOneTimePasswords(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.account("root", parley.RoleOwner)
	root := h.token("root", "rootrootroot")
	h.account("ann", parley.RoleMember)
	ann := h.token("ann", "annannann")
	h.ask("POST", "/v1/accounts", ann, `{"name":"bob","password":"secret","one_time":true}`).want(t, 403)
	h.ask("PATCH", "/v1/accounts/ann", ann, `{"password":"secret","one_time":true}`).want(t, 403)
	h.ask("PATCH", "/v1/accounts/ann", root, `{"one_time":true}`).want(t, 400)
	h.ask("PATCH", "/v1/accounts/ann", root, `{"password":"secret","one_time":true}`).want(t, 200, `"one_time":true`)
	h.ask("GET", "/v1/me", ann, "").want(t, 401)
	h.ask("POST", "/v1/sessions", "", `{"name":"ann","password":"secret"}`).want(t, 403)
}
