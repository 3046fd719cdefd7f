package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley"
)

// TestWhatSomebodyIsNotToKnowOfCannotBeToldFromNothing asks for everything that there is to ask, sensible and not,
// about a private room and a conversation of others, and about ones that never were: every answer is the same.
func TestWhatSomebodyIsNotToKnowOfCannotBeToldFromNothing(t *testing.T) {
	w := newWalk(t)
	private := w.place(parley.RoomPrivate, parley.Standing{Role: parley.RoleMember, InRoom: parley.RoleMember})
	talk := w.conversation(w.ivy, w.vera, w.vera)
	stranger := parley.Sender{ID: parley.NewAccountID()}
	pairs := map[string]string{
		private.name: "room-nil99",
		talk.name:    string(parley.DirectRoom(w.vera.ID, stranger.ID)),
	}
	for _, role := range []parley.Role{parley.RoleGuest, parley.RoleMember, parley.RoleModerator} {
		who := w.walker("s-"+string(role), role)
		w.mention(private.room, who)
		for there, nowhere := range pairs {
			w.compareREST(t, who, there, nowhere)
			w.compareSocket(t, who, there, nowhere)
		}
		w.absent(t, who, private)
	}
	owner := w.walker("s-owner", parley.RoleOwner) // knows all rooms, and of no conversation
	w.compareREST(t, owner, talk.name, pairs[talk.name])
	w.compareSocket(t, owner, talk.name, pairs[talk.name])
}

// mention has vera name somebody in a room.
func (w *walk) mention(room parley.RoomID, who *walker) {
	w.t.Helper()
	head := w.entry(room, w.vera.Sender)
	w.do(parley.MessagePosted{
		Message:  parley.Message{Room: room, ID: head.ID, By: head.By, At: head.At, Text: "@" + who.Name},
		Mentions: []parley.NameKey{parley.Name(who.Name).Key()},
	})
}

// probes are requests about a room; among them such as make no sense, which must not be found out before the room is.
var probes = []request{
	{"GET", "", ""}, {"HEAD", "", ""}, {"OPTIONS", "", ""}, {"TRACE", "", ""}, {"DELETE", "", ""},
	{"PATCH", "", `{"topic":"x"}`}, {"PATCH", "", `{"topic":"two\nlines"}`}, {"PATCH", "", `{"kind":"public"}`},
	{"GET", "/messages", ""}, {"GET", "/messages?limit=0", ""}, {"GET", "/messages?order=up", ""}, {"GET", "/messages?after=x", ""},
	{"GET", "/messages/1", ""}, {"GET", "/messages/x", ""}, {"GET", "/messages/999", ""}, {"GET", "/messages/2/revisions", ""},
	{"GET", "/events", ""}, {"GET", "/events?after=-1", ""},
	{"POST", "/messages", `{"text":"hello"}`}, {"POST", "/messages", `{"text":"  "}`}, {"POST", "/messages", `{"text":"x","reply":99}`},
	{"POST", "/messages", `{"id":"used","text":"again"}`}, {"POST", "/messages", `{"text":""}`}, {"POST", "/messages", `{`},
	{"POST", "/messages", `{"text":"` + strings.Repeat("x", parley.MaxText+1) + `"}`},
	{"PATCH", "/messages/1", `{"text":"x"}`}, {"PATCH", "/messages/1", `{"text":" "}`}, {"PATCH", "/messages/x", `{"text":"x"}`},
	{"DELETE", "/messages/1", ""}, {"DELETE", "/messages/99", ""}, {"DELETE", "/messages/1?id=used", ""},
	{"PUT", "/messages/1/reactions/yes", ""}, {"PUT", "/messages/1/reactions/" + strings.Repeat("y", 99), ""},
	{"DELETE", "/messages/1/reactions/yes", ""}, {"DELETE", "/messages/99/reactions/%20", ""},
	{"PUT", "/read", `{"number":1}`}, {"PUT", "/read", `{"number":999}`}, {"PUT", "/read", `{"number":0}`},
	{"GET", "/members", ""}, {"POST", "/members", `{"name":"vera"}`}, {"POST", "/members", `{"name":"nobody"}`},
	{"PATCH", "/members/vera", `{"banned":true}`}, {"PATCH", "/members/nobody", `{"role":"owner"}`},
	{"DELETE", "/members/vera", ""}, {"DELETE", "/members/me", ""},
	{"GET", "/files/notes.txt", ""}, {"GET", "/files/none.txt", ""}, {"HEAD", "/files/notes.txt", ""},
	{"GET", "/messages/4/preview", ""}, {"HEAD", "/messages/4/preview", ""}, {"GET", "/messages/x/preview", ""},
	{"POST", "/uploads", ""}, {"POST", "/files/notes.txt", "content"}, {"POST", "/files/..", "content"},
}

// compareREST asks about a room that is there, and about one that is not.
func (w *walk) compareREST(t *testing.T, who *walker, there, nowhere string) {
	t.Helper()
	w.ask(who.token, "POST", "/v1/rooms/lobby/messages", `{"id":"used","text":"hello"}`).must(t, 201)
	for _, p := range probes {
		about := func(place string) string {
			a := w.ask(who.token, p.method, "/v1/rooms/"+place+p.path, p.body)
			return strings.ReplaceAll(showAnswer(a), place, "ROOM")
		}
		if a, b := about(there), about(nowhere); a != b || strings.HasPrefix(a, "2") && p.method != "OPTIONS" {
			t.Errorf("%s %s %.40s as %s:\n there: %s\nnowhere: %s", p.method, p.path, p.body, who.role, a, b)
		}
	}
	// Tags of files that one has seen elsewhere tell nothing either.
	tagged := func(place, path, tag string) string {
		r, _ := http.NewRequest("GET", "http://"+w.server.listeners[0].address().String()+"/v1/rooms/"+place+path, nil)
		r.Header.Set("Authorization", "Bearer "+who.token)
		r.Header.Set("If-None-Match", tag)
		r.Header.Set("If-Match", "*")
		response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return showAnswer(answer{response, ""})
	}
	for path, tag := range map[string]string{
		"/files/notes.txt": `"` + w.file.Digest.String() + `"`, "/messages/4/preview": previewTag(w.file),
	} {
		if a, b := tagged(there, path, tag), tagged(nowhere, path, tag); a != b || !strings.HasPrefix(a, "404") {
			t.Errorf("%s with a tag: %s and %s", path, a, b)
		}
	}
}

// showAnswer is all of an answer but the time, and how long it is, which goes by the room's name.
func showAnswer(a answer) string {
	header := a.Header.Clone()
	header.Del("Date")
	header.Del("Content-Length")
	return fmt.Sprintln(a.Status, header, a.text)
}

// messages of a client about a room.
var socketProbes = []string{
	`{"type":"join","id":ID,"room":ROOM}`, `{"type":"join","id":ID,"room":ROOM,"after":0}`,
	`{"type":"join","id":ID,"room":ROOM,"after":99999}`, `{"type":"leave","id":ID,"room":ROOM}`,
	`{"type":"post","id":ID,"room":ROOM,"text":"hello"}`, `{"type":"post","id":ID,"room":ROOM,"text":"  "}`,
	`{"type":"post","id":ID,"room":ROOM,"text":"x","reply":99}`, `{"type":"post","id":ID,"room":ROOM,"text":"@vera"}`,
	`{"type":"edit","id":ID,"room":ROOM,"target":1,"text":"x"}`, `{"type":"edit","id":ID,"room":ROOM,"target":1,"text":" "}`,
	`{"type":"delete","id":ID,"room":ROOM,"target":1}`, `{"type":"delete","id":ID,"room":ROOM,"target":99}`,
	`{"type":"react","id":ID,"room":ROOM,"target":1,"emoji":"yes"}`, `{"type":"react","id":ID,"room":ROOM,"target":1,"emoji":"no no"}`,
	`{"type":"typing","id":ID,"room":ROOM}`, `{"type":"read","id":ID,"room":ROOM,"number":1}`,
	`{"type":"read","id":ID,"room":ROOM,"number":999}`,
}

// compareSocket says the same of both on a WebSocket, and in a hello.
func (w *walk) compareSocket(t *testing.T, who *walker, there, nowhere string) {
	t.Helper()
	line := w.dialSocket(who.token)
	about := func(message, place string) string {
		text := line.answer(message, place)
		return strings.ReplaceAll(strings.ReplaceAll(text, textField(t, text, "id"), "ID"), place, "ROOM")
	}
	for _, message := range socketProbes {
		if a, b := about(message, there), about(message, nowhere); a != b || !strings.Contains(a, `"type":"error"`) {
			t.Errorf("%s as %s:\n there: %s\nnowhere: %s", message, who.role, a, b)
		}
	}
	hello := func(place string) string {
		line := w.dialSocketWith(fmt.Sprintf(`{"type":"hello","token":%q,"rooms":[{"room":%q,"after":0}]}`, who.token, place))
		return strings.ReplaceAll(line.until("no room"), place, "ROOM")
	}
	if a, b := hello(there), hello(nowhere); a != b {
		t.Errorf("in a hello: %s and %s", a, b)
	}
}

// absent checks that a private room is in no list of somebody's, and that nothing is counted for them there.
func (w *walk) absent(t *testing.T, who *walker, private place) {
	t.Helper()
	var rooms struct {
		Items []struct{ Name string }
	}
	a := w.ask(who.token, "GET", "/v1/rooms", "")
	if err := json.Unmarshal([]byte(a.text), &rooms); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(rooms.Items, func(r struct{ Name string }) bool { return r.Name == private.name }) {
		t.Errorf("%s is in the list of %s", private.name, who.role)
	}
	for _, path := range []string{"/v1/rooms", "/v1/direct", "/v1/me", "/v1/sessions", "/v1/connections", "/v1/rooms/lobby",
		"/v1/rooms/lobby/members", "/v1/rooms/lobby/files/" + private.name} {
		if a := w.ask(who.token, "GET", path, ""); strings.Contains(a.text, string(private.room)) ||
			strings.Contains(a.text, `"mentions":1`) || strings.Contains(a.text, "said by vera") {
			t.Errorf("%s tells %s: %s", path, who.role, a.text)
		}
	}
}
