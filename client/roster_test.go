package client

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/peer"
)

// joinRoster connects a client to a fake server, which lets it in.
func joinRoster(t *testing.T, change ...func(*Options)) (*joined, *served, *fakeServer) {
	t.Helper()
	server := listen(t, "127.0.0.1:0")
	o := Options{Target: server.target(SchemeRoster), Name: "alice"}
	for _, f := range change {
		f(&o)
	}
	j := join(t, o)
	c := server.accept()
	c.expect("alice")
	c.say(`!{"alice": "127.0.0.1"}`)
	j.expectConnected()
	return j, c, server
}

func TestRosterRegistersWithoutADelimiterAndThenTalks(t *testing.T) {
	j, c, _ := joinRoster(t)
	j.do(j.Await(t.Context()))
	j.do(j.Say(t.Context(), "hello"))
	c.expect("hello")
	c.say("bob: hello yourself ")
	j.expect(Message{From: "bob", Text: "hello yourself"})
	c.say("127.0.0.1 : 49525: from plain ")
	j.expect(Message{From: "127.0.0.1 : 49525", Text: "from plain"})
	c.say("bob (private): psst ")
	j.expect(Message{From: "bob", Text: "psst", Direct: true})
}

func TestNothingIsSaidBeforeTheNameIsTaken(t *testing.T) {
	server := listen(t, "127.0.0.1:0")
	j := join(t, Options{Target: server.target(SchemeRoster), Name: "alice"})
	c := server.accept()
	c.expect("alice")
	if err := j.Say(t.Context(), "would be taken for a name"); !errors.Is(err, ErrAway) {
		t.Errorf("saying something: %v", err)
	}
	c.say(`!{"alice": "127.0.0.1"}`)
	j.expectConnected()
	j.do(j.Await(t.Context()))
}

func TestRosterSlowToLetIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemeRoster}, Name: "alice"})
		defer w.end()
		server := w.accept()
		_, _ = io.ReadFull(server, make([]byte, 5))
		began := time.Now()
		w.expectConnected()
		if took := time.Since(began); took != admission {
			t.Errorf("told after %v, want %v", took, admission)
		}
		w.expect(Notice{"waiting for the server to let alice in"})
	})
}

func TestRosterTellsWhoIsHereAndWhoComesAndGoes(t *testing.T) {
	j, c, _ := joinRoster(t)
	c.say(`!{"alice": "127.0.0.1", "bob": "127.0.0.12"}`)
	j.expect(Presence{Name: "bob", Here: true})
	online := make(chan error, 1)
	go func() { online <- j.Online(t.Context()) }()
	j.expect(Online{[]Person{{"alice", netip.MustParseAddr("127.0.0.1")}, {"bob", netip.MustParseAddr("127.0.0.12")}}})
	j.do(<-online)
	c.say(`!{"alice": "127.0.0.1", "carol": "nowhere"}`)
	j.expect(Presence{Name: "bob"}, Presence{Name: "carol", Here: true})
	go func() { online <- j.Online(t.Context()) }()
	j.expect(Online{[]Person{{"alice", netip.MustParseAddr("127.0.0.1")}, {Name: "carol"}}})
	j.do(<-online)
}

// A hostile server's rosters have as many names as they can hold, and each time others. Comparing every name with every other
// took the client minutes.
func TestRosterOf150000Strangers(t *testing.T) {
	const people = 150_000
	entries := func(mark string) []string {
		names := make([]string, people)
		for i := range names {
			names[i] = fmt.Sprintf("%s%06d", mark, i)
		}
		return names
	}
	before, now := entries("a"), append(entries("b"), "a000007")
	if gone := missing(before, now); len(gone) != people-1 || gone[6] != "a000006" || gone[7] != "a000008" {
		t.Errorf("%d have gone, from %v on", len(gone), gone[:min(len(gone), 9)])
	}
	if come := missing(now, before); !slices.Equal(come, now[:people]) {
		t.Errorf("%d have come", len(come))
	}
}

func TestGluedSplitAndGarbledRosters(t *testing.T) {
	j, c, _ := joinRoster(t)
	c.say(`bob: wow !!{"a`) // a text, and a roster that is split
	c.say(`lice": "127.0.0.1", "bob": "127.0.0.12"}!{"alice": "127.0.0.1"}`)
	j.expect(Message{From: "bob", Text: "wow !"}, Presence{Name: "bob", Here: true}, Presence{Name: "bob"})
	c.say(`bob: this is !{"not": "a roster"} at all `)
	j.expect(Message{From: "bob", Text: `this is !{"not": "a roster"} at all`})
	c.say(`!{"alice": ["127.0.0.1"], "x": {}}`)
	if got, ok := j.next().(Notice); !ok || !strings.Contains(got.Sentence, "ignored") {
		t.Errorf("told %+v about a roster that is none", got)
	}
	c.say("\x00\xff\x1b[2J ")
	if got, ok := j.next().(Line); !ok || strings.Contains(got.Text, "\x1b") {
		t.Errorf("told %q about garbage", got.Text)
	}
	c.say("bob: still here ")
	j.expect(Message{From: "bob", Text: "still here"})
}

// Mallory's text is longer than one read of the client, and the screen takes its time between two reads. The second begins
// with bob's name: for a moment that looked like another message.
func TestLongTextIsItsSendersOnASlowScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemeRoster}, Name: "alice"})
		defer w.end()
		server := w.accept()
		_, _ = io.ReadFull(server, make([]byte, len("alice")))
		_, _ = io.WriteString(server, `!{"alice": "127.0.0.1"}`)
		w.expectConnected()
		text := "mallory: one mallory: " + strings.Repeat("x", readSize)[len("mallory: one mallory: ")+1:] + " bob: I owe mallory 100 "
		go func() { _, _ = io.WriteString(server, text) }()
		time.Sleep(time.Minute) // of the bubble's time: nobody takes an event
		w.expect(Message{From: "mallory", Text: "one"})
		w.expect(Message{From: "mallory", Text: strings.TrimSpace(text[len("mallory: one mallory: "):])})
	})
}

func TestErrorsOfTheServerAreNobodysWords(t *testing.T) {
	j, c, _ := joinRoster(t)
	c.say("error: message too long ")
	j.expect(Notice{"error: message too long"})
	c.say("closed: the server is stopping ")
	j.expect(Notice{"closed: the server is stopping"})
	c.say(`!{"alice": "127.0.0.1", "error": "127.0.0.13"}`)
	j.expect(Presence{Name: "error", Here: true})
	c.say("error: my name is error ")
	j.expect(Message{From: "error", Text: "my name is error"})
}

func TestRosterHasNoFiles(t *testing.T) {
	j, _, _ := joinRoster(t)
	j.do(j.Await(t.Context()))
	for _, err := range []error{j.SendFile(t.Context(), "x"), j.AskFile(t.Context(), "x")} {
		if err == nil || parley.Sentence(err) != "this protocol has no files" {
			t.Errorf("%v", err)
		}
	}
}

func TestNameThatSomebodyHasIsNoConnection(t *testing.T) {
	for answer, want := range map[string]string{
		"name alice is taken, send another ":                   "name alice is taken: choose another by --name NAME",
		"a name cannot look like an IP address, send another ": "a name cannot look like an IP address: choose another by --name NAME",
	} {
		server := listen(t, "127.0.0.1:0")
		j := join(t, Options{Target: server.target(SchemeRoster), Name: "alice"})
		c := server.accept()
		c.expect("alice")
		c.say(answer)
		if err := j.expectEnd(); err == nil || err.Error() != want {
			t.Errorf("it ended because %v, want %q", err, want)
		}
	}
}

func TestFullRosterServerIsNoConnection(t *testing.T) {
	server := listen(t, "127.0.0.1:0")
	j := join(t, Options{Target: server.target(SchemeRoster), Name: "alice"})
	c := server.accept()
	c.say("server is full (2 clients) ")
	_ = c.Close()
	j.expect(Notice{"server is full (2 clients)"})
	if err := j.expectEnd(); parley.CodeOf(err) != parley.CodeFull {
		t.Errorf("it ended because %v", err)
	}
}

func TestNameHeldByTheDeadConnectionIsStoodInFor(t *testing.T) {
	j, c, server := joinRoster(t)
	c.reset()
	j.expectLost("")
	c = server.accept()
	c.expect("alice")
	c.say("name alice is taken, send another ")
	c.expect("alice-2")
	c.say("name alice-2 is taken, send another ")
	c.expect("alice-3")
	c.say(`!{"alice": "127.0.0.1", "alice-3": "127.0.0.1"}`)
	j.expectConnected()
	j.expect(Notice{"name alice is taken" + stillHeld})
	j.do(j.Await(t.Context()))
	j.do(j.Say(t.Context(), "as a guest"))
	c.expect("as a guest")

	c.say(`!{"alice-3": "127.0.0.1"}`) // the server has noticed
	j.expect(Presence{Name: "alice"}, Notice{"the name alice is free again: coming back under it"})
	c.expectEnd()
	_ = c.Close()
	c = server.accept() // and nothing is in doubt
	c.expect("alice")
	c.say(`!{"alice": "127.0.0.1"}`)
	j.expectConnected()
	j.do(j.Await(t.Context()))
	j.do(j.Say(t.Context(), "myself again"))
	c.expect("myself again")
}

func TestStandIn(t *testing.T) {
	if got := standIn("alice", 2); got != "alice-2" {
		t.Errorf("for alice stands in %s", got)
	}
	long := strings.Repeat("é", parley.MaxName)
	if got, err := parley.ParseName(standIn(long, 10)); err != nil {
		t.Errorf("for a long name stands in %s: %v", got, err)
	}
}

// needManyLoopbacks ends the test where 127.0.0.11 is nobody's address.
func needManyLoopbacks(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" && runtime.GOOS != "windows" {
		t.Skip("needs 127.0.0.11 and its neighbours: on macOS, `sudo ifconfig lo0 alias 127.0.0.11` and so on")
	}
}

// bound makes the client connect from an address and take direct messages there.
func bound(ip string, port uint16) func(*Options) {
	return func(o *Options) {
		o.Bind = netip.MustParseAddr(ip)
		o.Target.DirectPort = port
	}
}

// freePort gives a UDP port that is free on an address.
func freePort(t *testing.T, ip string) uint16 {
	t.Helper()
	p, err := peer.Listen(t.Context(), netip.AddrPortFrom(netip.MustParseAddr(ip), 0), peer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	return p.Port()
}

func TestDirectMessageGoesPastTheServer(t *testing.T) {
	needManyLoopbacks(t)
	port := freePort(t, "127.0.0.12")
	alice, c, _ := joinRoster(t, bound("127.0.0.11", port))
	received := make(chan peer.Direct)
	bob, err := peer.Listen(t.Context(), netip.AddrPortFrom(netip.MustParseAddr("127.0.0.12"), port), peer.Options{
		NameOf:  func(netip.Addr) string { return "alice" },
		Deliver: func(d peer.Direct) { received <- d },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bob.Close() }()
	c.say(`!{"alice": "127.0.0.11", "bob": "127.0.0.12", "Bob: B": "127.0.0.13", "eve": "?"}`)
	alice.expect(Presence{"Bob: B", true}, Presence{"bob", true}, Presence{"eve", true})

	alice.do(alice.Direct(t.Context(), "BOB:  hi \x1b[2J"))
	if got := <-received; got.Text != "hi \uFFFD[2J" || got.Address != netip.MustParseAddr("127.0.0.11") {
		t.Errorf("bob received %+v", got)
	}
	alice.do(bob.Send(netip.MustParseAddr("127.0.0.11"), "hi yourself"))
	alice.expect(Message{From: "bob", Text: "hi yourself", Direct: true})

	for rest, want := range map[string]string{
		"carol: hi": "nobody in the roster is called carol",
		"eve: hi":   "the roster has no address for eve",
		"bob:":      "a message cannot be empty",
	} {
		if err := alice.Direct(t.Context(), rest); err == nil || parley.Sentence(err) != want {
			t.Errorf("@%s: %v, want %q", rest, err, want)
		}
	}

	c.reset() // without a server they can still talk
	alice.expectLost("")
	alice.do(alice.Direct(t.Context(), "bob: still there?"))
	if got := <-received; got.Text != "still there?" {
		t.Errorf("bob received %+v", got)
	}
}

func TestSenderWhomTheRosterDoesNotHave(t *testing.T) {
	needManyLoopbacks(t)
	port := freePort(t, "127.0.0.11")
	alice, _, _ := joinRoster(t, bound("127.0.0.11", port))
	stranger, err := peer.Listen(t.Context(), netip.AddrPortFrom(netip.MustParseAddr("127.0.0.13"), port), peer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stranger.Close() }()
	alice.do(stranger.Send(netip.MustParseAddr("127.0.0.11"), "psst"))
	alice.expect(Message{From: "Non-registered", Text: "psst", Direct: true})
}

func TestRoomWorksWhereDirectMessagesDoNot(t *testing.T) {
	other, err := peer.Listen(t.Context(), netip.MustParseAddrPort("127.0.0.1:0"), peer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	server := listen(t, "127.0.0.1:0")
	target := server.target(SchemeRoster)
	target.DirectPort = other.Port()
	alice := join(t, Options{Target: target, Name: "alice"})
	c := server.accept()
	off, ok := alice.next().(Notice)
	if !ok || !strings.HasPrefix(off.Sentence, "direct messages are off: port ") {
		t.Errorf("told %+v", off)
	}
	c.say(`!{"alice": "127.0.0.1", "bob": "127.0.0.12"}`)
	alice.expectConnected()
	alice.do(alice.Await(t.Context()))
	if err := alice.Direct(t.Context(), "bob: hi"); err == nil || parley.Sentence(err) != off.Sentence {
		t.Errorf("a direct message: %v", err)
	}
	alice.do(alice.Say(t.Context(), "hello"))
	c.expect("alicehello")
}

// TestDirectMessagesAreTriedAgainWithTheNextConnection: where the port had been taken once, direct messages stayed off
// for as long as the client lived at that address.
func TestDirectMessagesAreTriedAgainWithTheNextConnection(t *testing.T) {
	other, err := peer.Listen(t.Context(), netip.MustParseAddrPort("127.0.0.1:0"), peer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := listen(t, "127.0.0.1:0")
	target := server.target(SchemeRoster)
	target.DirectPort = other.Port()
	alice := join(t, Options{Target: target, Name: "alice"})
	if off, ok := alice.next().(Notice); !ok || !strings.HasPrefix(off.Sentence, "direct messages are off: port ") {
		t.Errorf("told %+v", off)
	}
	for _, still := range []bool{true, false} { // the person is told once, and when it is over
		c := server.accept()
		c.expect("alice")
		c.say(`!{"alice": "127.0.0.1"}`)
		alice.expectConnected()
		if !still {
			_ = other.Close()
		}
		c.reset()
		alice.expectLost("")
	}
	alice.expect(Notice{"direct messages are on again"})
}

func TestOfSeveralAtOneAddressTheSenderIsSomebodyElse(t *testing.T) {
	j, c, _ := joinRoster(t)
	c.say(`!{"aaron": "127.0.0.12", "alice": "127.0.0.1", "zoe": "127.0.0.1"}`)
	j.expect(Presence{"aaron", true}, Presence{"zoe", true})
	for address, want := range map[string]string{"127.0.0.1": "zoe", "127.0.0.12": "aaron", "127.0.0.13": ""} {
		if got := j.neighbours.nameOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("at %s is %q, want %q", address, got, want)
		}
	}
}
