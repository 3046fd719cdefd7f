package web_test

import (
	"io"
	"net/http"
	"testing"

	"parley"
	"parley/accounts"
	"parley/web"
)

func TestOnlyOwnersSeeTheFigures(t *testing.T) {
	figures := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "parley_people 3\n") })
	h := newHouse(t, accounts.Open, func(c *web.Config) { c.Metrics = figures })
	h.ask("GET", "/metrics", "", "").want(t, 401, `"code":"unauthorized"`)
	h.ask("GET", "/metrics", h.token("guest", ""), "").want(t, 403, `"code":"forbidden"`)
	h.ask("GET", "/metrics", h.tokenOf("ann", parley.RoleMember), "").want(t, 403)
	h.ask("GET", "/metrics", h.tokenOf("mod", parley.RoleModerator), "").want(t, 403)
	h.ask("GET", "/metrics", h.tokenOf("olga", parley.RoleOwner), "").want(t, 200, "parley_people 3")
}

// Where there are no figures, an answer without a status was begun, which broke the connection off.
func TestWhereThereAreNoFiguresOneIsTold(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.ask("GET", "/metrics", h.tokenOf("olga", parley.RoleOwner), "").want(t, 501, `"code":"unsupported"`)
	h.ask("GET", "/metrics", h.token("guest", ""), "").want(t, 403)
}
