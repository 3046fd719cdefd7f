package web_test

import (
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/accounts"
)

func TestMessagesOverREST(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann, bob := h.token("ann", ""), h.token("bob", "")
	watcher := h.guest("watcher")
	h.ask("POST", "/v1/rooms/lobby/messages", ann, `{"id":"m-1","text":"hello"}`).want(t, 201, `"number":1`)
	h.ask("POST", "/v1/rooms/lobby/messages", ann, `{"id":"m-1","text":"hello"}`).want(t, 201, `"number":1`)
	watcher.await(`"type":"message"`, `"name":"ann"`)
	h.ask("PATCH", "/v1/rooms/lobby/messages/1", bob, `{"text":"mine"}`).want(t, 403, `"code":"forbidden"`)
	h.ask("PATCH", "/v1/rooms/lobby/messages/1", ann, `{"text":"hello all"}`).want(t, 200, `"number":2`)
	h.ask("PUT", "/v1/rooms/lobby/messages/1/reactions/%F0%9F%91%8D", bob, "").want(t, 200, `"number":3`)
	h.ask("GET", "/v1/rooms/lobby/messages/1", bob, "").want(t, 200, `"text":"hello all"`, `"edited":true`, `"emoji":"👍"`)
	h.ask("GET", "/v1/rooms/lobby/messages/1/revisions", bob, "").want(t, 403)
	owner := h.tokenOf("olga", parley.RoleOwner)
	h.ask("GET", "/v1/rooms/lobby/messages/1/revisions", owner, "").want(t, 200, `"text":"hello"`)
	h.ask("DELETE", "/v1/rooms/lobby/messages/1", owner, "").want(t, 200, `"number":4`)
	h.ask("GET", "/v1/rooms/lobby/messages", bob, "").want(t, 200, `"deleted":true`)
	if a := h.ask("GET", "/v1/rooms/lobby/events?after=0", bob, ""); strings.Contains(a.text, "hello") {
		t.Errorf("what was deleted is still told: %s", a.text)
	}
	h.ask("GET", "/v1/rooms/lobby/messages/1/revisions", owner, "").want(t, 200, `{"items":[]}`)
	h.ask("GET", "/v1/rooms/lobby/messages/99", bob, "").want(t, 404, `"code":"no-such-message"`)
}

func TestPagesInBothDirections(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann := h.token("ann", "")
	for range 5 {
		h.ask("POST", "/v1/rooms/lobby/messages", ann, `{"text":"x"}`).want(t, 201)
	}
	h.ask("GET", "/v1/rooms/lobby/messages?limit=2", ann, "").want(t, 200, `"number":1`, `"number":2`, `"next":2`)
	h.ask("GET", "/v1/rooms/lobby/messages?limit=2&after=2", ann, "").want(t, 200, `"number":3`, `"number":4`, `"next":4`)
	h.ask("GET", "/v1/rooms/lobby/messages?limit=2&order=newest", ann, "").want(t, 200, `"number":5`, `"number":4`, `"next":4`)
	h.ask("GET", "/v1/rooms/lobby/messages?limit=2&order=newest&before=4", ann, "").want(t, 200, `"number":3`, `"number":2`)
	for _, query := range []string{"limit=0", "limit=-1", "limit=1001", "limit=x", "after=-1", "after=x", "order=up", "before=9999999999999999999"} {
		h.ask("GET", "/v1/rooms/lobby/messages?"+query, ann, "").want(t, 400, `"code":"invalid"`)
	}
}

func TestRoomsAndTheirMembers(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann, bob := h.tokenOf("ann", parley.RoleMember), h.tokenOf("bob", parley.RoleMember)
	guest := h.token("guest", "")
	h.ask("POST", "/v1/rooms", guest, `{"name":"den"}`).want(t, 403)
	h.ask("POST", "/v1/rooms", ann, `{"name":"den","kind":"private","topic":"quiet"}`).want(t, 201, `"role":"owner"`)
	h.ask("POST", "/v1/rooms", bob, `{"name":"den"}`).want(t, 409)
	unknown := h.ask("GET", "/v1/rooms/den", bob, "").want(t, 404)
	nowhere := h.ask("GET", "/v1/rooms/nowhere", bob, "").want(t, 404)
	if strings.ReplaceAll(nowhere.text, "nowhere", "den") != unknown.text {
		t.Errorf("a private room is told from none:\n%s%s", unknown.text, nowhere.text)
	}
	h.ask("POST", "/v1/rooms/den/members", ann, `{"name":"bob"}`).want(t, 201)
	h.ask("GET", "/v1/rooms/den", bob, "").want(t, 200, `"role":"member"`, `"topic":"quiet"`)
	h.ask("PATCH", "/v1/rooms/den/members/ann", bob, `{"banned":true}`).want(t, 403)
	h.ask("PATCH", "/v1/rooms/den", ann, `{"topic":"loud"}`).want(t, 200)
	h.ask("GET", "/v1/rooms/den/members", bob, "").want(t, 200, `"name":"ann"`, `"room_role":"owner"`)
	h.ask("DELETE", "/v1/rooms/den/members/bob", ann, "").want(t, 200)
	h.ask("GET", "/v1/rooms/den", bob, "").want(t, 404)
	h.ask("PATCH", "/v1/rooms/lobby/members/bob", ann, `{"banned":true}`).want(t, 403)
}

func TestAccountsOverREST(t *testing.T) {
	h := newHouse(t, accounts.Registered)
	owner := h.tokenOf("olga", parley.RoleOwner)
	h.ask("POST", "/v1/sessions", "", `{"name":"guest"}`).want(t, 401)
	h.ask("POST", "/v1/accounts", "", `{"name":"ann","password":"correct horse","role":"owner"}`).want(t, 403)
	h.ask("POST", "/v1/accounts", "", `{"name":"ann","password":"correct horse"}`).want(t, 201, `"role":"member"`)
	h.ask("POST", "/v1/accounts", "", `{"name":"Ann","password":"another"}`).want(t, 409)
	ann := h.token("ann", "correct horse")
	h.ask("GET", "/v1/accounts", ann, "").want(t, 403)
	h.ask("GET", "/v1/accounts/olga", ann, "").want(t, 403)
	h.ask("GET", "/v1/accounts/ann", ann, "").want(t, 200)
	h.ask("PUT", "/v1/accounts/me/password", ann, `{"old":"wrong one","new":"staple"}`).want(t, 401)
	h.ask("PUT", "/v1/accounts/me/password", ann, `{"old":"correct horse","new":"staple"}`).want(t, 204)
	h.ask("GET", "/v1/me", ann, "").want(t, 200, `"name":"ann"`)
	h.ask("PATCH", "/v1/accounts/ann", owner, `{"role":"moderator"}`).want(t, 200, `"role":"moderator"`)
	h.ask("GET", "/v1/me", ann, "").want(t, 200, `"role":"moderator"`)
	h.ask("PATCH", "/v1/accounts/ann", owner, `{"disabled":true}`).want(t, 200, `"disabled":true`)
	h.ask("GET", "/v1/me", ann, "").want(t, 401)
	h.ask("POST", "/v1/sessions", "", `{"name":"ann","password":"staple"}`).want(t, 401, `"code":"wrong-password"`)
	h.ask("DELETE", "/v1/accounts/olga", owner, "").want(t, 403)
	h.ask("DELETE", "/v1/accounts/ann", owner, "").want(t, 204)
	h.ask("GET", "/v1/accounts/ann", owner, "").want(t, 404)
}

func TestWhatNoRouteIsFor(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.ask("GET", "/nothing", "", "").want(t, 404, `"detail":`)
	if a := h.ask("DELETE", "/healthz", "", "").want(t, 405); a.Header.Get("Allow") != "GET" {
		t.Errorf("Allow: %q", a.Header.Get("Allow"))
	}
	h.ask("GET", "/healthz", "", "").want(t, 200, `"status":"ok"`)
	h.ask("GET", "/readyz", "", "").want(t, 200, `"status":"ok"`)
	h.ask("GET", "/v1/me", "", "").want(t, 401)
	h.ask("GET", "/v1/socket", "", "").want(t, 426)
	h.ask("POST", "/v1/sessions", "", `{"name":"ann"}`, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }).want(t, 400)
}
