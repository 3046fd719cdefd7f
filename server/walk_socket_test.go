package server

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/web/frame"
)

// socketDoor is the WebSocket. What it has no message for is done by REST.
func socketDoor(w *walk) door {
	const byREST = "there is no such message; it is a request of REST"
	lines := make(map[*walker]*socketLine)
	dial := func(who *walker) *socketLine {
		if lines[who] == nil {
			lines[who] = w.dialSocket(who.token)
		}
		return lines[who]
	}
	say := func(message string, changes bool) action {
		return action{name: message, changes: changes, try: func(who *walker, place string) parley.Code {
			return dial(who).ask(w.renumberBody(place, message), place)
		}}
	}
	typing := action{name: "typing", try: func(who *walker, place string) parley.Code {
		joined := dial(who).ask(`{"type":"join","id":ID,"room":ROOM}`, place)
		typed := dial(who).ask(`{"type":"typing","id":ID,"room":ROOM}`, place)
		if (joined == "") != (typed == "") {
			w.t.Errorf("joining %s: %q, and typing there: %q", place, joined, typed)
		}
		return joined
	}}
	return door{
		name: "WebSocket",
		actions: map[parley.Verb][]action{
			parley.VerbEnter: {
				say(`{"type":"join","id":ID,"room":ROOM}`, false), say(`{"type":"join","id":ID,"room":ROOM,"after":0}`, false),
				say(`{"type":"leave","id":ID,"room":ROOM}`, false),
			},
			parley.VerbPost: {
				say(`{"type":"post","id":ID,"room":ROOM,"text":"hello"}`, true),
				say(`{"type":"post","id":ID,"room":ROOM,"text":"so","reply":2}`, true),
			},
			parley.VerbReact: {
				say(`{"type":"react","id":ID,"room":ROOM,"emoji":"yes","target":2}`, true),
				say(`{"type":"read","id":ID,"room":ROOM,"number":2}`, true), typing,
			},
			parley.VerbEditOwn:   {say(`{"type":"edit","id":ID,"room":ROOM,"text":"edited","target":1}`, true)},
			parley.VerbDeleteOwn: {say(`{"type":"delete","id":ID,"room":ROOM,"target":1}`, true)},
			parley.VerbDeleteAny: {say(`{"type":"delete","id":ID,"room":ROOM,"target":2}`, true)},
		},
		lacks: map[parley.Verb]string{
			parley.VerbRevisions: byREST, parley.VerbInvite: byREST, parley.VerbKick: byREST, parley.VerbAppoint: byREST,
			parley.VerbSet: byREST,
		},
	}
}

// socketLine is somebody's WebSocket.
type socketLine struct {
	t      *testing.T
	conn   net.Conn
	frames frame.Reader
	heard  []string
	asked  int
}

// dialSocket connects whoever has a token.
func (w *walk) dialSocket(token string) *socketLine {
	w.t.Helper()
	return w.dialSocketWith(fmt.Sprintf(`{"type":"hello","token":%q}`, token))
}

// dialSocketWith connects by a hello.
func (w *walk) dialSocketWith(hello string) *socketLine {
	w.t.Helper()
	conn, _, _, err := ws.Dialer{}.Dial(context.Background(), "ws://"+w.server.listeners[0].address().String()+"/v1/socket")
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close() })
	l := &socketLine{t: w.t, conn: conn, frames: frame.Reader{Limit: 1 << 22}}
	l.say(hello)
	l.until(`"type":"welcome"`)
	return l
}

func (l *socketLine) say(text string) {
	l.t.Helper()
	if _, err := l.conn.Write(frame.AppendMasked(nil, ws.OpText, []byte(text), ws.NewMask())); err != nil {
		l.t.Fatal(err)
	}
}

// ask sends a message about a place, and gives the code of the answer, "" for one that is no error.
func (l *socketLine) ask(message, place string) parley.Code {
	l.t.Helper()
	text := l.answer(message, place)
	if !strings.HasPrefix(text, `{"type":"error"`) {
		return ""
	}
	if strings.Contains(text, "vera") {
		l.t.Errorf("%s of %s is refused, and tells: %s", message, place, text)
	}
	return parley.Code(textField(l.t, text, "code"))
}

// answer sends a message about a place, and gives the answer.
func (l *socketLine) answer(message, place string) string {
	l.t.Helper()
	l.asked++
	id := fmt.Sprintf(`"walk-%p-%d"`, l, l.asked)
	l.say(strings.NewReplacer("ID", id, "ROOM", fmt.Sprintf("%q", place)).Replace(message))
	for {
		text := l.until(`"id":` + id)
		for _, kind := range []string{"ack", "error", "joined", "pong"} {
			if strings.HasPrefix(text, `{"type":"`+kind+`"`) {
				return text
			}
		}
	}
}

// until waits for a message that has a part in it.
func (l *socketLine) until(part string) string {
	l.t.Helper()
	buf := make([]byte, 64<<10)
	for {
		for len(l.heard) > 0 {
			text := l.heard[0]
			l.heard = l.heard[1:]
			if strings.Contains(text, part) {
				return text
			}
		}
		_ = l.conn.SetReadDeadline(time.Now().Add(time.Minute))
		n, err := l.conn.Read(buf)
		if err != nil {
			l.t.Fatalf("waiting for %s: %v", part, err)
		}
		l.frames.Feed(buf[:n])
		for m, ok, err := l.frames.Next(); ok || err != nil; m, ok, err = l.frames.Next() {
			if err != nil {
				l.t.Fatal(err)
			}
			if m.Kind == frame.Text {
				l.heard = append(l.heard, string(m.Payload))
			}
		}
	}
}
