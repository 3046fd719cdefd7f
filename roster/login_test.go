package roster_test

import (
	"strings"
	"testing"
	"time"

	"parley/accounts"
	"parley/roster"
)

func TestANameWithAnAccountNeedsItsPassword(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		s.account("Alice", "correct horse")
		bob := s.register("bob", "10.20.30.12")
		bob.expect(`[!{"bob": "10.20.30.12"}]`)
		alice := s.register("alice", "10.20.30.11")
		alice.expect("[password for alice: ]")
		alice.say("Correct horse")
		s.wait(time.Second)
		alice.expect("[password for alice: ]")
		bob.say("hello") // which is not for her yet
		s.wait(time.Second)
		alice.expect("")
		bob.expect("") // no roster has her
		alice.say("correct horse")
		s.wait(time.Second)
		both := `[!{"Alice": "10.20.30.11", "bob": "10.20.30.12"}]`
		alice.expect(both)
		bob.expect(both)
		alice.say("correct horse")
		s.wait(time.Second)
		bob.expect("[Alice: correct horse ]") // only the answer was the password
		dismiss(alice, bob)
	})
}

// After three wrong passwords it is over: a fourth must not become a name for all to see.
func TestThreeWrongPasswords(t *testing.T) {
	for _, admission := range []accounts.Admission{accounts.Open, accounts.Invited} {
		inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
			s.account("alice", "correct horse")
			s.admit(admission)
			eve := s.register("alice", "10.20.30.13")
			for _, guess := range []string{"one", "two"} {
				eve.expect("[password for alice: ]")
				eve.say(guess)
				s.wait(time.Second)
			}
			eve.expect("[password for alice: ]")
			eve.say("three")
			s.wait(5 * time.Second)
			eve.expect("[error: wrong password ]")
			eve.read.Wait()
		})
	}
}

func TestWrongPasswordsAreThrottled(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		s.account("alice", "correct horse")
		for _, guesses := range []string{"alice\n1\n2\n3\n", "alice\n4\n5\n"} {
			eve := s.connect("10.20.30.13")
			eve.say(guesses)
			eve.heard()
			eve.leave()
		}
		eve := s.connect("10.20.30.13")
		eve.say("alice\n")
		s.wait(50 * time.Millisecond)
		eve.say("correct horse\n")
		eve.expect("[password for alice: ][error: too many wrong passwords, try again in 1s ]")
		eve.read.Wait()
		alice := s.connect("10.20.30.11") // who has done nothing
		alice.say("alice\ncorrect horse\n")
		s.wait(time.Second)
		alice.expect(`[password for alice: ][!{"alice": "10.20.30.11"}]`)
		alice.leave()
	})
}

// A message is taken for the password as it came, spaces and all.
func TestWhateverComesNextIsThePassword(t *testing.T) {
	for _, password := range []string{"quit", "  spaces ", `!{"a": "b"}`, "GET / HTTP/1.1"} {
		inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
			s.account("alice", password)
			alice := s.register("alice", "10.20.30.11")
			alice.say(password)
			s.wait(time.Second)
			alice.expect(`[password for alice: ][!{"alice": "10.20.30.11"}]`)
			alice.leave()
		})
	}
}

func TestANameThatLooksLikeAnAccounts(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		s.account("alice", "correct horse")
		eve := s.register("a1ice", "10.20.30.13")
		eve.expect("[the name a1ice looks like that of somebody else, send another ]")
		eve.say("eve")
		s.wait(time.Second)
		eve.expect(`[!{"eve": "10.20.30.13"}]`)
		eve.leave()
	})
}

// The same account from several places stands in the roster once.
func TestAnAccountInSeveralPlaces(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		s.account("alice", "correct horse")
		var places []*client
		for _, address := range []string{"10.20.30.11", "10.20.30.12"} {
			c := s.register("alice", address)
			c.say("correct horse")
			s.wait(time.Second)
			c.expect(`[password for alice: ][!{"alice": "10.20.30.11"}]`)
			places = append(places, c)
		}
		places[0].heard()
		places[1].say("hello")
		s.wait(time.Second)
		places[0].expect("[alice: hello ]")
		places[0].leave()
		s.wait(time.Second)
		places[1].expect(`[!{"alice": "10.20.30.12"}]`)
		places[1].leave()
	})
}

func TestAnAccountThatIsDisabledIsOut(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		account := s.account("alice", "correct horse")
		bob, alice := s.register("bob", "10.20.30.12"), s.register("alice", "10.20.30.11")
		alice.say("correct horse")
		s.wait(time.Second)
		alice.heard()
		bob.heard()
		if err := s.desk.SetDisabled(t.Context(), account.ID, true); err != nil {
			t.Fatal(err)
		}
		s.wait(time.Second)
		alice.expect("[closed: this account is disabled ]")
		bob.expect(`[!{"bob": "10.20.30.12"}]`)
		dismiss(alice, bob)
	})
}

// Where accounts are needed every name is asked for its password, and nobody without one gets a word.
func TestOnlyAccounts(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		s.account("alice", "correct horse")
		s.admit(accounts.Registered)
		alice := s.register("alice", "10.20.30.11")
		alice.say("correct horse")
		s.wait(time.Second)
		alice.expect(`[password for alice: ][!{"alice": "10.20.30.11"}]`)
		eve := s.register("eve", "10.20.30.13")
		eve.expect("[password for eve: ]")
		alice.say("hello")
		s.wait(time.Second)
		eve.say("hello")
		s.wait(time.Second)
		eve.expect("[password for eve: ]")
		alice.expect("")
		dismiss(alice, eve)
	})
}

// A place is not held for longer than a minute by somebody who may not be here. Guests may take their time.
func TestWhoDoesNotLogInIsLetGo(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		s.account("alice", "correct horse")
		guest := s.register("alice", "10.20.30.12")
		s.admit(accounts.Registered)
		silent, busy := s.connect("10.20.30.13"), s.connect("10.20.30.14")
		alice := s.connect("10.20.30.11")
		alice.say("alice\ncorrect horse\n")
		for range 59 {
			busy.say("?\n")
			s.wait(time.Second)
		}
		silent.expect("")
		busy.heard()
		s.wait(time.Minute)
		silent.expect("[closed: not logged in within 60s ]")
		busy.expect("[closed: not logged in within 60s ]")
		silent.read.Wait()
		busy.read.Wait()
		alice.say("hello\n")
		s.wait(time.Hour)
		guest.say("correct horse")
		s.wait(time.Second)
		guest.expect(`[password for alice: ][!{"alice": "10.20.30.12"}]`)
		dismiss(alice, guest)
	})
}

// Nothing that was given for a password stands anywhere afterwards, right or wrong, not even in the finest log.
func TestPasswordsAreWrittenDownNowhere(t *testing.T) {
	inSchool(t, roster.Options{}, func(t *testing.T, s *school) {
		s.account("alice", "correct horse")
		bob, alice, eve := s.register("bob", "10.20.30.12"), s.register("alice", "10.20.30.11"), s.connect("10.20.30.13")
		alice.say("correct horse")
		eve.say("alice\nguess 1\nguess 2\nguess 3\n")
		s.wait(5 * time.Second)
		dismiss(alice, eve)
		s.wait(time.Second)
		for _, secret := range []string{"guess", "horse"} {
			if heard := bob.heard(); strings.Contains(heard, secret) {
				t.Errorf("bob heard %q", heard)
			}
			if log := s.log.String(); strings.Contains(log, secret) || log == "" {
				t.Errorf("the log has %q:\n%s", secret, log)
			}
		}
		bob.leave()
	})
}
