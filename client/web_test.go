package client

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/web/frame"
	"parley/web/wire"
)

func TestWhatHappensOnHTTP(t *testing.T) {
	j, c, _ := joinWeb(t)
	direct := wire.DirectMessage{Entry: entry("d-g-alice+g-bob", 1), To: wire.Person{ID: alice.ID}}
	direct.Text = "psst"
	file := &wire.File{Name: "shore.jpg", Size: 12}
	for _, s := range []struct {
		said wire.ServerMessage
		told Event
	}{
		{said(8, "hello"), Message{From: "bob", Text: "hello"}},
		{wire.Message{Entry: entry("lobby", 9), Content: wire.Content{File: file}}, Message{From: "bob", Text: "[file shore.jpg 12 bytes]"}},
		{wire.Edited{Entry: entry("lobby", 10), Target: 8, Text: "hallo"}, Message{From: "bob", Text: "[edit] hallo"}},
		{wire.Reaction{Entry: entry("lobby", 11), Target: 8, Emoji: "👍"}, nil},
		{wire.Deleted{Entry: entry("lobby", 12), Target: 8}, Message{From: "bob", Text: "[deleted a message]"}},
		{direct, Message{From: "bob", Text: "psst", Direct: true}},
		{wire.PeopleTyping{Room: "lobby", People: []wire.Person{bob}}, nil},
		{wire.ReadUpTo{Room: "lobby", Number: 8}, nil},
		{wire.Presence{Room: "lobby", Left: []wire.Person{bob}, Count: 1}, Presence{Name: "bob"}},
		{wire.Presence{Room: "lobby", Joined: []wire.Person{bob, {ID: alice.ID, Name: "alice"}}}, Presence{Name: "bob", Here: true}},
		{wire.Presence{Room: "lobby", Count: 300}, Notice{"300 people are here now"}},
		{wire.MemberChanged{Entry: entry("lobby", 13), Who: wire.Person{ID: "x", Name: "eve"}, Change: parley.MemberBanned},
			Notice{"eve was banned by bob"}},
		{wire.RoomChanged{Entry: entry("lobby", 14), Kind: parley.RoomAnnounce, Topic: "news"},
			Notice{"bob made this room announce, with the topic: news"}},
	} {
		c.says(s.said)
		if s.told != nil {
			j.expect(s.told)
		}
	}
	c.writes(frame.AppendText(nil, func(dst []byte) []byte { return append(dst, `{"type":"poll","of":"tomorrow"}`...) }))
	c.says(said(15, "still here"))
	j.expect(Message{From: "bob", Text: "still here"})
}

func TestTypedWordsOnHTTP(t *testing.T) {
	j, c, _ := joinWeb(t)
	ctx := t.Context()
	j.do(j.Say(ctx, "hello"))
	post := c.expectText("hello")
	c.says(wire.Ack{ID: post.ID, Room: "lobby", Number: 8}, echo(post, 8), said(9, "hello to you"))
	j.expect(Message{From: "bob", Text: "hello to you"}) // and nothing of one's own

	c.says(wire.Presence{Room: "lobby", Joined: []wire.Person{{ID: "g-1", Name: "127.0.0.1 : 49525"}}, Count: 3})
	j.expect(Presence{Name: "127.0.0.1 : 49525", Here: true})
	for typed, want := range map[string]wire.Direct{
		"bob: hi":               {To: "bob", Words: wire.Words{Text: "hi"}},
		"127.0.0.1 : 49525: hi": {To: "127.0.0.1 : 49525", Words: wire.Words{Text: "hi"}},
		"carol: so: what":       {To: "carol", Words: wire.Words{Text: "so: what"}},
	} {
		j.do(j.Direct(ctx, typed))
		got := c.hears().(wire.Direct)
		want.ID = got.ID
		if got != want {
			t.Errorf("@%s sends %+v", typed, got)
		}
		c.says(wire.Refused{ID: got.ID, Code: parley.CodeNoSuchUser, Sentence: "nobody here is called that"})
		j.expect(Notice{"nobody here is called that"})
	}

	j.do(j.Online(ctx))
	c.expect(wire.Join{ID: "who", Resume: wire.Resume{Room: "lobby"}})
	answer := lobbyAt(9)
	answer.ID = "who"
	c.says(answer)
	j.expect(Online{[]Person{{Name: "alice"}, {Name: "bob"}}})

	j.do(j.Say(ctx, "too much"))
	post = c.expectText("too much")
	c.says(wire.Refused{ID: post.ID, Code: parley.CodeForbidden, Sentence: "only moderators speak in this room"})
	j.expectProblem("not sent, only moderators speak in this room: too much")
}

// What was on its way when the connection broke is sent again with its id, and what was missed is shown once, in order,
// one's own words left out.
func TestComingBackOnHTTPMissesNothing(t *testing.T) {
	j, c, server := joinWeb(t)
	j.do(j.Say(t.Context(), "one"))
	one := c.expectText("one")
	j.do(j.Say(t.Context(), "two"))
	two := c.expectText("two")
	c.says(wire.Ack{ID: one.ID, Room: "lobby", Number: 8})
	c.says(said(9, "seen")) // before 8, which the server would never do: it is on the room's side of the break
	j.expect(Message{From: "bob", Text: "seen"})
	c.reset()
	j.expectLost("reset")

	c = server.comeBack(j, 9, 13)
	c.expect(two)
	gone := said(12, "")
	gone.Deleted = true
	c.says(said(9, "seen"), said(10, "missed"), echo(two, 11), gone, wire.Deleted{Entry: entry("lobby", 13), Target: 12})
	c.says(wire.Ack{ID: two.ID, Room: "lobby", Number: 11})
	j.expect(Message{From: "bob", Text: "missed"}, Message{From: "bob", Text: "[deleted a message]"}, Notice{"caught up, 1 missed"})
	c.says(said(14, "live"))
	j.expect(Message{From: "bob", Text: "live"})
	c.reset()
	j.expectLost("reset")
	server.comeBack(j, 14, 14).says(said(15, "again"))
	j.expect(Message{From: "bob", Text: "again"}) // nothing was missed, and nothing is said of it
}

func TestALongAbsenceIsReadInPages(t *testing.T) {
	j, c, server := joinWeb(t)
	c.reset()
	j.expectLost("reset")
	c = server.accept()
	c.hears()
	c.says(wire.Welcome{You: alice})
	at, last := parley.Seq(7), parley.Seq(12)
	for first := true; ; first = false {
		c.expect(wire.Join{ID: "join", Resume: wire.Resume{Room: "lobby", After: after(at)}})
		page := lobbyAt(last)
		end := min(at+2, last)
		if page.More = end < last; page.More {
			page.Next = end
		}
		c.says(page)
		if first {
			j.expectConnected()
		}
		for ; at < end; at++ {
			text := fmt.Sprint("event ", at+1)
			c.says(said(at+1, text))
			j.expect(Message{From: "bob", Text: text})
		}
		if !page.More {
			break
		}
	}
	j.expect(Notice{"caught up, 5 missed"})
}

func TestARoomThatHasBegunAnewIsReadFromItsBeginning(t *testing.T) {
	j, c, server := joinWeb(t)
	c.reset()
	j.expectLost("reset")
	c = server.comeBack(j, 7, 2)
	j.expect(Notice{"the room has begun anew"})
	c.expect(wire.Join{ID: "join", Resume: wire.Resume{Room: "lobby", After: after(0)}})
	c.says(lobbyAt(2), said(1, "first"), said(2, "second"))
	j.expect(Message{From: "bob", Text: "first"}, Message{From: "bob", Text: "second"}, Notice{"caught up, 2 missed"})
}

func TestWhatIsNotKeptAnyMoreIsTold(t *testing.T) {
	j, c, server := joinWeb(t)
	c.reset()
	j.expectLost("reset")
	c = server.accept()
	c.hears()
	c.says(wire.Welcome{You: alice})
	c.hears()
	lobby := lobbyAt(100)
	lobby.First = 100
	c.says(lobby, said(100, "new"))
	j.expectConnected()
	j.expect(Notice{"some of what was missed is not kept any more"}, Message{From: "bob", Text: "new"}, Notice{"caught up, 1 missed"})
}

// Direct messages come by themselves, but not those that were sent while nobody was connected: they are asked for, also
// where the conversation has begun meanwhile, and come once and in order.
func TestDirectMessagesAreNotMissed(t *testing.T) {
	j, c, server := joinWeb(t)
	with := func(who string, n parley.Seq, text string) wire.DirectMessage {
		m := wire.DirectMessage{Entry: entry(wire.Place("d-g-alice+g-"+who), n), To: wire.Person{ID: alice.ID}}
		m.By, m.Text = wire.Person{ID: parley.SenderID("g-" + who), Name: who}, wire.Text(text)
		return m
	}
	c.says(with("bob", 1, "one"))
	j.expect(Message{From: "bob", Text: "one", Direct: true})
	c.reset()
	j.expectLost("reset")
	standing := func(last parley.Seq) wire.Position { return wire.Position{First: 1, Last: last} }
	server.talk(
		wire.Conversation{Room: "d-g-alice+g-carol", Position: standing(1)},
		wire.Conversation{Room: "d-g-alice+g-bob", Position: standing(3)},
	)
	c = server.comeBack(j, 7, 7)
	c.expect(wire.Join{ID: "talk", Resume: wire.Resume{Room: "d-g-alice+g-carol", After: after(0)}})
	c.expect(wire.Join{ID: "talk", Resume: wire.Resume{Room: "d-g-alice+g-bob", After: after(1)}})
	c.says(with("bob", 4, "four")) // live, before the answer
	c.says(wire.Joined{ID: "talk", Room: "d-g-alice+g-carol", Kind: parley.RoomDirect, First: 1, Last: 1}, with("carol", 1, "hi"))
	c.says(wire.Joined{ID: "talk", Room: "d-g-alice+g-bob", Kind: parley.RoomDirect, First: 1, Last: 4},
		with("bob", 2, "two"), with("bob", 3, "three"), with("bob", 4, "four"))
	j.expect(Message{From: "carol", Text: "hi", Direct: true})
	for _, text := range []string{"two", "three", "four"} {
		j.expect(Message{From: "bob", Text: text, Direct: true})
	}
}

// A direct message that was on its way goes into the conversation, whose other one may not be back yet. Only where there
// is none has it not arrived, and goes to whoever has the name.
func TestADirectMessageIsSentAgain(t *testing.T) {
	j, c, server := joinWeb(t)
	j.do(j.Direct(t.Context(), "Bob: are you there?"))
	direct := c.hears().(wire.Direct)
	c.reset()
	j.expectLost("reset")
	c = server.comeBack(j, 7, 7)
	c.expect(wire.Post{ID: direct.ID, Room: "d-g-alice+g-bob", Words: direct.Words})
	c.says(wire.Refused{ID: direct.ID, Code: parley.CodeNoSuchRoom, Sentence: "there is no such room"})
	c.expect(direct)
	c.says(wire.Ack{ID: direct.ID, Room: "d-g-alice+g-bob", Number: 1})
	j.Settle(t.Context())
}

// With an account there are conversations from before, whose old messages are none of today's.
func TestOldConversationsAreNotShownAnew(t *testing.T) {
	server := listenWeb(t)
	server.talk(wire.Conversation{Room: "d-a-alice+g-bob", Position: wire.Position{First: 1, Last: 40}})
	j := join(t, Options{Target: server.target(), Name: "alice", Token: "p-account"})
	c := server.accept()
	c.expect(wire.Hello{Token: "p-account", Client: "parley join"})
	c.says(wire.Welcome{You: wire.Me{ID: "a-alice", Name: "alice", Account: true}})
	c.hears()
	c.says(lobbyAt(7))
	j.expectConnected()
	m := wire.DirectMessage{Entry: entry("d-a-alice+g-bob", 41)}
	m.Text = "new"
	c.says(m)
	j.expect(Message{From: "bob", Text: "new", Direct: true})
}

func TestATokenThatIsTooOldIsReplacedByTheName(t *testing.T) {
	j, c, server := joinWeb(t)
	j.do(j.Say(t.Context(), "on its way"))
	c.expectText("on its way")
	c.reset()
	j.expectLost("reset")
	c = server.accept()
	c.hears()
	c.says(wire.Refused{Code: parley.CodeUnauthorized, Sentence: "you are not logged in any more"})
	c.expect(wire.Hello{Name: "alice", Keep: true, Client: "parley join"})
	c.says(wire.Welcome{You: wire.Me{ID: "g-other", Name: "alice"}, Token: "p-other"})
	j.expect(Doubt{"on its way"}) // somebody else in the server's eyes: the same id would be another message
	c.expect(wire.Join{ID: "join", Resume: wire.Resume{Room: "lobby", After: after(7)}})
}

func TestANameThatCannotBeHadEndsTheClient(t *testing.T) {
	for code, want := range map[parley.Code]string{
		parley.CodePasswordNeeded: "give it by --password-stdin, or log in with `parley login`",
		parley.CodeUnauthorized:   "log in with `parley login`",
		parley.CodeNameTaken:      "choose another by --name NAME",
		parley.CodeFull:           "no",
	} {
		server := listenWeb(t)
		j := join(t, Options{Target: server.target(), Name: "alice"})
		c := server.accept()
		c.hears()
		c.says(wire.Refused{Code: code, Sentence: "no"})
		if err := j.expectEnd(); parley.CodeOf(err) != code || !strings.Contains(parley.Sentence(err), want) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestTheServerSaysWhenToComeBack(t *testing.T) {
	server := listenWeb(t)
	o := Options{Target: server.target(), Name: "alice", Files: NewFolder(t.TempDir())}
	j := join(t, o)
	c := server.accept()
	c.hears()
	c.says(welcome())
	c.hears()
	c.says(lobbyAt(7), wire.Bye{Code: parley.CodeShutdown, Sentence: "the server is shutting down", Retry: true, RetryAfter: 20})
	j.expectConnected()
	j.expect(Lost{Reason: "the server is shutting down", Wait: 20 * time.Second})
}

func TestWhoIsSentOutHasLeft(t *testing.T) {
	j, c, _ := joinWeb(t)
	c.says(wire.MemberChanged{Entry: entry("lobby", 8), Who: wire.Person{ID: alice.ID, Name: "alice"}, Change: parley.MemberKicked})
	j.expect(Notice{"alice was sent out by bob"})
	if err := j.expectEnd(); parley.Sentence(err) != "you were sent out of lobby by bob" {
		t.Errorf("it ended because %v", err)
	}
}

// Somebody who pipes a file in is slowed to what the server acknowledges.
func TestNotMoreIsOnItsWayThanTheServerAcknowledges(t *testing.T) {
	j, c, _ := joinWeb(t)
	said := make(chan error, 1)
	go func() {
		for range maxPending + 1 {
			if err := j.Say(t.Context(), "x"); err != nil {
				said <- err
				return
			}
		}
		said <- nil
	}()
	first := c.expectText("x")
	for range maxPending - 1 {
		c.expectText("x")
	}
	select {
	case err := <-said:
		t.Fatalf("more was sent: %v", err)
	default:
	}
	c.says(wire.Ack{ID: first.ID, Room: "lobby", Number: 8})
	c.expectText("x")
	if err := <-said; err != nil {
		t.Error(err)
	}
}

func TestLeavingInOrderOnHTTP(t *testing.T) {
	j, c, _ := joinWeb(t)
	j.do(j.Say(t.Context(), "last words"))
	settled := make(chan struct{})
	go func() { j.Settle(t.Context()); j.Close(); close(settled) }()
	post := c.expectText("last words")
	c.says(wire.Ack{ID: post.ID, Room: "lobby", Number: 8})
	if m := c.next(); m.Kind != frame.Close {
		t.Errorf("the client leaves by %+v", m)
	}
	c.writes(frame.AppendClose(nil, 1000, ""))
	_ = c.Close()
	if err := j.expectEnd(); err != nil {
		t.Errorf("it ended because %v", err)
	}
	<-settled
}

func TestAServerOfAnotherProtocolIsNamed(t *testing.T) {
	server := listen(t, "127.0.0.1:0")
	target := server.target(SchemeHTTP)
	j := join(t, Options{Target: target, Name: "alice"})
	c := server.accept()
	c.say("welcome\n")
	if err := j.expectEnd(); !strings.Contains(parley.Sentence(err), "what answers there does not speak HTTP") {
		t.Errorf("it ended because %v", err)
	}
	_ = c.Close()
}
