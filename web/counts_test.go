package web_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/accounts"
	"parley/web"
	"parley/web/routes"
)

func TestRequestsAreCountedByWhatWasAnswered(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann := h.token("ann", "")
	h.ask("GET", "/v1/me", ann, "").want(t, 200)
	h.ask("GET", "/v1/me", "", "").want(t, 401)
	h.ask("GET", "/v1/rooms/lobby", ann, "").want(t, 200)
	h.ask("GET", "/v1/rooms/nowhere", ann, "").want(t, 404)
	h.ask("GET", "/v1/openapi.json", "", "").want(t, 200)
	h.ask("GET", "/v1/socket", "", "").want(t, 426)
	h.ask("GET", "/v1/socket", "", "", func(r *http.Request) { // an upgrade without a key
		r.Header.Set("Upgrade", "websocket")
		r.Header.Set("Connection", "Upgrade")
		r.Header.Set("Sec-WebSocket-Version", "13")
	}).want(t, 400)
	h.ask("GET", "/v1/nothing", "", "").want(t, 404)
	h.ask("DELETE", "/healthz", "", "").want(t, 405)
	h.ask("GET", "/v1/me", ann, "", func(r *http.Request) { r.Host = "elsewhere.example" }).want(t, 421)
	bob := h.guest("bob")
	if got := h.door.Counts().Sockets; got != 1 {
		t.Errorf("%d WebSockets", got)
	}
	_ = bob.conn.Close()
	h.stop() // and everything is counted

	got := h.door.Counts()
	want := map[web.Answer]int64{
		{Operation: routes.OpenSession, Status: 201}: 1,
		{Operation: routes.GetMe, Status: 200}:       1,
		{Operation: routes.GetMe, Status: 401}:       1,
		{Operation: routes.GetRoom, Status: 200}:     1,
		{Operation: routes.GetRoom, Status: 404}:     1,
		{Operation: routes.Document, Status: 200}:    1,
		{Operation: routes.Socket, Status: 400}:      1,
		{Operation: routes.Socket, Status: 426}:      1,
		{Operation: routes.Socket, Status: 101}:      1,
		{Status: 404}:                                1,
		{Status: 405}:                                1,
		{Status: 421}:                                1,
	}
	if got.Sockets != 0 || !maps.Equal(got.Requests, want) {
		t.Errorf("%d WebSockets, %v\nwant %v", got.Sockets, got.Requests, want)
	}
}

// A body that is too long still ends the connection: nothing that counts may stand between net/http and who limits it.
func TestABodyThatIsTooLongEndsTheConnection(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann := h.tokenOf("ann", parley.RoleMember)
	transport := &http.Transport{} // which would go on with the connection
	defer transport.CloseIdleConnections()
	text := `{"text":"` + strings.Repeat("x", 256<<10) + `"}` // little more than may be
	r, err := http.NewRequest("POST", "http://"+h.at+"/v1/rooms/lobby/messages", strings.NewReader(text))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+ann)
	response, err := (&http.Client{Transport: transport}).Do(r)
	must(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge || !response.Close {
		t.Errorf("%s, and the connection ends: %v", response.Status, response.Close)
	}
}
