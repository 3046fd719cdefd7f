package web_test

import (
	"context"
	"strings"
	"testing"

	"parley"
	"parley/accounts"
	"parley/web"
)

// forgetful is a state that does not know what anybody has read.
type forgetful struct{ web.State }

func (forgetful) Unread(context.Context, parley.SenderID, parley.RoomID) (parley.Unread, error) {
	return parley.Unread{}, parley.Errorf(parley.CodeStore, "the disk is full of holes")
}

// Somebody whose joining fails half-way is in the room for the hub, which holds back what happens until they have been given the
// past. They would be connected and hear nothing ever after, so they are let go, and come back.
func TestWhoCannotBeBroughtUpToDateIsLetGo(t *testing.T) {
	h := newHouse(t, accounts.Open, func(c *web.Config) { c.State = forgetful{c.State} })
	p := h.enter(`"name":"ann","rooms":[{"room":"lobby","after":0}]`)
	p.expect(`"type":"welcome"`)
	if bye := p.gone(); !strings.Contains(bye, `"type":"bye"`) || !strings.Contains(bye, `"retry":true`) {
		t.Errorf("the last was %s", bye)
	}
}
