package server

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
)

// TestEveryDoorKeepsTheTableOfRights walks all cells of the table in docs/rights.md on every door that has the verb:
// what is allowed works, and what is not is refused by the right code and changes nothing.
func TestEveryDoorKeepsTheTableOfRights(t *testing.T) {
	w := newWalk(t)
	doors := []door{restDoor(w), socketDoor(w)}
	for _, d := range doors {
		t.Run(d.name, func(t *testing.T) {
			for _, verb := range parley.RoomVerbs() {
				w.walkVerb(t, d, verb)
			}
		})
	}
}

// door is one way in, and what can be done through it.
type door struct {
	name    string
	actions map[parley.Verb][]action
	lacks   map[parley.Verb]string // why there is nothing to do for a verb
}

// action is one thing that a person can try in a place, and the code by which that is refused, "" for done.
type action struct {
	name    string
	changes bool // the state is another afterwards
	try     func(who *walker, place string) parley.Code
}

// walkVerb tries whatever a door has for a verb, in rooms of every kind, as everybody that there can be.
func (w *walk) walkVerb(t *testing.T, d door, verb parley.Verb) {
	t.Helper()
	if reason, none := d.lacks[verb]; none != (len(d.actions[verb]) == 0) || none && reason == "" {
		t.Fatalf("%s: is there something for %s or not?", d.name, verb)
	}
	cells := w.inRoom[string(verb)]
	for _, a := range d.actions[verb] {
		for i, kind := range []parley.RoomKind{parley.RoomPublic, parley.RoomPrivate, parley.RoomAnnounce} {
			for _, s := range standings() {
				w.tryCell(t, d, a, w.place(kind, s), want(t, cells[1+i], s, kind))
			}
		}
		for _, role := range parley.Roles() {
			w.tryCell(t, d, a, w.conversation(w.by(role), w.vera, w.by(role)), wantOfTwo(t, cells[4]))
			w.tryCell(t, d, a, w.conversation(w.ivy, w.vera, w.by(role)), parley.CodeNoSuchRoom)
		}
	}
}

// tryCell tries one thing in one place.
func (w *walk) tryCell(t *testing.T, d door, a action, p place, want parley.Code) {
	t.Helper()
	before := w.state(p)
	got := a.try(p.who, p.name)
	after := w.state(p)
	switch {
	case got != want:
		t.Errorf("%s: %s by %s: %q, want %q", d.name, a.name, p.what, got, want)
	case want != "" && after != before:
		t.Errorf("%s: %s by %s was refused, and yet:\n%s\n%s", d.name, a.name, p.what, before, after)
	case want == "" && a.changes && after == before:
		t.Errorf("%s: %s by %s changed nothing", d.name, a.name, p.what)
	}
}

// standings are all that somebody can be to a room.
func standings() (all []parley.Standing) {
	for _, role := range parley.Roles() {
		for _, inRoom := range []parley.Role{"", parley.RoleMember, parley.RoleModerator, parley.RoleOwner} {
			all = append(all, parley.Standing{Role: role, InRoom: inRoom})
		}
		all = append(all, parley.Standing{Role: role, Banned: true},
			parley.Standing{Role: role, InRoom: parley.RoleModerator, Banned: true})
	}
	return all
}

// want reads a cell of the table, and the rules below it: the code by which somebody is refused.
func want(t *testing.T, cell string, s parley.Standing, kind parley.RoomKind) parley.Code {
	t.Helper()
	rank := s.Role
	if s.InRoom.AtLeast(rank) {
		rank = s.InRoom
	}
	least := parley.RoleGuest // of those who were invited
	if cell != "invited" && cell != "nobody" {
		var err error
		if least, err = parley.ParseRole(cell); err != nil {
			t.Fatalf("the table says %q", cell)
		}
	}
	switch {
	case kind == parley.RoomPrivate && s.InRoom == "" && s.Role != parley.RoleOwner:
		return parley.CodeNoSuchRoom
	case s.Banned && s.Role != parley.RoleOwner:
		return parley.CodeBanned
	case cell == "nobody" || !rank.AtLeast(least):
		return parley.CodeForbidden
	}
	return ""
}

// wantOfTwo reads the cell of a conversation, for one of its two people.
func wantOfTwo(t *testing.T, cell string) parley.Code {
	t.Helper()
	switch cell {
	case "the two":
		return ""
	case "nobody":
		return parley.CodeForbidden
	}
	t.Fatalf("the table says %q", cell)
	return ""
}

// rights reads a table of docs/rights.md: its cells by the verb.
func rights(t *testing.T, heading string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../docs/rights.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	table := make(map[string][]string)
	for line := range strings.Lines(section) {
		if cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|"); strings.HasPrefix(line, "| `") {
			for i := range cells {
				cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
			}
			table[cells[0]] = cells[1:]
		}
	}
	if len(table) == 0 {
		t.Fatalf("docs/rights.md has no table under %q", heading)
	}
	return table
}

// walk is a server with every door, and people of every role.
type walk struct {
	t        *testing.T
	server   *Server
	inRoom   map[string][]string
	onServer map[string][]string
	people   map[parley.Role]*walker
	vera     *walker     // a member, to whom things are done
	ivy      *walker     // a member, who has nothing to do with anything
	file     parley.File // whose content is there
	made     int
}

// walker is somebody with a token.
type walker struct {
	parley.Sender
	role     parley.Role
	password string // "" for a guest
	token    string
}

// place is a room, or a conversation, in which somebody tries something.
type place struct {
	room parley.RoomID
	name string // as the web names it
	who  *walker
	what string // for people
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	return newWalkAt(t, nil)
}

// newWalkAt makes a walk in which now tells the time.
func newWalkAt(t *testing.T, now func() time.Time) *walk {
	t.Helper()
	env := quiet()
	env.Now = now
	s, stop := runIn(t, Config{Listen: walkListeners, Data: Volatile}, env)
	t.Cleanup(stop)
	w := &walk{
		t: t, server: s, people: make(map[parley.Role]*walker),
		inRoom: rights(t, "In a room"), onServer: rights(t, "On the server"),
	}
	for _, role := range parley.Roles() {
		w.people[role] = w.walker("p-"+string(role), role)
	}
	w.vera, w.ivy = w.walker("vera", parley.RoleMember), w.walker("ivy", parley.RoleMember)
	w.file = w.keepFile("notes.txt", drawing(t, 4, 2)) // a picture by its content, which nobody else may see
	return w
}

func (w *walk) by(role parley.Role) *walker { return w.people[role] }

// walker makes somebody: an account of that role, or a guest who keeps their id.
func (w *walk) walker(name string, role parley.Role) *walker {
	w.t.Helper()
	ctx, desk := context.Background(), w.server.accounts
	p := &walker{role: role}
	who := parley.Identity{Name: parley.Name(name), Role: role}
	if role != parley.RoleGuest {
		p.password = name + " knows this"
		account, err := desk.Add(ctx, name, p.password, role)
		if err != nil {
			w.t.Fatal(err)
		}
		who.ID = account.ID
	}
	token, login, _, err := desk.Open(ctx, who)
	if err != nil {
		w.t.Fatal(err)
	}
	p.token, p.Sender = string(token), login.Who
	return p
}

// do appends what w's author wants to be so.
func (w *walk) do(events ...parley.Event) {
	w.t.Helper()
	outcomes, err := w.server.store.Append(context.Background(), events...)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, o := range outcomes {
		if o.Err != nil {
			w.t.Fatalf("%+v: %v", events[i], o.Err)
		}
	}
}

// place makes a room of a kind, in which somebody is what s says and has said 1, and vera 2, which she edited, and sent
// 4.
func (w *walk) place(kind parley.RoomKind, s parley.Standing) place {
	w.t.Helper()
	w.made++
	who := w.by(s.Role)
	room := parley.Room{ID: parley.NewRoomID(), Name: parley.RoomName(fmt.Sprintf("room-%05d", w.made)), Kind: parley.RoomPublic}
	operator := parley.Sender{ID: parley.OperatorID, Name: string(parley.ServerName)}
	head := func() parley.Entry { return w.entry(room.ID, operator) }
	events := append([]parley.Event{parley.RoomOpened{Room: room, At: time.Now()}}, w.talk(room.ID, who)...)
	appoint := func(who *walker, role parley.Role) {
		if role != "" {
			events = append(events, parley.MemberChanged{Entry: head(), Who: who.Sender, Change: parley.MemberAppointed, Role: role})
		}
	}
	appoint(who, s.InRoom)
	if s.Banned {
		events = append(events, parley.MemberChanged{Entry: head(), Who: who.Sender, Change: parley.MemberBanned})
	}
	if kind == parley.RoomPrivate {
		appoint(w.vera, parley.RoleMember)
	}
	w.do(append(events, parley.RoomChanged{Entry: head(), Kind: kind})...)
	return place{room.ID, string(room.Name), who, fmt.Sprintf("%+v in a room that is %s", s, kind)}
}

// conversation makes one of two people, in which who tries something.
func (w *walk) conversation(a, b, who *walker) place {
	w.t.Helper()
	id := parley.DirectRoom(a.ID, b.ID)
	w.do(w.talk(id, a)...)
	return place{id, string(id), who, fmt.Sprintf("%s in the conversation of %s and %s", who.role, a.Name, b.Name)}
}

// talk is what is said in every place, first by who. Its messages are the last four of the place.
func (w *walk) talk(room parley.RoomID, who *walker) []parley.Event {
	last := parley.Seq(0)
	if r, err := w.server.store.RoomByID(context.Background(), room); err == nil {
		last = r.Last
	}
	say := func(by *walker, text string, file *parley.File) parley.Event {
		head := w.entry(room, by.Sender)
		return parley.MessagePosted{Message: parley.Message{Room: room, ID: head.ID, By: head.By, At: head.At, Text: text, File: file}}
	}
	return []parley.Event{
		say(who, "said by the one", nil), say(w.vera, "said by vera", nil),
		parley.MessageEdited{Entry: w.entry(room, w.vera.Sender), Target: last + 2, Text: "edited by vera"},
		say(w.vera, "", &w.file),
	}
}

func (w *walk) entry(room parley.RoomID, by parley.Sender) parley.Entry {
	now := time.Now()
	return parley.Entry{Room: room, ID: parley.NewMessageID(now), By: by, At: now}
}

// state is all that is kept of a place, and how far who has read it.
func (w *walk) state(p place) string {
	w.t.Helper()
	ctx, store := context.Background(), w.server.store
	room, err := store.RoomByID(ctx, p.room)
	members, err2 := store.Members(ctx, p.room)
	messages, err3 := store.Messages(ctx, p.room, parley.Page{Limit: 8, Newest: true})
	unread, err4 := store.Unread(ctx, p.who.ID, p.room)
	for _, err := range []error{err, err2, err3, err4} {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	text, err := json.Marshal([]any{room, members, messages, unread})
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// TestEveryDoorKeepsTheTableOfRightsOnTheServer walks the other table.
func TestEveryDoorKeepsTheTableOfRightsOnTheServer(t *testing.T) {
	w := newWalk(t)
	for verb, requests := range serverRequests {
		cells := w.onServer[string(verb)]
		if len(cells) != 2 {
			t.Fatalf("the table has %q for %s", cells, verb)
		}
		for _, role := range parley.Roles() {
			may := cells[1] != "nobody" && role.AtLeast(parley.Role(cells[1]))
			for _, r := range requests {
				victim := w.vera
				if w.made++; strings.Contains(r.path+r.body, "NAME") {
					victim = w.walker(fmt.Sprintf("victim-%d", w.made), parley.RoleMember)
				}
				invite := w.invite()
				named := strings.NewReplacer("NAME", victim.Name, "INVITE", string(invite))
				a := w.ask(w.by(role).token, r.method, named.Replace(r.path), named.Replace(r.body))
				if verb == parley.VerbLogs {
					a.must(t, 404)
					continue
				}
				switch code := a.code(t); {
				case may && code != "" && code != parley.CodeUnsupported:
					t.Errorf("%s %s as %s: %q", r.method, r.path, role, code)
				case !may && code != parley.CodeForbidden:
					t.Errorf("%s %s as %s: %q", r.method, r.path, role, code)
				case !may:
					w.unharmed(t, victim)
					w.stands(t, invite)
				}
			}
		}
	}
	if len(serverRequests) != len(parley.ServerVerbs()) {
		t.Errorf("there are requests for %d verbs of %d", len(serverRequests), len(parley.ServerVerbs()))
	}
}

// invite makes an invite.
func (w *walk) invite() parley.InviteID {
	w.t.Helper()
	_, i, err := w.server.accounts.MakeInvite(context.Background(), w.vera.Sender, parley.InviteGuest, 1, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return i.ID
}

// stands checks that an invite is what it was, and that there is no other that w has not made.
func (w *walk) stands(t *testing.T, id parley.InviteID) {
	t.Helper()
	all, err := w.server.accounts.Invites(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	theirs := slices.IndexFunc(all, func(i parley.Invite) bool { return i.By.ID != w.vera.ID && i.By.ID != w.by(parley.RoleOwner).ID })
	i := slices.IndexFunc(all, func(i parley.Invite) bool { return i.ID == id })
	if i < 0 || all[i].Revoked || theirs >= 0 {
		t.Errorf("the invites are %+v", all)
	}
}

// unharmed checks that an account is what it was.
func (w *walk) unharmed(t *testing.T, who *walker) {
	t.Helper()
	all, err := w.server.accounts.List(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(a parley.Account) bool { return a.ID == who.ID })
	if i < 0 || all[i].Role != parley.RoleMember || all[i].Disabled {
		t.Errorf("%s is not what they were", who.Name)
	}
	if slices.ContainsFunc(all, func(a parley.Account) bool { return a.Name == "made" }) {
		t.Error("an account was made")
	}
	w.ask(who.token, "GET", "/v1/me", "").must(t, 200)
}

// request is one to the REST interface.
type request struct{ method, path, body string }

// serverRequests are what can be asked for each verb on the server; NAME is an account.
var serverRequests = map[parley.Verb][]request{
	parley.VerbAccounts: {
		{"GET", "/v1/accounts", ""}, {"GET", "/v1/accounts/NAME", ""},
		{"POST", "/v1/accounts", `{"name":"by-NAME","password":"secret","role":"owner"}`},
		{"PATCH", "/v1/accounts/NAME", `{"role":"owner"}`}, {"PATCH", "/v1/accounts/NAME", `{"disabled":true}`},
		{"PATCH", "/v1/accounts/NAME", `{"password":"another"}`}, {"DELETE", "/v1/accounts/NAME", ""},
	},
	parley.VerbInvites: {
		{"POST", "/v1/invites", `{"kind":"guest"}`}, {"POST", "/v1/invites", `{"kind":"account","uses":3,"lasts":3600}`},
		{"GET", "/v1/invites", ""}, {"DELETE", "/v1/invites/INVITE", ""},
	},
	parley.VerbConnections: {{"GET", "/v1/connections", ""}},
	parley.VerbMetrics:     {{"GET", "/metrics", ""}},
	parley.VerbLogs: {{"GET", "/v1/logs", ""}, {"GET", "/v1/log", ""}, {"GET", "/logs", ""}, {"GET", "/debug/pprof/", ""},
		{"GET", "/v1/rooms/logs", ""}},
}
