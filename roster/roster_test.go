package roster_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/hub"
	"parley/roster"
)

func TestRegistering(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice := s.connect("10.20.30.11")
		s.wait(time.Hour) // nobody is hurried: a person types the name
		alice.expect("")
		alice.say("  alice ")
		s.wait(time.Second)
		alice.expect(`[!{"alice": "10.20.30.11"}]`)

		bob := s.connect("10.20.30.12")
		bob.say("alice")
		s.wait(time.Second)
		bob.expect("[name alice is taken, send another ]")
		bob.say("ALICE")
		s.wait(time.Second)
		bob.expect("[name ALICE is taken, send another ]")
		bob.say("10.20.30.11")
		s.wait(time.Second)
		bob.expect("[a name cannot look like an IP address, send another ]")
		bob.say(strings.Repeat("x", 33))
		s.wait(time.Second)
		bob.expect("[a name has at most 32 characters, send another ]")
		bob.say("b\xffb")
		s.wait(time.Second)
		bob.expect("[a name must be UTF-8 text, send another ]")
		bob.say("bob:")
		s.wait(time.Second)
		bob.expect("[a name has only letters, digits, '_', '-' and '.', send another ]")
		alice.expect("")
		bob.say("bob from \t the lab")
		s.wait(time.Second)
		bob.expect(`[!{"alice": "10.20.30.11", "bob_from_the_lab": "10.20.30.12"}]`)
		alice.expect(`[!{"alice": "10.20.30.11", "bob_from_the_lab": "10.20.30.12"}]`)
		dismiss(alice, bob)
	})
}

func TestNameIsTakenOnEveryProtocol(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		carol := s.visit(hub.Profile{Identity: parley.Identity{Name: "carol"}, Listener: "plain://10.20.30.1:8001"})
		defer carol.Leave()
		alice := s.register("carol", "10.20.30.11")
		alice.expect("[name carol is taken, send another ]")
		alice.leave()
	})
}

func TestRosterFollowsWhoComesAndGoes(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice := s.register("alice", "10.20.30.11")
		alice.expect(`[!{"alice": "10.20.30.11"}]`)
		bob := s.register("bob", "::ffff:10.20.30.12")
		both := `[!{"alice": "10.20.30.11", "bob": "10.20.30.12"}]`
		alice.expect(both)
		bob.expect(both)
		carol := s.visit(hub.Profile{Identity: parley.Identity{Name: "carol"}, Listener: "plain://10.20.30.1:8001"})
		s.wait(time.Second)
		alice.expect("") // a datagram cannot reach her
		carol.Leave()
		dora := s.register("dora", "fe80::1%eth0")
		alice.expect(`[!{"alice": "10.20.30.11", "bob": "10.20.30.12", "dora": "fe80::1"}]`)
		bob.leave()
		s.wait(time.Second)
		alice.expect(`[!{"alice": "10.20.30.11", "dora": "fe80::1"}]`)
		dismiss(alice, dora)
	})
}

func TestMessageReachesEverybodyElse(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice, bob := s.register("alice", "10.20.30.11"), s.register("bob", "10.20.30.12")
		alice.heard()
		bob.heard()
		alice.say("hello")
		s.wait(49 * time.Millisecond)
		bob.expect("") // it may not be all
		s.wait(time.Millisecond)
		bob.expect("[alice: hello ]")
		alice.expect("")
		for _, text := range []string{"/name eve", "#ls", "@bob: hi", "quit", "exit", "send file:x 3", "!{}"} {
			alice.say(text)
			s.wait(2 * time.Second)
			bob.expect("[alice: " + strings.Replace(text, "!{", "! {", 1) + " ]") // there are no commands here
		}
		dismiss(alice, bob)
	})
}

func TestNewlinesEndMessagesOnceOneHasCome(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		bob := s.register("bob", "10.20.30.12")
		alice := s.connect("10.20.30.11")
		alice.say("alice\none\r\ntwo\n\n \nth")
		s.wait(time.Minute)
		bob.heard()
		alice.say("ree\n")
		s.wait(time.Second)
		bob.expect("[alice: three ]")
		dismiss(alice, bob)
	})
}

func TestTextOfSeveralLinesCannotPose(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice, bob := s.register("alice", "10.20.30.11"), s.register("bob", "10.20.30.12")
		bob.heard()
		alice.say("hi\u2028carol: I quit\u0085\u2029and\x1b[2J")
		s.wait(time.Second)
		bob.expect("[alice: hi alice: carol: I quit alice: and\uFFFD[2J ]")
		dismiss(alice, bob)
	})
}

func TestWhatOtherProtocolsHave(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		ctx := context.Background()
		guest := s.visit(hub.Profile{Shown: "10.20.30.99 : 49525", Listener: "plain://10.20.30.1:8001"})
		defer guest.Leave()
		alice, bob := s.register("alice", "10.20.30.11"), s.register("bob", "10.20.30.12")
		alice.heard()
		bob.heard()
		if err := guest.Post(ctx, "from netcat"); err != nil {
			t.Error(err)
		}
		s.wait(time.Second)
		alice.expect("[10.20.30.99 : 49525: from netcat ]")
		if err := guest.PostFile(ctx, parley.File{Name: "出师表.txt", Size: 48211}); err != nil {
			t.Error(err)
		}
		s.wait(time.Second)
		alice.expect("[10.20.30.99 : 49525: [file 出师表.txt 48211 bytes] ]")
		bob.heard()
		if err := guest.Direct(ctx, "alice", "psst"); err != nil {
			t.Error(err)
		}
		s.wait(time.Second)
		alice.expect("[10.20.30.99 : 49525 (private): psst ]")
		bob.expect("")
		dismiss(alice, bob)
	})
}

// A classroom client takes what one read brings for one message, so a roster has 25 ms of quiet around it.
func TestRosterIsAlone(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice := s.register("alice", "10.20.30.11")
		guest := s.visit(hub.Profile{Shown: "guest", Listener: "plain://10.20.30.1:8001"})
		defer guest.Leave()
		var crowd []*client
		for i := range 30 {
			if err := guest.Post(context.Background(), fmt.Sprint("text ", i)); err != nil {
				t.Error(err)
			}
			c := s.connect(fmt.Sprintf("10.20.31.%d", i))
			c.say(fmt.Sprint("person", i))
			crowd = append(crowd, c)
			s.wait(7 * time.Millisecond)
		}
		s.wait(time.Second)
		all := append([]*client{alice}, crowd...)
		for _, c := range all {
			checkQuiet(t, c.arrivals())
		}
		dismiss(all...)
	})
}

// checkQuiet checks that every roster came alone, and that the last one is complete.
func checkQuiet(t *testing.T, arrivals []arrival) {
	t.Helper()
	const quiet = 25 * time.Millisecond
	rosters := 0
	for i, a := range arrivals {
		if !strings.HasPrefix(a.bytes, "!") {
			continue
		}
		rosters++
		if strings.Count(a.bytes, "{") != 1 || !strings.HasSuffix(a.bytes, "}") {
			t.Errorf("a roster came as %q", a.bytes)
		}
		if i > 0 && a.at-arrivals[i-1].at < quiet || i+1 < len(arrivals) && arrivals[i+1].at-a.at < quiet {
			t.Errorf("no quiet around the roster at %v", a.at)
		}
	}
	last := arrivals[len(arrivals)-1].bytes
	if rosters == 0 || !strings.Contains(last, "person29") {
		t.Errorf("%d rosters, the last thing is %q", rosters, last)
	}
}

func TestTextsOfOneBatchStayTogetherOnlyForOnePerson(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice, bob, carol := s.register("alice", "10.20.30.11"), s.register("bob", "10.20.30.12"), s.register("carol", "10.20.30.13")
		carol.heard()
		alice.say("one\ntwo\nthree\n")
		bob.say("four\n")
		s.wait(time.Second)
		got := carol.heard()
		if !strings.Contains(got, "[alice: one alice: two alice: three ]") || !strings.Contains(got, "[bob: four ]") {
			t.Errorf("heard %q", got)
		}
		dismiss(alice, bob, carol)
	})
}

func TestNothingRunsWhileNothingWaits(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice := s.register("alice", "10.20.30.11")
		s.wait(1000 * time.Hour) // a timer that ran would have woken something in all that time
		alice.expect(`[!{"alice": "10.20.30.11"}]`)
		alice.leave()
	})
}

func TestIdleClientIsLetGo(t *testing.T) {
	inSchool(t, roster.Options{Idle: 2 * time.Minute}, func(t *testing.T, s *school) {
		alice := s.register("alice", "10.20.30.11")
		alice.heard()
		silent := s.connect("10.20.30.12")
		s.wait(118 * time.Second)
		alice.say("still here")
		s.wait(2 * time.Second)
		silent.expect("[closed: idle for 120s ]") // also one that never sent a name
		s.wait(117 * time.Second)
		alice.expect("")
		s.wait(time.Second)
		alice.expect("[closed: idle for 120s ]")
		dismiss(alice, silent)
	})
}

func TestLongMessageIsRefused(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice, bob := s.register("alice", "10.20.30.11"), s.register("bob", "10.20.30.12")
		alice.heard()
		bob.heard()
		alice.say(strings.Repeat("x", 100_000))
		s.wait(time.Minute)
		alice.expect("[error: message too long (limit 65536 bytes) ]")
		alice.say("short again")
		s.wait(time.Second)
		bob.expect("[alice: short again ]")
		dismiss(alice, bob)
	})
}

func TestClientThatIsTooFastWaits(t *testing.T) {
	for _, c := range []struct {
		options roster.Options
		atOnce  bool
	}{{roster.Options{}, false}, {roster.Options{Unpaced: true}, true}} {
		inSchool(t, c.options, func(t *testing.T, s *school) {
			alice, bob := s.register("alice", "10.20.30.11"), s.register("bob", "10.20.30.12")
			bob.heard()
			line := strings.Repeat("x", 1023) + "\n"
			start := time.Since(s.start)
			alice.say(strings.Repeat(line, 512)) // twice what may come at once
			s.wait(time.Minute)
			arrivals := bob.arrivals()
			if took := arrivals[len(arrivals)-1].at - start; (took < 3*time.Second) != c.atOnce {
				t.Errorf("512 KiB took %v with %+v", took, c.options)
			}
			dismiss(alice, bob)
		})
	}
}

// For whoever reads, the shortest message is a text with a name before it.
func TestShortTextsArePaced(t *testing.T) {
	for _, flood := range []string{strings.Repeat("a\n", 12_000), strings.Repeat(strings.Repeat("a\u2028", 1000)+"\n", 12)} {
		inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
			alice := s.register("alice", "10.20.30.11")
			start := time.Now()
			alice.say(flood + "end\n")
			alice.say("and more\n")
			if took := time.Since(start); took < 7*time.Second || took > 10*time.Second {
				t.Errorf("12,000 lines took %v", took)
			}
			dismiss(alice)
		})
	}
}

// What is not even a message is paced too.
func TestBlankLinesArePaced(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice := s.register("alice", "10.20.30.11")
		start := time.Now()
		alice.say(strings.Repeat("\n", 1<<20))
		if took := time.Since(start); took < 11*time.Second || took > 13*time.Second {
			t.Errorf("a megabyte of blank lines took %v", took)
		}
		dismiss(alice)
	})
}

// A classroom program sends 90 ms apart, and the disk takes 100 ms for each message.
func TestSlowDiskGluesNothing(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice, bob := s.register("alice", "10.20.30.11"), s.register("bob", "10.20.30.12")
		bob.heard()
		s.journal.slow = 100 * time.Millisecond
		network := make(chan string, 7) // takes what is sent while the server does not read
		s.clients.Go(func() {
			for text := range network {
				alice.say(text)
			}
			alice.leave() // and has said the last word
		})
		for _, text := range []string{"one", "two", "three", "four", "five", "six"} {
			network <- text
			s.wait(90 * time.Millisecond)
		}
		network <- "last"
		close(network)
		s.wait(time.Second)
		heard := bob.heard()
		for _, text := range []string{"one", "two", "three", "four", "five", "six", "last"} {
			if !strings.Contains(heard, "alice: "+text+" ") {
				t.Errorf("%s is missing in what bob heard: %q", text, heard)
			}
		}
		dismiss(bob)
	})
}

// A message that cannot be kept is answered before one that comes after it.
func TestErrorsOfASlowDiskAreInOrder(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice := s.register("alice", "10.20.30.11")
		alice.heard()
		s.journal.slow, s.journal.fail = time.Second, parley.Errorf(parley.CodeDiskFull, "the server's disk is full")
		alice.say("lost\n" + strings.Repeat("x", parley.MaxText+1) + "\n")
		s.wait(3 * time.Second)
		want := "error: the server's disk is full error: message too long (limit 65536 bytes) "
		if got := strings.NewReplacer("[", "", "]", "").Replace(alice.heard()); got != want {
			t.Errorf("alice heard %q, want %q", got, want)
		}
		dismiss(alice)
	})
}

func TestWhatCannotBeKeptIsSaid(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice, bob := s.register("alice", "10.20.30.11"), s.register("bob", "10.20.30.12")
		alice.heard()
		bob.heard()
		s.journal.fail = parley.Errorf(parley.CodeDiskFull, "the server's disk is full")
		alice.say("lost")
		s.wait(time.Second)
		alice.expect("[error: the server's disk is full ]")
		s.journal.fail = nil
		alice.say("kept")
		s.wait(time.Second)
		bob.expect("[alice: kept ]")
		dismiss(alice, bob)
	})
}

func TestOtherProtocolsAreAnsweredInTheirOwn(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		browser := s.connect("10.20.30.11")
		browser.say("POST / HTTP/1.1\r\nHost: 10.20.30.1:5000\r\n\r\nhello")
		s.wait(5 * time.Second)
		if got := browser.heard(); !strings.HasPrefix(got, "[HTTP/1.1 400 ") || !strings.Contains(got, "roster://10.20.30.1:5000") {
			t.Errorf("HTTP is answered by %q", got)
		}
		secure := s.connect("10.20.30.11")
		secure.say("\x16\x03\x01\x02\x00\x01\x00\x01")
		s.wait(5 * time.Second)
		secure.expect("[\x15\x03\x03\x00\x02\x02\x28]")
		dismiss(browser, secure)
	})
}

func TestLongRosterIsSentAndLoggedOnce(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		var all []*client
		for i := range 50 {
			all = append(all, s.register(fmt.Sprint("person", i), fmt.Sprintf("10.20.31.%d", i)))
		}
		arrivals := all[0].arrivals()
		last := arrivals[len(arrivals)-1].bytes
		if len(last) <= 1024 || strings.Count(last, "person") != 50 {
			t.Errorf("the last roster is %q", last)
		}
		if n := strings.Count(s.log.String(), "too long for classroom clients"); n != 1 {
			t.Errorf("logged %d times: %s", n, &s.log)
		}
		dismiss(all...)
	})
}

func TestServerThatStopsDeliversWhatWaits(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		guest := s.visit(hub.Profile{Shown: "guest", Listener: "plain://10.20.30.1:8001"})
		defer guest.Leave()
		alice := s.connect("10.20.30.11")
		alice.say("alice\n")
		s.wait(10 * time.Millisecond)
		alice.expect(`[!{"alice": "10.20.30.11"}]`)
		if err := guest.Post(context.Background(), "the last word"); err != nil {
			t.Error(err)
		}
		s.hub.Stop()
		alice.expect("") // it waits for quiet
		s.server.Flush()
		alice.expect("[guest: the last word ]")
		alice.leave()
	})
}

// A roster must stand alone, and a goodbye is sent right behind what is flushed: there is no roster any more then.
func TestServerThatStopsSendsNoRoster(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		guest := s.visit(hub.Profile{Shown: "guest", Listener: "plain://10.20.30.1:8001"})
		defer guest.Leave()
		alice := s.register("alice", "10.20.30.11")
		alice.heard()
		bob := s.connect("10.20.30.12")
		bob.say("bob\n")
		s.wait(9 * time.Millisecond)
		if err := guest.Post(context.Background(), "the last word"); err != nil {
			t.Error(err)
		}
		s.wait(time.Millisecond) // the roster with bob waits for quiet
		alice.expect("[guest: the last word ]")
		carol := s.connect("10.20.30.13")
		carol.say("carol\n")
		s.hub.Stop()
		s.server.Flush()
		s.wait(time.Second)
		alice.expect("")
		dismiss(alice, bob, carol)
	})
}

func TestServerThatStopsTakesNobody(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		s.hub.Close()
		late := s.register("late", "10.20.30.11")
		late.expect("[closed: the server is stopping ]")
		late.leave()
	})
}

func TestRefusals(t *testing.T) {
	s := roster.New(roster.Config{URL: "roster://127.0.0.1:5000"})
	for code, want := range map[parley.Code]string{
		parley.CodeFull:       "server is full (3 clients) ",
		parley.CodePerAddress: "error: server is full (3 clients) ",
		parley.CodeShutdown:   "closed: server is full (3 clients) ",
		parley.CodeIdle:       "closed: server is full (3 clients) ",
		parley.CodeSlowReader: "closed: server is full (3 clients) ",
	} {
		if got := string(s.Refuse(parley.Errorf(code, "server is full (3 clients)"))); got != want {
			t.Errorf("%s is told as %q, want %q", code, got, want)
		}
	}
}

func TestOptions(t *testing.T) {
	for query, want := range map[string]roster.Options{
		"":                     {},
		"idle=120s":            {Idle: 2 * time.Minute},
		"idle=0s":              {},
		"idle=1m30s&flood=off": {Idle: 90 * time.Second, Unpaced: true},
		"udp=5001":             {UDP: 5001},
	} {
		values, _ := url.ParseQuery(query)
		if got, err := roster.ParseOptions(values); err != nil || got != want {
			t.Errorf("%q gives %+v, %v", query, got, err)
		}
	}
	for query, name := range map[string]string{
		"idle=x": "idle", "idle=-1s": "idle", "flood=on": "flood", "welcome=hi": "welcome", "idle=1s&idle=2s": "idle", "Idle=1s": "Idle",
		"udp=0": "udp", "udp=70000": "udp",
	} {
		values, _ := url.ParseQuery(query)
		_, err := roster.ParseOptions(values)
		if parley.CodeOf(err) != parley.CodeInvalid || !strings.Contains(err.Error(), name) {
			t.Errorf("%q gives %v", query, err)
		}
	}
}

// A client that nothing is known about but that it is connected is served all the same, and is in no roster.
func TestClientWithoutAnAddress(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		nobody := s.register("nobody", "")
		nobody.expect("[!{}]")
		nobody.leave()
	})
}

// Whoever is sent out of the room is told so, after what was said before, and is in no roster any more.
func TestBeingSentOut(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		alice, bob := s.register("alice", "10.20.30.11"), s.register("bob", "10.20.30.12")
		alice.heard()
		bob.heard()
		who := s.hub.Present(lobby.ID)[1]
		edit := parley.MessageEdited{Entry: parley.Entry{Room: lobby.ID}, Target: 1, Text: "be nice\nor else"}
		kick := parley.MemberChanged{Entry: parley.Entry{Room: lobby.ID},
			Who: parley.Sender{ID: who.ID, Name: who.Shown}, Change: parley.MemberKicked}
		for _, e := range []parley.RoomEvent{edit, kick} {
			if _, err := s.hub.Do(t.Context(), parley.Operator(), e); err != nil {
				t.Fatal(err)
			}
			s.wait(time.Second) // else the two may come in one write, or not
		}
		bob.expect("[server: [edit] be nice server: [edit] or else ][closed: you were sent out of lobby by server ]")
		alice.expect(`[server: [edit] be nice server: [edit] or else ][!{"alice": "10.20.30.11"}]`)
		dismiss(alice, bob)
	})
}
