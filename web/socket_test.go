package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"parley"
	"parley/accounts"
	"parley/web/frame"
)

func TestTwoPeopleTalk(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann, bob := h.guest("ann"), h.guest("bob")
	ann.post("m-1", "lobby", "hello <b>bob</b>\nsecond line")
	ann.await(`"type":"ack","id":"m-1","room":"lobby","number":1`)
	bob.await(`"type":"message","room":"lobby","number":1,"id":"m-1"`, `"name":"ann"`, `second line`)
	bob.say(`{"type":"post","id":"m-2","room":"lobby","text":"hello ann","reply":1}`)
	ann.await(`"type":"message"`, `"number":2`, `"reply":1`)
	bob.say(`{"type":"edit","id":"m-3","room":"lobby","target":2,"text":"hello, ann"}`)
	ann.await(`"type":"edited"`, `"number":3`, `"target":2`, `"text":"hello, ann"`)
	ann.say(`{"type":"react","id":"m-4","room":"lobby","target":2,"emoji":"👍"}`)
	bob.await(`"type":"reaction"`, `"number":4`, `"emoji":"👍"`)
	bob.say(`{"type":"delete","id":"m-5","room":"lobby","target":2}`)
	ann.await(`"type":"deleted"`, `"number":5`, `"target":2`)
	ann.say(`{"type":"typing","room":"lobby"}`)
	bob.await(`"type":"typing"`, `"name":"ann"`)
	ann.say(`{"type":"ping","id":"p"}`)
	ann.await(`{"type":"pong","id":"p"}`)
}

func TestTheAuthorGetsTheirOwnMessageAndAnAck(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann := h.guest("ann")
	ann.post("m-1", "lobby", "hello")
	seen := map[string]bool{}
	for len(seen) < 2 {
		text := ann.await(`"id":"m-1"`)
		seen[field(t, text, "type")] = true
	}
	if !seen["ack"] || !seen["message"] {
		t.Errorf("came %v", seen)
	}
}

func TestTheSameIDAgainIsTheSameMessage(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann := h.enter(`"name":"ann","keep":true`)
	token := field(t, ann.expect(`"type":"welcome"`), "token")
	ann.post("m-1", "lobby", "hello")
	ann.await(`"type":"ack"`, `"number":1`)
	ann.post("m-1", "lobby", "hello")
	ann.await(`"type":"ack"`, `"number":1`)
	again := h.enter(`"token":"` + token + `"`)
	again.expect(`"type":"welcome"`, `"name":"ann"`)
	again.post("m-1", "lobby", "another text")
	again.await(`"type":"ack"`, `"number":1`)
	again.post("m-2", "lobby", "more")
	again.await(`"type":"ack"`, `"number":2`)
}

func TestResumingGivesExactlyWhatWasMissed(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann := h.guest("ann")
	for i := range 10 {
		ann.post(fmt.Sprint("m-", i), "lobby", fmt.Sprint("text ", i))
		ann.await(`"type":"ack"`)
	}
	bob := h.enter(`"name":"bob","rooms":[{"room":"lobby","after":4}]`)
	bob.expect(`"type":"welcome"`)
	bob.expect(`"type":"joined"`, `"first":1`, `"last":10`)
	ann.post("m-10", "lobby", "live")
	for i := 5; i <= 11; i++ {
		bob.expect(`"type":"message"`, fmt.Sprintf(`"number":%d,`, i))
	}
}

func TestWhoIsFarBehindGetsAPageAndACursor(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann := h.guest("ann")
	const n = 600
	for i := range n {
		ann.post(fmt.Sprint("m-", i), "lobby", "text")
	}
	for range n {
		ann.await(`"type":"ack"`)
	}
	bob := h.enter(`"name":"bob","rooms":[{"room":"lobby","after":0}]`)
	bob.expect(`"type":"welcome"`)
	seen := 0
	for {
		joined := bob.expect(`"type":"joined"`)
		more := strings.Contains(joined, `"more":true`)
		want := n
		if more {
			fmt.Sscan(field(t, joined, "next"), &want)
		}
		for seen < want {
			seen++
			bob.expect(`"type":"message"`, fmt.Sprintf(`"number":%d,`, seen))
		}
		if !more {
			break
		}
		bob.say(fmt.Sprintf(`{"type":"join","id":"j","room":"lobby","after":%d}`, seen))
	}
	ann.post("last", "lobby", "live")
	bob.expect(`"type":"message"`, fmt.Sprintf(`"number":%d,`, n+1))
}

func TestBadMessagesAreRefusedAndTheConnectionStays(t *testing.T) {
	h := newHouse(t, accounts.Open)
	p := h.connect()
	p.say(`{"type":"post","id":"m","room":"lobby","text":"hi"}`)
	p.expect(`"type":"error"`, `say hello first`)
	for _, text := range []string{
		``, `hello`, `[]`, `{}`, `{"type":"nothing"}`, `{"type":"hello","name":"ann","nme":"x"}`, `{"type":"hello","name":1}`,
		`{"type":"hello","name":"ann","name":"bob"}`, `{"type":"hello","type":"ping"}`, strings.Repeat(`{"a":`, 5000),
		`{"type":"hello","name":"127.0.0.1"}`, `{"type":"hello","name":"two words"}`,
	} {
		p.say(text)
		p.expect(`"type":"error"`, `"code":"`, `"sentence":"`)
	}
	p.say(`{"type":"hello","name":"ann"}`)
	p.expect(`"type":"welcome"`)
	p.say(`{"type":"hello","name":"bob"}`)
	p.expect(`"type":"error"`)
	p.post("m", "nowhere", "hi")
	p.expect(`"type":"error"`, `"id":"m"`, `"code":"no-such-room"`)
	p.post("m-2", "lobby", "   ")
	p.expect(`"type":"error"`, `"id":"m-2"`, `"code":"invalid"`)
	p.post("m-3", "lobby", "still here")
	p.await(`"type":"ack"`, `"id":"m-3"`)
}

func TestWhatBreaksTheFramingEndsTheConnection(t *testing.T) {
	h := newHouse(t, accounts.Open)
	for name, stream := range map[string][]byte{
		"a frame without a mask": frame.AppendText(nil, func(dst []byte) []byte { return append(dst, `{"type":"ping"}`...) }),
		"a binary frame":         frame.AppendMasked(nil, ws.OpBinary, []byte("x"), ws.NewMask()),
		"a huge frame":           {0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4},
	} {
		p := h.connect()
		if _, err := p.conn.Write(stream); err != nil {
			t.Fatal(err)
		}
		p.gone()
		if p.closed == 0 || p.closed == ws.StatusNormalClosure {
			t.Errorf("%s: closed with %d", name, p.closed)
		}
	}
	bystander := h.guest("ann")
	bystander.post("m", "lobby", "nobody minds")
	bystander.await(`"type":"ack"`)
}

func TestANameIsTheirsWhileSomebodyIsConnected(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann := h.enter(`"name":"ann"`)
	ann.expect(`"type":"welcome"`)
	other := h.enter(`"name":"Ann"`)
	other.expect(`"type":"error"`, `"code":"name-taken"`)
	other.say(`{"type":"hello"}`)
	other.expect(`"type":"welcome"`, `"name":"guest-`)
	ann.say(`{"type":"ping","id":"x"}`)
	ann.expect(`"type":"pong"`)
}

func TestANameWithAnAccountNeedsItsPassword(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.account("ann", parley.RoleMember)
	p := h.enter(`"name":"ANN"`)
	p.expect(`"type":"error"`, `"code":"password-needed"`)
	p.say(`{"type":"hello","name":"ann","password":"wrong"}`)
	p.expect(`"type":"error"`, `"code":"wrong-password"`)
	p.say(`{"type":"hello","name":"ann","password":"annannann","keep":true}`)
	welcome := p.expect(`"type":"welcome"`, `"account":true`, `"role":"member"`)
	token := field(t, welcome, "token")
	phone := h.enter(`"token":"` + token + `"`)
	phone.expect(`"type":"welcome"`, `"name":"ann"`)
}

func TestEndingASessionEndsItsConnectionsAtOnce(t *testing.T) {
	h := newHouse(t, accounts.Open)
	token := h.tokenOf("ann", parley.RoleMember)
	p := h.enter(`"token":"` + token + `"`)
	p.expect(`"type":"welcome"`)
	h.ask("DELETE", "/v1/sessions/current", token, "").want(t, 204)
	if bye := p.gone(); !strings.Contains(bye, `"type":"bye"`) || !strings.Contains(bye, `"code":"unauthorized"`) {
		t.Errorf("the last was %s", bye)
	}
	h.enter(`"token":"`+token+`"`).expect(`"type":"error"`, `"code":"unauthorized"`)
	h.ask("GET", "/v1/me", token, "").want(t, 401, `"code":"unauthorized"`)
}

func TestDirectMessages(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann, bob, eve := h.guest("ann"), h.guest("bob"), h.guest("eve")
	ann.say(`{"type":"direct","id":"d-1","to":"bob","text":"just for you"}`)
	ann.await(`"type":"ack"`, `"id":"d-1"`)
	direct := bob.await(`"type":"direct"`, `just for you`, `"name":"ann"`)
	room := field(t, direct, "room")
	eve.say(`{"type":"join","id":"j","room":"` + room + `","after":0}`)
	eve.expect(`"type":"error"`, `"code":"no-such-room"`)
	bob.say(`{"type":"join","id":"j","room":"` + room + `","after":0}`)
	bob.await(`"type":"joined"`, `"kind":"direct"`)
	bob.await(`"type":"direct"`, `just for you`)
	ann.say(`{"type":"direct","id":"d-2","to":"nobody","text":"hm"}`)
	ann.await(`"type":"error"`, `"code":"no-such-user"`)
}

func TestReadingOnOneDeviceIsSeenOnTheOther(t *testing.T) {
	h := newHouse(t, accounts.Open)
	token := h.tokenOf("ann", parley.RoleMember)
	bob := h.guest("bob")
	laptop, phone := h.enter(`"token":"`+token+`","rooms":[{"room":"lobby"}]`), h.enter(`"token":"`+token+`","rooms":[{"room":"lobby"}]`)
	laptop.await(`"type":"joined"`)
	phone.await(`"type":"joined"`, `"unread":0`)
	bob.post("m-1", "lobby", "one")
	bob.post("m-2", "lobby", "two, @ann")
	laptop.await(`"number":2`)
	h.ask("GET", "/v1/rooms/lobby", token, "").want(t, 200, `"unread":2`, `"mentions":1`)
	laptop.say(`{"type":"read","id":"r","room":"lobby","number":2}`)
	phone.await(`"type":"read"`, `"number":2`)
	h.ask("GET", "/v1/rooms/lobby", token, "").want(t, 200, `"read":2`, `"unread":0`, `"mentions":0`)
}

func TestAServerThatStopsSaysWhenToComeBack(t *testing.T) {
	h := newHouse(t, accounts.Open)
	ann, silent := h.guest("ann"), h.connect()
	h.stop()
	for _, p := range []*person{ann, silent} {
		bye := p.gone()
		if lacks(bye, []string{`"type":"bye"`, `"code":"shutting-down"`, `"retry":true`, `"retry_after":`}) != "" || p.closed != ws.StatusGoingAway {
			t.Errorf("the last was %s, closed with %d", bye, p.closed)
		}
	}
}

func TestWhoIsRefusedAgainAndAgainIsLetGo(t *testing.T) {
	h := newHouse(t, accounts.Open)
	h.account("ann", parley.RoleMember)
	p := h.connect()
	for range 3 {
		p.say(`{"type":"hello","name":"ann"}`)
		p.expect(`"type":"error"`, `"code":"password-needed"`)
	}
	if bye := p.gone(); !strings.Contains(bye, `"type":"bye"`) {
		t.Errorf("the last was %s", bye)
	}
}

func TestAThousandArrivalsAreNoMillionLines(t *testing.T) {
	h := newHouse(t, accounts.Open)
	watcher := h.guest("watcher")
	const n = 300
	people := make([]*person, n)
	for i := range people {
		people[i] = h.connect()
	}
	for i, p := range people {
		p.say(fmt.Sprintf(`{"type":"hello","name":"p%d","rooms":[{"room":"lobby"}]}`, i))
	}
	for _, p := range people {
		p.await(`"type":"joined"`)
	}
	lines := 0
	for {
		lines++
		if strings.Contains(watcher.await(`"type":"presence"`), fmt.Sprintf(`"count":%d}`, n+1)) {
			break
		}
	}
	if lines > n/2 {
		t.Errorf("%d lines for %d arrivals", lines, n)
	}
}
