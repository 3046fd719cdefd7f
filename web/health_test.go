package web_test

import (
	"sync/atomic"
	"testing"

	"parley"
	"parley/accounts"
	"parley/web"
)

// patient is a state that cannot be written while it is ill.
type patient struct {
	web.State
	ill atomic.Pointer[parley.Error]
}

func (p *patient) Ready() error {
	if err := p.ill.Load(); err != nil {
		return err
	}
	return p.State.Ready()
}

// While nothing can be stored, whoever shares the work out over several servers, or starts one anew, is told so by one
// status, whatever is the matter.
func TestAServerThatCannotStoreIsNotReady(t *testing.T) {
	state := &patient{}
	h := newHouse(t, accounts.Open, func(c *web.Config) { state.State, c.State = c.State, state })
	h.ask("GET", "/readyz", "", "").want(t, 200, `"status":"ok"`)
	for code, sentence := range map[parley.Code]string{parley.CodeStore: "it failed", parley.CodeDiskFull: "it is full"} {
		state.ill.Store(parley.Errorf(code, "%s", sentence))
		a := h.ask("GET", "/readyz", "", "").want(t, 503, `"code":"`+string(code)+`"`, `"detail":"`+sentence+`"`)
		if a.Header.Get("Retry-After") == "" {
			t.Error("nobody says when to ask again")
		}
		h.ask("GET", "/healthz", "", "").want(t, 200)
	}
	state.ill.Store(nil)
	h.ask("GET", "/readyz", "", "").want(t, 200)
}

func TestAServerThatStopsIsNotReady(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.hub.Stop()
	h.ask("GET", "/readyz", "", "").want(t, 503, `"code":"shutting-down"`)
	h.ask("GET", "/healthz", "", "").want(t, 200)
}
