package web_test

import (
	"strings"
	"sync"
	"testing"

	"parley"
	"parley/accounts"
)

// TestAGuestClaimsAnAccount: what they had stays theirs, and whoever is connected goes on.
func TestAGuestClaimsAnAccount(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann := h.guest("ann")
	h.account("olga", parley.RoleOwner)
	token := h.token("bob", "")
	bob := h.enter(`"token":"` + token + `","rooms":[{"room":"lobby"}]`)
	id := field(t, bob.expect(`"type":"welcome"`), "id")
	bob.expect(`"type":"joined"`)
	h.ask("POST", "/v1/rooms/lobby/messages", token, `{"text":"hello"}`).want(t, 201)
	h.ask("PUT", "/v1/rooms/lobby/read", token, `{"number":1}`).want(t, 204)
	h.ask("POST", "/v1/direct/olga/messages", token, `{"text":"psst"}`).want(t, 201)

	h.ask("POST", "/v1/me/account", "", `{"password":"secret"}`).want(t, 401)
	h.ask("POST", "/v1/me/account", token, `{"password":"x"}`).want(t, 400)
	h.ask("POST", "/v1/me/account", token, `{}`).want(t, 400)
	h.ask("POST", "/v1/me/account", token, `{"password":"secret"}`).want(t, 201, `"account":true`, `"role":"member"`, id)
	h.ask("POST", "/v1/me/account", token, `{"password":"secret"}`).want(t, 201, id) // the answer was lost
	h.ask("POST", "/v1/me/account", token, `{"password":"other"}`).want(t, 400, "you have an account already")

	h.ask("GET", "/v1/me", token, "").want(t, 200, `"account":true`, id)
	h.ask("PATCH", "/v1/rooms/lobby/messages/1", token, `{"text":"hello all"}`).want(t, 200)
	h.ask("GET", "/v1/rooms/lobby", token, "").want(t, 200, `"read":1`)
	h.ask("GET", "/v1/direct", token, "").want(t, 200, `"name":"olga"`)
	bob.post("m-1", "lobby", "still here")
	ann.await(`"text":"still here"`, `"name":"bob"`)
	h.ask("POST", "/v1/rooms", token, `{"name":"den"}`).want(t, 201) // as a guest they could not
	other := h.token("bob", "secret")
	h.ask("GET", "/v1/me", other, "").want(t, 200, id)
	h.ask("POST", "/v1/sessions", "", `{"name":"bob"}`).want(t, 401, `"code":"password-needed"`)
	h.ask("PUT", "/v1/accounts/me/password", other, `{"old":"secret","new":"staple"}`).want(t, 204)
	h.ask("GET", "/v1/me", token, "").want(t, 401) // as every other session of an account
}

func TestAnotherNameForTheAccount(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.account("olga", parley.RoleOwner)
	token := field(t, h.ask("POST", "/v1/sessions", "", `{}`).want(t, 201).text, "token")
	p := h.enter(`"token":"` + token + `","rooms":[{"room":"lobby"}]`)
	p.expect(`"type":"welcome"`)
	p.expect(`"type":"joined"`)
	ann := h.guest("ann")
	h.ask("POST", "/v1/me/account", token, `{"password":"secret"}`).want(t, 400, `"code":"name-invalid"`)
	for _, name := range []string{"olga", "o1ga"} {
		h.ask("POST", "/v1/me/account", token, `{"password":"secret","name":"`+name+`"}`).want(t, 409)
	}
	h.ask("POST", "/v1/me/account", token, `{"password":"secret","name":"carl"}`).want(t, 201, `"name":"carl"`)
	ann.await(`"type":"presence"`, `"name":"carl"`)
	p.post("m-1", "lobby", "it is me")
	ann.await(`"text":"it is me"`, `"name":"carl"`)
}

// Two tabs of one guest claim with different passwords, at once: one does.
func TestTwoClaimsAtOnce(t *testing.T) {
	h := newHouse(t, accounts.Open)
	token := h.token("bob", "")
	passwords := []string{"secret-1", "secret-2", "secret-3", "secret-4"}
	var all sync.WaitGroup
	done := make([]bool, len(passwords))
	for i, password := range passwords {
		all.Go(func() {
			done[i] = h.ask("POST", "/v1/me/account", token, `{"password":"`+password+`"}`).StatusCode == 201
		})
	}
	all.Wait()
	works := 0
	for i, password := range passwords {
		right := h.ask("POST", "/v1/sessions", "", `{"name":"bob","password":"`+password+`"}`).StatusCode == 201
		if right != done[i] {
			t.Errorf("%s was answered %v, and works: %v", password, done[i], right)
		}
		if right {
			works++
		}
	}
	if works != 1 {
		t.Errorf("%d passwords work", works)
	}
}

// Where accounts are made by invitation, so are those of guests; and where only accounts are let in, a guest who came by an
// invite can have one.
func TestWhoMayClaim(t *testing.T) {
	h := newHouse(t, accounts.Invited)
	owner := h.tokenOf("olga", parley.RoleOwner)
	guests, account := h.invite(owner, `{"kind":"guest"}`), h.invite(owner, `{"kind":"account"}`)
	token := field(t, h.ask("POST", "/v1/sessions", "", used(guests, 1, `"name":"bob"`)).want(t, 201).text, "token")
	h.ask("POST", "/v1/me/account", token, `{"password":"secret"}`).want(t, 403)
	h.ask("POST", "/v1/me/account", token, used(guests, 2, `"password":"secret"`)).want(t, 403)
	h.ask("POST", "/v1/me/account", token, used(strings.Repeat("A", 26), 2, `"password":"secret"`)).want(t, 404)
	h.ask("POST", "/v1/me/account", token, used(account, 2, `"password":"secret"`)).want(t, 201, `"account":true`)
	h.ask("POST", "/v1/sessions", "", used(guests, 1, `"name":"carl"`)).want(t, 401, "password-needed") // it is bob's use
	h.ask("GET", "/v1/invites/by-code/"+account, "", "").want(t, 410)

	r := newHouse(t, accounts.Registered)
	guests = r.invite(r.tokenOf("olga", parley.RoleOwner), `{"kind":"guest"}`)
	token = field(t, r.ask("POST", "/v1/sessions", "", used(guests, 1, `"name":"bob"`)).want(t, 201).text, "token")
	r.ask("POST", "/v1/me/account", token, `{"password":"secret"}`).want(t, 201)
}

// A guest who was connected without a token has nothing to claim by; one whose account is removed is out at once.
func TestAClaimedAccountIsRemoved(t *testing.T) {
	h := newHouse(t, accounts.Open)
	owner := h.tokenOf("olga", parley.RoleOwner)
	token := h.token("bob", "")
	bob := h.enter(`"token":"` + token + `","rooms":[{"room":"lobby"}]`)
	bob.expect(`"type":"welcome"`)
	bob.expect(`"type":"joined"`)
	h.ask("POST", "/v1/me/account", token, `{"password":"secret"}`).want(t, 201)
	h.ask("DELETE", "/v1/accounts/bob", owner, "").want(t, 204)
	bob.await(`"type":"bye"`, "removed")
	h.ask("GET", "/v1/me", token, "").want(t, 401)
	h.ask("POST", "/v1/sessions", "", `{"name":"bob"}`).want(t, 201)
}
