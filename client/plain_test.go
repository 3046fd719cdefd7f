package client

import (
	"errors"
	"strings"
	"testing"

	"parley"
)

// joinPlain connects a client to a fake server, as somebody without a name, and lets it be greeted.
func joinPlain(t *testing.T, change ...func(*Options)) (*joined, *served, *fakeServer) {
	t.Helper()
	server := listen(t, "127.0.0.1:0")
	o := Options{Target: server.target(SchemePlain)}
	for _, f := range change {
		f(&o)
	}
	j := join(t, o)
	c := server.accept()
	if o.Name == "" {
		c.say("welcome\n")
		j.expect(Connected{server.Addr().String()}, Line{"welcome"})
	}
	return j, c, server
}

func TestPlainFormats(t *testing.T) {
	j, c, _ := joinPlain(t)
	for line, want := range map[string]Event{
		"<bob> :hi":                                  Message{From: "bob", Text: "hi"},
		"<127.0.0.1 : 49525> :hello":                 Message{From: "127.0.0.1 : 49525", Text: "hello"},
		"<bob> (private) :psst":                      Message{From: "bob", Text: "psst", Direct: true},
		"bob says: hi":                               Message{From: "bob", Text: "hi"},
		"127.0.0.1 says: hi":                         Message{From: "127.0.0.1", Text: "hi"},
		"* alice joined":                             Notice{"alice joined"},
		"you are zoe":                                Notice{"you are zoe"},
		"error: message too long":                    Notice{"error: message too long"},
		"closed: idle for 120s":                      Notice{"closed: idle for 120s"},
		"online: alice, 127.0.0.1 : 49525":           Online{[]Person{{Name: "alice"}, {Name: "127.0.0.1 : 49525"}}},
		"HELLO":                                      Line{"HELLO"},
		"stored nothing 0 sha256:00":                 Line{"stored nothing 0 sha256:00"},
		"file:x 5 sha256:" + strings.Repeat("0", 64): Line{"file:x 5 sha256:" + strings.Repeat("0", 64)},
	} {
		c.say(line + "\n")
		j.expect(want)
	}
}

func TestClassroomServerWithoutLF(t *testing.T) {
	server := listen(t, "127.0.0.1:0")
	j := join(t, Options{Target: server.target(SchemePlain)})
	c := server.accept()
	c.say("wel")
	c.say("come")
	j.expectConnected()
	j.expect(Line{"welcome"})
	c.say("<127.0.0.1 : 49525> :hello")
	j.expect(Message{From: "127.0.0.1 : 49525", Text: "hello"})
	j.do(j.Say(t.Context(), "hello to you"))
	c.expect("hello to you\n")
}

func TestConnectionCutInTheMiddleOfALine(t *testing.T) {
	j, c, _ := joinPlain(t)
	c.say("<bob> :one\n<bob> :tw")
	_ = c.Close()
	j.expect(Message{From: "bob", Text: "one"}, Notice{"cut off in the middle of a line:"}, Message{From: "bob", Text: "tw"})
	j.expectLost("the server has closed it")
}

func TestTypedWordsOnPlain(t *testing.T) {
	j, c, _ := joinPlain(t)
	ctx := t.Context()
	j.do(j.Say(ctx, "hello"))
	c.expect("hello\n")
	j.do(j.Say(ctx, "two\u2028lines\x1b[2J"))
	c.expect("two lines\uFFFD[2J\n")
	j.do(j.Direct(ctx, "127.0.0.1 : 49525: hi"))
	c.expect("@127.0.0.1 : 49525: hi\n")
	j.do(j.Online(ctx))
	c.expect("#ls\n")
	j.do(j.AskFile(ctx, "出师表.txt"))
	c.expect("ask for file:出师表.txt\n")
	for text, want := range map[string]parley.Code{" ": parley.CodeInvalid, strings.Repeat("x", 64<<10+1): parley.CodeTooLong} {
		if err := j.Say(ctx, text); parley.CodeOf(err) != want {
			t.Errorf("%d bytes: %v, want %s", len(text), err, want)
		}
	}
	if err := j.AskFile(ctx, "../x"); parley.CodeOf(err) != parley.CodeNameInvalid {
		t.Errorf("asking for a path: %v", err)
	}
}

func TestOwnMessagesOfAServerThatEchoesAreNotTold(t *testing.T) {
	j, c, _ := joinPlain(t)
	j.do(j.Say(t.Context(), "as a guest"))
	c.expect("as a guest\n")
	c.say("<" + namelessSelf(c.RemoteAddr()) + "> :as a guest\nyou are alice\n<alice> :with a name\n<bob> :hi\n")
	j.expect(Notice{"you are alice"}, Message{From: "bob", Text: "hi"})
}

func TestNameIsAskedForFirst(t *testing.T) {
	j, c, server := joinPlain(t, func(o *Options) { o.Name = "alice" })
	c.say("welcome\n")
	c.expect("/name alice\n")
	c.say("you are alice\n")
	j.expect(Connected{server.Addr().String()}, Line{"welcome"}, Notice{"you are alice"})
}

func TestNameThatSomebodyHasLeavesAGuest(t *testing.T) {
	j, c, _ := joinPlain(t, func(o *Options) { o.Name = "alice" })
	c.expect("/name alice\n")
	c.say("error: name alice is taken\n")
	j.expectConnected()
	j.expect(Notice{"error: name alice is taken"})
	j.do(j.Say(t.Context(), "hello"))
	c.expect("hello\n")
}

func TestServerOfAnotherMakeThatSaysNothing(t *testing.T) {
	j, c, _ := joinPlain(t, func(o *Options) { o.Name = "alice" })
	c.expect("/name alice\n")
	j.expectConnected()
}

func TestServerThatSendsEverythingBackInUpperCase(t *testing.T) {
	j, c, server := joinPlain(t, func(o *Options) { o.Name = "alice" })
	c.expect("/name alice\n")
	c.say("welcome\n/NAME ALICE\n")
	j.expect(Connected{server.Addr().String()}, Line{"welcome"})
	c.say("HELLO\n/NAME ALICE\n")
	j.expect(Line{"HELLO"}, Line{"/NAME ALICE"})
}

func TestComingBack(t *testing.T) {
	j, c, server := joinPlain(t)
	c.reset()
	j.expectLost("reset")
	c = server.accept()
	c.say("welcome\n<bob> :you missed a lot\n")
	j.expectConnected()
	j.expect(Line{"welcome"}, Message{From: "bob", Text: "you missed a lot"})
	j.do(j.Say(t.Context(), "back"))
	c.expect("back\n")
}

func TestNoReconnect(t *testing.T) {
	j, c, _ := joinPlain(t, func(o *Options) { o.NoReconnect = true })
	_ = c.Close()
	err := j.expectEnd()
	if parley.CodeOf(err) != parley.CodeClosed || !strings.Contains(err.Error(), "the server has closed it") {
		t.Errorf("it ended because %v", err)
	}
}

func TestMessageOnItsWayIsInDoubtAndNotSentAgain(t *testing.T) {
	j, c, server := joinPlain(t)
	j.do(j.Say(t.Context(), "are you there?"))
	c.expect("are you there?\n")
	c.reset()
	j.expect(Doubt{"are you there?"})
	j.expectLost("reset")
	c = server.accept()
	j.do(j.Await(t.Context()))
	j.do(j.Say(t.Context(), "again"))
	c.expect("again\n")
}

func TestMessageBeforeAnAnswerIsNotInDoubt(t *testing.T) {
	j, c, _ := joinPlain(t)
	j.do(j.Say(t.Context(), "first"))
	j.do(j.Online(t.Context()))
	j.do(j.Say(t.Context(), "second"))
	c.expect("first\n#ls\nsecond\n")
	c.say("online: bob\n")
	j.expect(Online{[]Person{{Name: "bob"}}})
	c.reset()
	j.expect(Doubt{"second"})
	j.expectLost("reset")
}

func TestNothingIsSentWithoutAConnection(t *testing.T) {
	j, c, server := joinPlain(t)
	_ = server.Close()
	_ = c.Close()
	j.expectLost("the server has closed it")
	j.expectLost("cannot connect to " + server.Addr().String() + ": ")
	if err := j.Say(t.Context(), "hello?"); !errors.Is(err, ErrAway) {
		t.Errorf("saying something without a connection: %v", err)
	}
}

func TestFullServerIsNoConnection(t *testing.T) {
	server := listen(t, "127.0.0.1:0")
	j := join(t, Options{Target: server.target(SchemePlain)})
	c := server.accept()
	c.say("server is full (2 clients)\n")
	_ = c.Close()
	j.expect(Notice{"server is full (2 clients)"})
	if err := j.expectEnd(); parley.CodeOf(err) != parley.CodeFull {
		t.Errorf("it ended because %v", err)
	}
}

func TestServerThatIsFullWhenComingBackIsTriedAgain(t *testing.T) {
	j, c, server := joinPlain(t)
	_ = c.Close()
	j.expectLost("the server has closed it")
	c = server.accept()
	c.say("server is full (2 clients)\n")
	_ = c.Close()
	j.expect(Notice{"server is full (2 clients)"})
	j.expectLost("server is full (2 clients)")
	server.accept().say("welcome\n")
	j.expectConnected()
}

func TestCloseLeavesInOrder(t *testing.T) {
	j, c, _ := joinPlain(t)
	j.do(j.Say(t.Context(), "last words"))
	closed := make(chan struct{})
	go func() { j.Close(); close(closed) }()
	c.expect("last words\n")
	c.expectEnd()
	c.say("<bob> :bye\n")
	_ = c.Close()
	j.expect(Message{From: "bob", Text: "bye"})
	if err := j.expectEnd(); err != nil {
		t.Errorf("it ended because %v", err)
	}
	<-closed
}

func TestGarbageFromAServer(t *testing.T) {
	j, c, _ := joinPlain(t)
	for _, garbage := range []string{
		"\x00\x01\x02", "\x1b]0;owned\x07\x1b[2J", "\xf0\x9f", "<", "<>", "<a>", "file:", "file:a b c", "stored",
	} {
		c.say(garbage + "\n")
		j.expect(Line{parley.CleanLine(garbage)})
	}
	c.say(strings.Repeat("x", 200_000) + "\n<bob> :still here\n")
	j.expect(Notice{"a line over 66560 bytes was dropped"}, Message{From: "bob", Text: "still here"})
}

func TestAnswerInHTTPEndsTheConnection(t *testing.T) {
	j, c, _ := joinPlain(t, func(o *Options) { o.NoReconnect = true })
	c.say("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
	j.expect(Line{"HTTP/1.1 400 Bad Request"}, Line{"Connection: close"})
	_ = c.Close()
	_ = j.expectEnd()
}
