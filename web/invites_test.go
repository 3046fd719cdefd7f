package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/accounts"
	"parley/web"
)

// invite has an owner make an invite, and gives its code.
func (h *house) invite(owner, body string) string {
	h.t.Helper()
	link := field(h.t, h.ask("POST", "/v1/invites", owner, body).want(h.t, 201).text, "link")
	base, code, ok := strings.Cut(link, "/invite/")
	if !ok || base != "http://"+h.at || !parley.InviteCode(code).Valid() {
		h.t.Fatalf("the link is %s", link)
	}
	return code
}

// used gives the body of a request that shows an invite, under a use of its own.
func used(code string, use int, fields string) string {
	return fmt.Sprintf(`{"invite":%q,"use":"use-%020d"%s}`, code, use, comma(fields))
}

func TestAGuestComesInByAnInvite(t *testing.T) {
	h := newHouse(t, accounts.Invited)
	owner := h.tokenOf("olga", parley.RoleOwner)
	code := h.invite(owner, `{"kind":"guest","uses":2}`)
	h.ask("POST", "/v1/sessions", "", `{"name":"bob"}`).want(t, 401)
	h.ask("GET", "/v1/invites/by-code/"+code, "", "").want(t, 200, `"kind":"guest"`)
	first := h.ask("POST", "/v1/sessions", "", used(code, 1, `"name":"bob"`)).want(t, 201, `"name":"bob"`, `"role":"guest"`)
	again := h.ask("POST", "/v1/sessions", "", used(code, 1, `"name":"bob"`)).want(t, 201)
	if field(t, first.text, "id") == field(t, again.text, "id") {
		t.Error("a session is given twice")
	}
	token := field(t, again.text, "token")
	me := h.ask("GET", "/v1/me", token, "").want(t, 200, `"account":false`)
	if one := h.ask("GET", "/v1/me", field(t, first.text, "token"), "").text; field(t, one, "id") != field(t, me.text, "id") {
		t.Errorf("the same use is another guest: %s %s", one, me.text)
	}
	bob := h.enter(`"token":"` + token + `","rooms":[{"room":"lobby"}]`)
	bob.expect(`"type":"welcome"`)
	bob.expect(`"type":"joined"`)
	h.ask("POST", "/v1/rooms/lobby/messages", token, `{"text":"hello"}`).want(t, 201)
	bob.expect(`"type":"message"`, "hello")

	// A name that is somebody's at the moment uses nothing.
	h.ask("POST", "/v1/sessions", "", used(code, 2, `"name":"Bob"`)).want(t, 409)
	h.ask("POST", "/v1/sessions", "", used(code, 2, `"name":"olga"`)).want(t, 401, "password-needed")
	h.ask("POST", "/v1/sessions", "", used(code, 2, "")).want(t, 201, `"name":"guest-`)
	h.ask("POST", "/v1/sessions", "", used(code, 3, `"name":"carl"`)).want(t, 410, `"code":"expired"`, "used up")
	h.ask("GET", "/v1/invites/by-code/"+code, "", "").want(t, 410)
	h.ask("GET", "/v1/invites", owner, "").want(t, 200, `"uses":2,"used":2`)
}

func TestAGuestComesInByAnInviteOnTheSocket(t *testing.T) {
	h := newHouse(t, accounts.Registered)
	code := h.invite(h.tokenOf("olga", parley.RoleOwner), `{"kind":"guest","uses":1}`)
	p := h.enter(`"name":"bob","invite":"` + code + `","use":"0123456789abcdef"`)
	welcome := p.expect(`"type":"welcome"`, `"name":"bob"`, `"token":"p-`)
	h.ask("GET", "/v1/me", field(t, welcome, "token"), "").want(t, 200, `"name":"bob"`)
	other := h.enter(`"name":"carl","invite":"` + code + `"`)
	other.expect(`"code":"expired"`)
	other.say(`{"type":"hello","name":"bob","invite":"` + code + `","use":"0123456789abcdef"}`) // the answer was lost
	other.expect(`"type":"welcome"`, field(t, welcome, "id"))
	for _, hello := range []string{
		`"invite":"x","token":"p-1"`, `"invite":"x","name":"bob","password":"secret"`, `"use":"0123456789abcdef"`,
		`"invite":"` + code + `","use":"short"`,
	} {
		p := h.connect()
		p.say(`{"type":"hello",` + hello + `}`)
		p.expect(`"code":"invalid"`)
	}
}

func TestAnAccountIsMadeByAnInvite(t *testing.T) {
	h := newHouse(t, accounts.Invited)
	owner := h.tokenOf("olga", parley.RoleOwner)
	code := h.invite(owner, `{"kind":"account"}`)
	h.ask("POST", "/v1/accounts", "", `{"name":"ann","password":"secret"}`).want(t, 403)
	h.ask("POST", "/v1/accounts", "", used(code, 1, `"name":"ann","password":"secret","role":"owner"`)).want(t, 403)
	h.ask("POST", "/v1/accounts", "", used(code, 1, `"name":"olga","password":"secret"`)).want(t, 409)
	h.ask("POST", "/v1/accounts", "", used(code, 1, `"name":"ann","password":"x"`)).want(t, 400)
	h.ask("POST", "/v1/sessions", "", used(code, 1, `"name":"ann"`)).want(t, 403)
	made := h.ask("POST", "/v1/accounts", "", used(code, 1, `"name":"ann","password":"secret"`)).want(t, 201, `"role":"member"`)
	again := h.ask("POST", "/v1/accounts", "", used(code, 1, `"name":"ann","password":"secret"`)).want(t, 201)
	if made.text != again.text {
		t.Errorf("%s, and again %s", made.text, again.text)
	}
	h.ask("POST", "/v1/accounts", "", used(code, 2, `"name":"ben","password":"secret"`)).want(t, 410)
	h.token("ann", "secret")
}

// Thirty want the last place of ten at the same moment.
func TestAnInviteIsNotUsedTooOften(t *testing.T) {
	h := newHouse(t, accounts.Registered)
	code := h.invite(h.tokenOf("olga", parley.RoleOwner), `{"kind":"guest","uses":10}`)
	var all sync.WaitGroup
	var mu sync.Mutex
	count := make(map[int]int)
	for i := range 30 {
		all.Go(func() {
			a := h.ask("POST", "/v1/sessions", "", used(code, i, ""))
			mu.Lock()
			defer mu.Unlock()
			count[a.StatusCode]++
		})
	}
	all.Wait()
	if count[201] != 10 || count[410] != 20 {
		t.Errorf("the answers were %v", count)
	}
}

func TestRevokedInvites(t *testing.T) {
	h := newHouse(t, accounts.Registered)
	owner := h.tokenOf("olga", parley.RoleOwner)
	code := h.invite(owner, `{"kind":"guest"}`)
	token := field(t, h.ask("POST", "/v1/sessions", "", used(code, 1, "")).want(t, 201).text, "token")
	list := h.ask("GET", "/v1/invites", owner, "").want(t, 200, `"used":1`, `"name":"olga"`)
	if strings.Contains(list.text, code) || strings.Contains(list.text, "link") {
		t.Errorf("the list tells the secret: %s", list.text)
	}
	id := field(t, list.text, "id")
	h.ask("DELETE", "/v1/invites/"+id, owner, "").want(t, 204)
	h.ask("DELETE", "/v1/invites/"+id, owner, "").want(t, 204)
	h.ask("DELETE", "/v1/invites/i-nothing", owner, "").want(t, 404, `"code":"no-such-invite"`)
	h.ask("POST", "/v1/sessions", "", used(code, 2, "")).want(t, 410, "revoked")
	h.ask("POST", "/v1/sessions", "", used(code, 1, "")).want(t, 410)
	h.ask("GET", "/v1/me", token, "").want(t, 200) // who is in stays
}

func TestInvitesThatMakeNoSense(t *testing.T) {
	h := newHouse(t, accounts.Registered)
	owner := h.tokenOf("olga", parley.RoleOwner)
	for _, body := range []string{
		`{}`, `{"kind":"owner"}`, `{"kind":"guest","uses":-1}`, `{"kind":"guest","uses":10001}`, `{"kind":"guest","lasts":1}`,
		`{"kind":"guest","lasts":9007199254740991}`, `{"kind":"guest","lasts":-5}`, `{"kind":"guest","uses":1e99}`,
		`{"kind":"guest","code":"x"}`, `[]`,
	} {
		h.ask("POST", "/v1/invites", owner, body).want(t, 400, `"code":"invalid"`)
	}
	h.ask("GET", "/v1/invites", owner, "").want(t, 200, `{"items":[]}`)
	h.ask("POST", "/v1/sessions", "", `{"use":"0123456789abcdef"}`).want(t, 400)
	h.ask("POST", "/v1/sessions", "", `{"name":"a","password":"b","invite":"x"}`).want(t, 400)
}

// A person who opens the link in a browser reads what to do; one who has no invite learns nothing.
func TestTheLinkInABrowser(t *testing.T) {
	h := newHouse(t, accounts.Registered)
	owner := h.tokenOf("olga", parley.RoleOwner)
	code := h.invite(owner, `{"kind":"account"}`)
	a := h.ask("GET", "/invite/"+code, "", "").want(t, 200, "parley join http://"+h.at+"/invite/"+code, "account")
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	h.ask("GET", "/v1/invites", owner, "").want(t, 200, `"used":0`)
	h.ask("POST", "/invite/"+code, "", "").want(t, 405)
	h.ask("GET", "/invite/", "", "").want(t, 404)
	h.ask("GET", "/invite/"+code, "", "", func(r *http.Request) { r.Host = "evil.example" }).want(t, 421)
	h.ask("GET", "/invite/%3Cscript%3E", "", "").want(t, 404, "This does not work: there is no such invite.")
	for range 10 {
		a = h.ask("GET", "/invite/"+strings.Repeat("A", 26), "", "")
	}
	a.want(t, 429)
	if a.Header.Get("Retry-After") == "" || strings.Contains(a.text, "AAAA") {
		t.Errorf("%v %s", a.Header, a.text)
	}
	h.ask("GET", "/v1/invites/by-code/"+strings.Repeat("B", 26), "", "").want(t, 429)
	h.ask("GET", "/invite/"+code, "", "").want(t, 200) // the right one works all the same
}

// The link is for others: where the owner is at the machine itself, it has the address that the server knows.
func TestTheLinkIsOneThatOthersReach(t *testing.T) {
	var reached atomic.Value
	reached.Store("http://192.0.2.7:7275")
	h := newHouse(t, accounts.Registered, func(c *web.Config) {
		c.Reached = func() string { return reached.Load().(string) }
		c.PublicNames = []string{"chat.example"}
	})
	owner := h.tokenOf("olga", parley.RoleOwner)
	h.ask("POST", "/v1/invites", owner, `{"kind":"guest"}`).want(t, 201, `"link":"http://192.0.2.7:7275/invite/`)
	h.ask("POST", "/v1/invites", owner, `{"kind":"guest"}`, func(r *http.Request) { r.Host = "chat.example" }).
		want(t, 201, `"link":"http://chat.example/invite/`)
	reached.Store("")
	h.ask("POST", "/v1/invites", owner, `{"kind":"guest"}`).want(t, 201, `"local":true`)
}
