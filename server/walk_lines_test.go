package server

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/hub"
)

// TestEveryLineProtocolKeepsTheTableOfRights walks what the protocols of lines and datagrams have of the table. Who is
// there is in one room alone.
func TestEveryLineProtocolKeepsTheTableOfRights(t *testing.T) {
	w := newWalk(t)
	for i, d := range lineDoors() {
		t.Run(d.name, func(t *testing.T) {
			lw := w.lineWalk(t, d, i+1)
			for _, verb := range parley.RoomVerbs() {
				if reason, none := d.lacks[verb]; none != (len(d.actions[verb]) == 0) || none && reason == "" {
					t.Fatalf("%s: is there something for %s or not?", d.name, verb)
				}
				for _, a := range d.actions[verb] {
					lw.walkVerb(t, verb, a)
				}
			}
			lw.strangers(t)
		})
	}
}

// lineDoor is a protocol on which people type, and what they can type for a verb.
type lineDoor struct {
	name, network string
	naming        bool // the first message is a name
	guests        bool // nobody logs in there
	actions       map[parley.Verb][]lineAction
	lacks         map[parley.Verb]string
}

// lineAction is something to type, what is heard when it is done, and by whom.
type lineAction struct {
	say, answer, witness string // one of the two; witness is a part of what vera hears on a WebSocket
}

func lineDoors() []lineDoor {
	lacks := func(more ...parley.Verb) map[parley.Verb]string {
		none := map[parley.Verb]string{
			parley.VerbReact:   "reactions, typing and read positions are neither shown nor typed there",
			parley.VerbEditOwn: "a line that was sent is sent", parley.VerbDeleteOwn: "a line that was sent is sent",
			parley.VerbDeleteAny: "there are no numbers to name a message by", parley.VerbRevisions: "there is no history",
			parley.VerbInvite: "rooms are kept by REST", parley.VerbKick: "rooms are kept by REST",
			parley.VerbAppoint: "rooms are kept by REST", parley.VerbSet: "rooms are kept by REST",
		}
		for _, verb := range more {
			none[verb] = "there are no lists and no files; who is there hears the others"
		}
		return none
	}
	text := lineAction{say: "hello from here", witness: `"text":"hello from here`}
	posts := map[parley.Verb][]lineAction{parley.VerbPost: {text}}
	return []lineDoor{
		{name: "plain", network: "tcp", lacks: lacks(), actions: map[parley.Verb][]lineAction{
			parley.VerbEnter: {{say: "#ls", answer: "online: "}, {say: "ask for file:notes.txt", answer: "file:notes.txt "}},
			parley.VerbPost:  {text, {say: "send file:new.txt 3\nabc", answer: "stored new.txt 3"}},
		}},
		{name: "roster", network: "tcp", naming: true, lacks: lacks(parley.VerbEnter), actions: posts},
		{name: "plain+udp", network: "udp", guests: true, lacks: lacks(parley.VerbEnter), actions: posts},
	}
}

// lineWalk is a door with its room, and vera, who is there too.
type lineWalk struct {
	*walk
	door  lineDoor
	at    string
	room  parley.Room
	vera  *socketLine
	count int
}

func (w *walk) lineWalk(t *testing.T, d lineDoor, listener int) *lineWalk {
	t.Helper()
	l := w.server.listeners[listener]
	room, err := w.server.store.Room(t.Context(), l.url().room)
	if err != nil {
		t.Fatal(err)
	}
	lw := &lineWalk{walk: w, door: d, at: l.address().String(), room: room, vera: w.dialSocket(w.vera.token)}
	lw.appoint(w.vera.Sender, parley.RoleMember)
	head := w.entry(room.ID, w.vera.Sender)
	w.do(parley.MessagePosted{Message: parley.Message{Room: room.ID, ID: head.ID, By: head.By, At: head.At, File: &w.file}})
	if code := lw.vera.ask(`{"type":"join","id":ID,"room":ROOM}`, string(room.Name)); code != "" {
		t.Fatal(code)
	}
	return lw
}

func (lw *lineWalk) operator() parley.Entry {
	return lw.entry(lw.room.ID, parley.Sender{ID: parley.OperatorID, Name: string(parley.ServerName)})
}

func (lw *lineWalk) appoint(who parley.Sender, role parley.Role) {
	lw.t.Helper()
	lw.do(parley.MemberChanged{Entry: lw.operator(), Who: who, Change: parley.MemberAppointed, Role: role})
}

func (lw *lineWalk) become(kind parley.RoomKind) {
	lw.t.Helper()
	lw.do(parley.RoomChanged{Entry: lw.operator(), Kind: kind})
}

// walkVerb tries one thing in rooms of every kind as everybody that there can be.
func (lw *lineWalk) walkVerb(t *testing.T, verb parley.Verb, a lineAction) {
	t.Helper()
	for i, kind := range []parley.RoomKind{parley.RoomPublic, parley.RoomPrivate, parley.RoomAnnounce} {
		for _, s := range standings() {
			if s.Role == parley.RoleGuest || !lw.door.guests {
				lw.tryLine(t, a, kind, s, want(t, lw.inRoom[string(verb)][1+i], s, kind))
			}
		}
	}
}

// tryLine has somebody come while the room is public, become what s says, and try something when the room is of that
// kind.
func (lw *lineWalk) tryLine(t *testing.T, a lineAction, kind parley.RoomKind, s parley.Standing, want parley.Code) {
	t.Helper()
	what := fmt.Sprintf("%s: %q by %+v in a room that is %s", lw.door.name, a.say, s, kind)
	lw.become(parley.RoomPublic)
	l := lw.enter(t, s.Role)
	defer lw.undo(l.who, s)
	defer l.leave()
	if s.InRoom != "" {
		lw.appoint(l.who, s.InRoom)
	}
	if s.Banned {
		lw.do(parley.MemberChanged{Entry: lw.operator(), Who: l.who, Change: parley.MemberBanned})
	}
	if kind != parley.RoomPublic {
		lw.become(kind)
	}
	before := lw.last()
	if want == parley.CodeBanned || want == parley.CodeNoSuchRoom {
		l.hears(t, what, "closed: ") // told, and out
		_ = l.try(a.say)
		lw.settled(t)
		if after := lw.last(); after != before+1 {
			t.Errorf("%s: %d things happened, and only one may have", what, after-before)
		}
		return
	}
	l.say(t, a.say)
	switch {
	case want != "":
		l.hears(t, what, "error: ")
		if after := lw.last(); after != before {
			t.Errorf("%s was refused, and yet something happened", what)
		}
	case a.answer != "":
		l.hears(t, what, a.answer)
	default:
		lw.vera.until(a.witness)
	}
}

// undo has the room think of somebody as before.
func (lw *lineWalk) undo(who parley.Sender, s parley.Standing) {
	lw.t.Helper()
	if s.Banned {
		lw.do(parley.MemberChanged{Entry: lw.operator(), Who: who, Change: parley.MemberUnbanned})
	}
	if s.InRoom != "" {
		lw.do(parley.MemberChanged{Entry: lw.operator(), Who: who, Change: parley.MemberKicked})
	}
}

// settled has the operator say something, which vera hears behind all that was said before.
func (lw *lineWalk) settled(t *testing.T) {
	t.Helper()
	lw.count++
	text, head := fmt.Sprint("settled ", lw.count), lw.operator()
	lw.do(parley.MessagePosted{Message: parley.Message{Room: lw.room.ID, ID: head.ID, By: head.By, At: head.At, Text: text}})
	lw.vera.until(text)
}

func (lw *lineWalk) last() parley.Seq {
	lw.t.Helper()
	room, err := lw.server.store.RoomByID(lw.t.Context(), lw.room.ID)
	if err != nil {
		lw.t.Fatal(err)
	}
	return room.Last
}

// strangers checks that nobody comes into a private room who may not, while somebody is there who may. Over UDP they
// are told nothing: who asks need not be where they say.
func (lw *lineWalk) strangers(t *testing.T) {
	t.Helper()
	lw.become(parley.RoomPublic)
	friend := lw.enter(t, parley.RoleGuest)
	defer friend.leave()
	lw.appoint(friend.who, parley.RoleMember)
	lw.become(parley.RoomPrivate)
	before := lw.last()
	conn, err := net.Dial(lw.door.network, lw.at)
	if err != nil {
		t.Fatal(err)
	}
	l := &textLine{conn: conn}
	defer l.leave()
	l.say(t, "stranger")
	if lw.door.network == "tcp" {
		l.hears(t, "a stranger at a private room", "there is no such room")
	}
	_ = l.try("may I?")
	friend.say(t, "they may not")
	lw.vera.until("they may not")
	if after := lw.last(); after != before+1 {
		t.Errorf("a stranger to a private room: %d things happened", after-before)
	}
}

// textLine is somebody's connection.
type textLine struct {
	conn  net.Conn
	who   parley.Sender
	heard string
}

// enter connects somebody of a role on the server, a new guest or the account that there is of it.
func (lw *lineWalk) enter(t *testing.T, role parley.Role) *textLine {
	t.Helper()
	conn, err := net.Dial(lw.door.network, lw.at)
	if err != nil {
		t.Fatal(err)
	}
	l := &textLine{conn: conn}
	lw.count++
	name := fmt.Sprint("line-", lw.count)
	if lw.door.network == "udp" {
		l.say(t, "here I am "+name)
		lw.vera.until("here I am " + name)
	} else if !lw.door.naming {
		l.hears(t, "the greeting", "welcome\n")
	}
	if role != parley.RoleGuest {
		lw.logIn(t, l, lw.by(role))
		return l
	}
	if lw.door.naming {
		l.say(t, name)
		l.hears(t, "the roster", `"`+name+`"`)
	}
	own := netip.MustParseAddrPort(conn.LocalAddr().String())
	here := lw.server.hub.Connections()
	i := slices.IndexFunc(here, func(p hub.Person) bool { return p.Address == own })
	if i < 0 {
		t.Fatal("whoever was greeted is not here")
	}
	l.who = parley.Sender{ID: here[i].ID, Name: here[i].Shown}
	return l
}

// logIn has somebody give the name and the password of their account.
func (lw *lineWalk) logIn(t *testing.T, l *textLine, who *walker) {
	t.Helper()
	name, known := "/name "+who.Name, "you are "+who.Name
	if lw.door.naming {
		name, known = who.Name, `"`+who.Name+`"`
	}
	l.say(t, name)
	l.hears(t, "the question", "password for "+who.Name)
	l.say(t, who.password)
	l.hears(t, "the answer", known)
	l.who = who.Sender
}

func (l *textLine) leave() { _ = l.conn.Close() }

// say sends a message.
func (l *textLine) say(t *testing.T, text string) {
	t.Helper()
	if err := l.try(text); err != nil {
		t.Fatal(err)
	}
}

// try sends a message on a connection that may have ended.
func (l *textLine) try(text string) error {
	_, err := l.conn.Write([]byte(text + "\n"))
	return err
}

// hears waits for a text.
func (l *textLine) hears(t *testing.T, what, part string) {
	t.Helper()
	buf := make([]byte, 8<<10)
	for !strings.Contains(l.heard, part) {
		_ = l.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		n, err := l.conn.Read(buf)
		l.heard += string(buf[:n])
		if err != nil {
			t.Fatalf("%s: heard %q, not %q: %v", what, l.heard, part, err)
		}
	}
	_, l.heard, _ = strings.Cut(l.heard, part)
}
