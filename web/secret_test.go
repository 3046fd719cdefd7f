package web_test

import (
	"testing"

	"parley"
	"parley/accounts"
)

// A text of spaces, sent to a private room, was refused for its spaces; sent to no room at all, because there is none. Leaving a
// room that one never joined was acknowledged. Either told strangers which private rooms there are.
func TestWhatMakesNoSenseDoesNotTellOfAPrivateRoom(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.room("den", parley.RoomPrivate)
	token := h.token("eve", "")
	eve := h.guest("eve-2")
	for _, room := range []string{"den", "nil"} {
		h.ask("POST", "/v1/rooms/"+room+"/messages", token, `{"text":"  "}`).want(t, 404, "there is no room "+room)
		h.ask("PATCH", "/v1/rooms/"+room+"/messages/x", token, `{"text":"x"}`).want(t, 404, "there is no room "+room)
		eve.post("m-"+room, room, "  ")
		eve.expect(`"code":"no-such-room"`, "there is no room "+room)
		eve.say(`{"type":"leave","id":"l-` + room + `","room":"` + room + `"}`)
		eve.expect(`"code":"no-such-room"`, "there is no room "+room)
	}
}
