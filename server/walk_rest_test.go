package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
)

// walkListeners are one of every kind. Those whose people are in one room have one of their own.
var walkListeners = []string{
	"http://127.0.0.1:0?flood=off", "plain://127.0.0.1:0?room=plain-room&flood=off", "roster://127.0.0.1:0?room=roster-room&flood=off",
	"plain+udp://127.0.0.1:0?room=udp-room&flood=off",
}

// restDoor is the REST interface.
func restDoor(w *walk) door {
	return door{name: "REST", actions: map[parley.Verb][]action{
		parley.VerbEnter: {
			w.rest("GET", "", ""), w.rest("GET", "/messages", ""), w.rest("GET", "/messages?order=newest&limit=2", ""),
			w.rest("GET", "/messages/2", ""), w.rest("GET", "/events?after=0", ""), w.rest("GET", "/members", ""),
			w.rest("GET", "/files/notes.txt", ""), w.rest("GET", "/messages/4/preview", ""),
		},
		parley.VerbPost: {
			w.rest("POST", "/messages", `{"text":"hello"}`), w.rest("POST", "/messages", `{"text":"so","reply":2}`),
			w.rest("POST", "/files/new.txt", "content"), w.rest("POST", "/uploads", ""),
		},
		parley.VerbReact:     {w.rest("PUT", "/messages/2/reactions/yes", ""), w.rest("PUT", "/read", `{"number":2}`)},
		parley.VerbEditOwn:   {w.rest("PATCH", "/messages/1", `{"text":"edited"}`)},
		parley.VerbDeleteOwn: {w.rest("DELETE", "/messages/1", "")},
		parley.VerbDeleteAny: {w.rest("DELETE", "/messages/2", "")},
		parley.VerbRevisions: {w.rest("GET", "/messages/2/revisions", "")},
		parley.VerbInvite:    {w.rest("POST", "/members", `{"name":"ivy"}`)},
		parley.VerbKick:      {w.rest("PATCH", "/members/vera", `{"banned":true}`), w.rest("DELETE", "/members/vera", "")},
		parley.VerbAppoint:   {w.rest("PATCH", "/members/vera", `{"role":"moderator"}`)},
		parley.VerbSet:       {w.rest("PATCH", "", `{"topic":"new"}`), w.rest("PATCH", "", `{"kind":"announce","topic":"x"}`)},
	}}
}

// rest is a request about a place. Numbers of messages are those of a place that has only the four.
func (w *walk) rest(method, path, body string) action {
	return action{
		name: method + " …" + path, changes: method != "GET",
		try: func(who *walker, place string) parley.Code {
			a := w.ask(who.token, method, "/v1/rooms/"+url.PathEscape(place)+w.renumber(place, path), w.renumberBody(place, body))
			code := a.code(w.t)
			if code != "" && strings.Contains(a.text, "vera") {
				w.t.Errorf("%s %s of %s is refused, and tells: %s", method, path, place, a.text)
			}
			return code
		},
	}
}

// renumber has the numbers in a path count from what was said last in a conversation, which many share.
func (w *walk) renumber(place, path string) string {
	base := w.base(place)
	return strings.NewReplacer("/messages/1", fmt.Sprint("/messages/", base+1), "/messages/2", fmt.Sprint("/messages/", base+2),
		"/messages/4", fmt.Sprint("/messages/", base+4)).Replace(path)
}

func (w *walk) renumberBody(place, body string) string {
	base := w.base(place)
	return strings.NewReplacer(`":2}`, fmt.Sprintf(`":%d}`, base+2), `":1}`, fmt.Sprintf(`":%d}`, base+1)).Replace(body)
}

// base is the number before the four messages of a place.
func (w *walk) base(place string) parley.Seq {
	if _, _, pair := parley.RoomID(place).Pair(); !pair {
		return 0
	}
	room, err := w.server.store.RoomByID(w.t.Context(), parley.RoomID(place))
	if err != nil {
		return 0
	}
	return room.Last - 4
}

// answer is what came of a request.
type answer struct {
	*http.Response
	text string
}

// ask sends a request with a token, "" for none, and a body, "" for none.
func (w *walk) ask(token, method, path, body string) answer {
	w.t.Helper()
	var headers []string
	if strings.HasPrefix(body, "{") {
		headers = append(headers, "Content-Type: application/json")
	}
	if strings.HasSuffix(path, "/uploads") { // of an empty file, which is whole at once
		headers = append(headers, "Tus-Resumable: 1.0.0", "Upload-Length: 0", "Upload-Metadata: filename bmV3LnR4dA==")
	}
	a, err := w.send(token, method, path, body, headers...)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// send sends a request with headers of its own, given as "Name: value". The error is that the answer broke off.
func (w *walk) send(token, method, path, body string, headers ...string) (answer, error) {
	w.t.Helper()
	r, err := http.NewRequest(method, "http://"+w.server.listeners[0].address().String()+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response, string(text)}, err
}

// code is by which code the request was refused, "" for not at all.
func (a answer) code(t *testing.T) parley.Code {
	t.Helper()
	if a.StatusCode < 300 {
		return ""
	}
	return parley.Code(textField(t, a.text, "code"))
}

// must holds the answer to a status.
func (a answer) must(t *testing.T, status int) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s: %s %s", a.Request.Method, a.Request.URL.Path, a.Status, a.text)
	}
}

// textField gives a text in a JSON object, by the way to it.
func textField(t *testing.T, text string, way ...string) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatalf("no JSON: %v: %s", err, text)
	}
	for _, step := range way[:len(way)-1] {
		object, _ = object[step].(map[string]any)
	}
	value, ok := object[way[len(way)-1]].(string)
	if !ok {
		t.Fatalf("no %q in %s", way, text)
	}
	return value
}

// keepFile sends a file to the lobby, whose content is there from then on.
func (w *walk) keepFile(name, content string) parley.File {
	w.t.Helper()
	w.ask(w.vera.token, "POST", "/v1/rooms/lobby/files/"+name, content).must(w.t, 201)
	room, err := w.server.store.Room(w.t.Context(), parley.Lobby)
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := w.server.store.Message(w.t.Context(), room.ID, room.Last)
	if err != nil || m.File == nil {
		w.t.Fatalf("the file: %+v %v", m, err)
	}
	return *m.File
}
