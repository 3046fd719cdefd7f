package plain_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/accounts"
	"parley/plain"
)

func TestANameWithAnAccountNeedsItsPassword(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "Alice", "correct horse")
		s := h.listener("notices=1")
		bob, alice := h.enter(s), h.enter(s)
		pass(gathered)
		bob.sees("* 127.0.0.1 : 1002 joined\n")
		alice.sends("before\n/name alice\n")
		alice.sees("password for alice:\n")
		alice.sends("correct horse battery\n")
		alice.sees("password for alice:\n")
		bob.sends("are you there?\n") // she still is
		alice.sees("<127.0.0.1 : 1001> :are you there?\n")
		alice.sends("correct horse\nhello\n")
		alice.sees("you are Alice\n")
		pass(gathered)
		bob.sees("<127.0.0.1 : 1002> :before\n* 127.0.0.1 : 1002 left\n* Alice joined\n<Alice> :hello\n")
		bob.sends("#ls\n")
		bob.sees("online: 127.0.0.1 : 1001, Alice\n")
		alice.sends("/name ALICE\n") // is what she is called
		alice.sees("you are Alice\n")
	})
}

// Whoever is in and knows no password stays who they were.
func TestThreeWrongPasswords(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		s := h.listener("")
		bob, eve := h.enter(s), h.enter(s)
		eve.sends("/name eve\n")
		eve.sees("you are eve\n")
		eve.sends("/name alice\n", "one\n", "two\n")
		eve.sees(strings.Repeat("password for alice:\n", 3))
		eve.sends("three\n")
		eve.sees("error: wrong password\n")
		bob.sees("")
		eve.sends("four\n") // is no answer any more
		bob.sees("<eve> :four\n")
	})
}

func TestWrongPasswordsAreThrottled(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		s := h.listener("")
		eve := h.enter(s)
		eve.sends("/name alice\n1\n2\n3\n/name alice\n4\n5\n")
		eve.seen()
		eve.sends("correct horse\n")
		eve.sees("error: too many wrong passwords, try again in 1s\n")
		pass(time.Second)
		eve.sends("/name alice\ncorrect horse\n")
		eve.sees("password for alice:\nyou are alice\n")
	})
}

// What comes after the question is the password, and is neither obeyed nor shown.
func TestWhateverComesNextIsThePassword(t *testing.T) {
	for _, password := range []string{
		"quit", "exit", "#ls", "/name carol", "@bob: hi", "send file:a 3", "ask for file:a", "  spaces  ", "GET / HTTP/1.1",
	} {
		inHouse(t, func(t *testing.T, h *house) {
			h.account(t, "alice", password)
			s := h.listener("")
			bob, alice := h.enter(s), h.enter(s)
			bob.sends("/name bob\n")
			bob.sees("you are bob\n")
			alice.sends("/name alice\r\n", password+"\r\n")
			alice.sees("password for alice:\nyou are alice\n")
			bob.sees("")
		})
	}
}

// A classroom client sends no newline behind its password either.
func TestAPasswordThatSilenceEnds(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse ")
		alice := h.enter(h.listener(""))
		alice.sends("/name alice")
		pass(51 * time.Millisecond)
		alice.sends("correct ", "horse ")
		pass(51 * time.Millisecond)
		alice.sees("password for alice:\nyou are alice\n")
	})
}

func TestAPasswordThatIsTooLongIsNone(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		s := h.listener("flood=off")
		bob, alice := h.enter(s), h.enter(s)
		alice.sends("/name alice\n", strings.Repeat("x", parley.MaxText+2)+"\n", "hello\n")
		alice.sees("password for alice:\nerror: message too long (limit 65536 bytes)\n")
		bob.sees("<127.0.0.1 : 1002> :hello\n")
	})
}

// The names of accounts belong to them, and so does what looks like them; an account keeps its name.
func TestNamesOfAccounts(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		h.account(t, "bob", "staple")
		s := h.listener("")
		guest, person := h.enter(s), h.enter(s)
		guest.sends("/name a1ice\n")
		guest.sees("error: the name a1ice looks like that of somebody else\n")
		person.sends("/name alice\ncorrect horse\n")
		person.sees("password for alice:\nyou are alice\n")
		person.sends("/name carol\n")
		person.sees("error: you are logged in as alice, and keep that name\n")
		person.sends("/name bob\nstaple\nhello\n")
		person.sees("password for bob:\nyou are bob\n")
		guest.sees("<bob> :hello\n")
		guest.sends("/name carol\n")
		guest.sees("you are carol\n")
	})
}

// The same account from several places is one person.
func TestAnAccountInSeveralPlaces(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		s := h.listener("notices=1")
		bob := h.enter(s)
		here, there := h.enter(s), h.enter(s)
		for _, p := range []*person{here, there} {
			p.sends("/name alice\ncorrect horse\n")
		}
		pass(time.Second)
		here.seen()
		there.seen()
		bob.seen()
		here.sends("hello\n")
		there.sees("<alice> :hello\n")
		bob.sends("#ls\n", "@alice: psst\n")
		bob.sees("<alice> :hello\nonline: 127.0.0.1 : 1001, alice\n")
		here.sees("<127.0.0.1 : 1001> (private) :psst\n")
		there.sees("<127.0.0.1 : 1001> (private) :psst\n")
		here.sends("quit\n")
		pass(time.Second)
		bob.sees("")
		there.sends("quit\n")
		pass(time.Second)
		bob.sees("* alice left\n")
	})
}

func TestAnAccountThatIsDisabledOrRemovedIsOut(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		alice, bob := h.account(t, "alice", "correct horse"), h.account(t, "bob", "staple")
		s := h.listener("")
		one, two := h.enter(s), h.enter(s)
		one.sends("/name alice\ncorrect horse\n")
		two.sends("/name bob\nstaple\n")
		one.seen()
		two.seen()
		if err := h.desk.SetDisabled(t.Context(), alice.ID, true); err != nil {
			t.Fatal(err)
		}
		if err := h.desk.Remove(t.Context(), bob.ID); err != nil {
			t.Fatal(err)
		}
		one.sees("closed: this account is disabled\n")
		two.sees("closed: this account was removed\n")
		one.leaves()
		two.leaves()
		three := h.enter(s)
		three.sends("/name alice\ncorrect horse\n") // as if it were wrong
		three.sees("password for alice:\npassword for alice:\n")
	})
}

// Where accounts are needed, there is nothing but the dialogue before.
func TestOnlyAccounts(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "bob", "staple")
		h.account(t, "alice", "correct horse")
		h.admit(accounts.Invited)
		h.files.files["a"] = "content"
		s := h.listener("notices=1&echo=1")
		bob := h.join(s)
		bob.sees("welcome\nname:\n")
		bob.sends("/name bob\n", "staple\n") // a program that gives its name before it is asked
		bob.sees("password for bob:\nyou are bob\n")
		alice := h.join(s)
		alice.sees("welcome\nname:\n")
		bob.sends("#ls\n", "hello\n")
		bob.sees("online: bob\n<bob> :hello\n")
		for text, want := range map[string]string{
			"#ls":            "error: a name has only letters, digits, '_', '-' and '.'\nname:\n",
			"@bob: hi":       "error: a name has only letters, digits, '_', '-' and '.'\nname:\n",
			"ask for file:a": "error: a name has only letters, digits, '_', '-' and '.'\nname:\n",
			"send file:b 0":  "error: a name has only letters, digits, '_', '-' and '.'\nname:\n",
			"127.0.0.1":      "error: a name cannot look like an IP address\nname:\n",
			"/name":          "error: a name cannot be empty\nname:\n",
		} {
			alice.sends(text + "\n")
			alice.sees(want)
		}
		alice.sends("alice\n", "wrong\n", "correct horse\n")
		alice.sees("password for alice:\npassword for alice:\nyou are alice\n")
		pass(gathered)
		bob.sees("* alice joined\n")
		alice.sends("#ls\n", "hi\n")
		alice.sees("online: alice, bob\n<alice> :hi\n")
		bob.sees("<alice> :hi\n")
	})
}

// A name that nobody has is answered as one whose password is wrong.
func TestThreeWrongPasswordsWhereOnlyAccountsAreLetIn(t *testing.T) {
	for _, name := range []string{"alice", "nobody"} {
		inHouse(t, func(t *testing.T, h *house) {
			h.account(t, "alice", "correct horse")
			h.account(t, "bob", "staple")
			h.admit(accounts.Registered)
			s := h.listener("")
			eve := h.join(s)
			eve.sends(name + "\n1\n2\n")
			eve.sees("welcome\nname:\n" + strings.Repeat("password for "+name+":\n", 3))
			eve.sends("3\n")
			eve.sees("error: wrong password\n")
			pass(3 * time.Second)
			eve.isGone(parley.CodeWrongPassword)

			bob := h.join(s) // who is in, and would be somebody else
			bob.sends("bob\nstaple\n/name carol\n1\n2\n3\n")
			bob.sees("welcome\nname:\npassword for bob:\nyou are bob\n" +
				strings.Repeat("password for carol:\n", 3) + "error: wrong password\n")
			pass(3 * time.Second)
			bob.isGone(parley.CodeWrongPassword)
		})
	}
}

func TestThrottledWhereOnlyAccountsAreLetIn(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		h.account(t, "bob", "staple")
		h.admit(accounts.Registered)
		s := h.listener("welcome=")
		for range 2 {
			h.join(s).sends("alice\n1\n2\n3\n")
		}
		p := h.join(s)
		p.sends("alice\ncorrect horse\n")
		p.sees("name:\npassword for alice:\nerror: too many wrong passwords, try again in 1s\nname:\n")
		p.sends("bob\nstaple\n")
		p.sees("password for bob:\nyou are bob\n")
	})
}

// A place is not held for longer than a minute by somebody who may not be here, whether or not they say something.
func TestWhoDoesNotLogInIsLetGo(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		h.admit(accounts.Registered)
		s := h.listener("welcome=")
		silent, busy, alice := h.join(s), h.join(s), h.join(s)
		alice.sends("alice\ncorrect horse\n")
		for range 59 {
			pass(time.Second)
			busy.sends("?\n")
		}
		silent.sees("name:\n")
		busy.seen()
		pass(time.Second)
		silent.sees("closed: not logged in within 60s\n")
		busy.sees("closed: not logged in within 60s\n")
		alice.sees("name:\npassword for alice:\nyou are alice\n")
		pass(time.Hour)
		silent.isGone(parley.CodeUnauthorized)
		busy.isGone(parley.CodeUnauthorized)
		alice.sends("#ls\n")
		alice.sees("online: alice\n")
	})
}

func TestOnlyAccountsAreAnswered(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		h.admit(accounts.Registered)
		upper, input := h.join(h.listener("respond=upper")), h.join(h.listener("respond=input"))
		for _, p := range []*person{upper, input} {
			p.sends("hello\n", "world\n")
			p.sees("welcome\nname:\npassword for hello:\npassword for hello:\n")
			p.leaves()
		}
		upper, input = h.join(h.listener("respond=upper")), h.join(h.listener("respond=input"))
		for _, p := range []*person{upper, input} {
			p.sends("alice\n", "correct horse\n", "hello\n")
		}
		upper.sees("welcome\nname:\npassword for alice:\nyou are alice\nHELLO\n")
		input.sees("welcome\nname:\npassword for alice:\nyou are alice\n")
		if got := h.asked.sees(); got != "alice: hello\n" {
			t.Errorf("the operator sees %q", got)
		}
	})
}

// A browser that was made to post to the port is turned away as ever.
func TestStrangersWhereOnlyAccountsAreLetIn(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.admit(accounts.Registered)
		p := h.join(h.listener(""))
		p.sends("POST / HTTP/1.1\r\n\r\nalice\r\n")
		if got := p.seen(); !strings.HasPrefix(got, "welcome\nname:\nHTTP/1.1 400 ") {
			t.Errorf("it is answered %q", got)
		}
		pass(3 * time.Second)
		p.isGone(parley.CodeWrongProtocol)
	})
}

// Nothing that was given for a password stands anywhere afterwards, right or wrong, not even in the finest log.
func TestPasswordsAreWrittenDownNowhere(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		open := h.listener("notices=1")
		bob, alice, eve := h.enter(open), h.enter(open), h.enter(open)
		alice.sends("/name alice\ncorrect horse\n")
		eve.sends("/name alice\nguess a\nguess b\nguess c\n/name alice\nguess d\nguess e\nguess f\n")
		h.admit(accounts.Registered)
		closed := h.listener("")
		mallory := h.join(closed)
		mallory.sends("alice\nguess g\nguess h\n")
		pass(time.Second)
		for _, p := range []*person{alice, eve, mallory} {
			p.leaves()
		}
		pass(time.Second)
		if len(h.journal.batches) == 0 || h.logged.Len() == 0 {
			t.Error("nothing was kept or logged at all")
		}
		for _, secret := range []string{"guess", "horse"} {
			if text := bob.seen(); strings.Contains(text, secret) {
				t.Errorf("bob was shown %q", text)
			}
			if log := h.logged.String(); strings.Contains(log, secret) {
				t.Errorf("the log has %q:\n%s", secret, log)
			}
		}
		for _, e := range h.journal.events {
			if said, ok := e.Event.(parley.MessagePosted); ok {
				t.Errorf("it was posted that %q", said.Message.Text)
			}
		}
	})
}

// queue is accounts whose logins wait until the door opens.
type queue struct {
	plain.Accounts
	door chan struct{}
}

func (q queue) Login(ctx context.Context, name, password string, from netip.Addr) (parley.Identity, error) {
	select {
	case <-q.door:
		return q.Accounts.Login(ctx, name, password, from)
	case <-ctx.Done():
		return parley.Identity{}, ctx.Err()
	}
}

// While others are before them, people's time does not run; but nobody waits for somebody who was cut off.
func TestWaitingForOnesTurn(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		h.account(t, "alice", "correct horse")
		h.admit(accounts.Registered)
		q := queue{h.desk, make(chan struct{})}
		s := h.listenerFor(q, "welcome=")
		alice, bob := h.join(s), h.join(s)
		alice.sends("alice\nwrong\n")
		bob.sends("bob\nwrong\n")
		pass(time.Hour)
		bob.conn.Cut(parley.Errorf(parley.CodeShutdown, "the server is stopping"))
		bob.leaves()
		close(q.door)
		alice.sees("name:\npassword for alice:\npassword for alice:\n")
		pass(59 * time.Second)
		alice.sends("correct horse\n")
		alice.sees("you are alice\n")
		if log := h.logged.String(); strings.Contains(log, "a request failed") {
			t.Errorf("that he was cut off counts as a failure:\n%s", log)
		}
	})
}
