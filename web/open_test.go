package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/accounts"
	"parley/web/routes"
)

// What is open to everybody is a short list, and whoever adds to it has to say so here.
func TestNothingElseIsOpenToEverybody(t *testing.T) {
	open := []routes.Operation{routes.Healthz, routes.Readyz, routes.Document, routes.Socket, routes.OpenSession, routes.AddAccount,
		routes.UploadAbilities, routes.GetInvite}
	for _, admit := range []accounts.Admission{accounts.Open, accounts.Registered, accounts.Invited} {
		h := newHouse(t, admit)
		for _, route := range routes.All() {
			if route.Open != slices.Contains(open, route.Operation) {
				t.Errorf("%s is open: %v", route.Operation, route.Open)
			}
			if route.Open {
				continue
			}
			path := regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(route.Path, "1")
			for _, token := range []string{"", "wrong", strings.Repeat("A", 22)} {
				words := []string{`"code":"unauthorized"`}
				if route.Method == http.MethodHead { // whose answers have none
					words = nil
				}
				h.ask(route.Method, path, token, "").want(t, 401, words...)
			}
		}
	}
}

// One address asks for account after account.
func TestAccountsFromOneAddressAreLimited(t *testing.T) {
	h := newHouse(t, accounts.Registered)
	for i := range 1000 {
		a := h.ask("POST", "/v1/accounts", "", fmt.Sprintf(`{"name":"bot-%d","password":"secret"}`, i))
		if a.StatusCode == 201 {
			continue
		}
		a.want(t, 429, `"code":"throttled"`, `"retry":true`)
		if a.Header.Get("Retry-After") == "" || i < 30 {
			t.Errorf("after %d: %v", i, a.Header)
		}
		h.ask("POST", "/v1/sessions", "", `{"name":"bot-1","password":"secret"}`).want(t, 201) // who has one comes in all the same
		return
	}
	t.Error("there is no end to it")
}
