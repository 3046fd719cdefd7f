package wire

import (
	"testing"

	"parley"
)

func TestPlaces(t *testing.T) {
	conversation := parley.DirectRoom("a-1", "g-2")
	for _, c := range []struct {
		place        Place
		room         parley.RoomName
		conversation parley.RoomID
		person       string
	}{
		{place: "lobby", room: "lobby"},
		{place: "d-day", room: "d-day"},
		{place: Place(conversation), conversation: conversation},
		{place: "@Ümit", person: "Ümit"},
	} {
		if err := c.place.check(); err != nil {
			t.Errorf("%s: %v", c.place, err)
		}
		if room, ok := c.place.Room(); ok != (c.room != "") || ok && room != c.room {
			t.Errorf("%s is the room %q", c.place, room)
		}
		if id, ok := c.place.Conversation(); ok != (c.conversation != "") || ok && id != c.conversation {
			t.Errorf("%s is the conversation %q", c.place, id)
		}
		if name, ok := c.place.Person(); ok != (c.person != "") || ok && name != c.person {
			t.Errorf("%s is the conversation with %q", c.place, name)
		}
	}
	for _, bad := range []Place{"", "@", "Lobby", "a b", "d-a+", "d-+b", "r-1+2"} {
		if err := bad.check(); err == nil {
			t.Errorf("%q is a place", bad)
		}
	}
}

// What the server writes for a room it understands as that room.
func TestPlacesAreReadAsTheyAreWritten(t *testing.T) {
	if name, ok := PlaceOf(&parley.Room{ID: "r-1", Name: "lobby", Kind: parley.RoomPrivate}).Room(); !ok || name != "lobby" {
		t.Errorf("%q", name)
	}
	direct := parley.Room{ID: parley.DirectRoom(parley.NewGuestID(), parley.NewAccountID()), Kind: parley.RoomDirect}
	if id, ok := PlaceOf(&direct).Conversation(); !ok || id != direct.ID {
		t.Errorf("%q", id)
	}
}
