package client

import (
	"context"
	"errors"
	"testing"

	"parley"
)

// remembering gives an answer to each question for a password, and notes whose was asked for.
type remembering struct {
	answers []string
	asked   []string
}

func (r *remembering) password(_ context.Context, name string) (string, error) {
	r.asked = append(r.asked, name)
	if len(r.asked) > len(r.answers) {
		return "", errors.New("the person has left")
	}
	return r.answers[len(r.asked)-1], nil
}

func TestAPasswordIsAskedForOnPlain(t *testing.T) {
	person := &remembering{answers: []string{"wrong", " correct horse "}}
	j, c, server := joinPlain(t, func(o *Options) { o.Name, o.Password = "alice", person.password })
	c.say("welcome\n")
	c.expect("/name alice\n")
	c.say("password for alice:\n")
	j.expectConnected()
	j.expect(Line{"welcome"})
	c.expect("wrong\n")
	c.say("password for alice:\n")
	c.expect(" correct horse \n")
	c.say("you are alice\n")
	j.expect(Notice{"you are alice"})
	j.do(j.Say(t.Context(), "hello"))
	c.expect("hello\n")

	_ = c.Close() // it comes back without asking again
	j.expect(Doubt{"hello"})
	j.expectLost("the server has closed it")
	c = server.accept()
	c.say("welcome\npassword for alice:\n")
	j.expectConnected()
	j.expect(Line{"welcome"})
	c.expect("/name alice\n correct horse \n")
	c.say("you are alice\n")
	j.expect(Notice{"you are alice"})
	if len(person.asked) != 2 {
		t.Errorf("the person was asked for %q", person.asked)
	}
}

// A password is no message: where the connection breaks, nothing is told of it.
func TestAPasswordIsNeverShown(t *testing.T) {
	person := &remembering{answers: []string{"secret", "secret"}}
	j, c, _ := joinPlain(t, func(o *Options) { o.Name, o.Password, o.NoReconnect = "alice", person.password, true })
	c.say("password for alice:\n")
	j.expectConnected()
	c.expect("/name alice\nsecret\n")
	c.reset()
	if err := j.expectEnd(); parley.CodeOf(err) != parley.CodeClosed {
		t.Errorf("it ended because %v", err)
	}
}

func TestWithoutAPasswordTheClientEnds(t *testing.T) {
	j, c, _ := joinPlain(t, func(o *Options) { o.Name = "alice" })
	c.say("password for alice:\n")
	j.expectConnected()
	if err := j.expectEnd(); parley.Sentence(err) != "the name alice needs a password: give it by --password-stdin" {
		t.Errorf("it ended because %v", err)
	}
}

func TestAServerThatClosesAfterAWrongPasswordIsNotAskedAgain(t *testing.T) {
	person := &remembering{answers: []string{"one"}}
	j, c, _ := joinPlain(t, func(o *Options) { o.Name, o.Password = "alice", person.password })
	c.say("password for alice:\n")
	j.expectConnected()
	c.expect("/name alice\none\n")
	c.say("error: wrong password\n")
	_ = c.Close()
	j.expect(Notice{"error: wrong password"})
	if err := j.expectEnd(); parley.CodeOf(err) != parley.CodeWrongPassword {
		t.Errorf("it ended because %v", err)
	}
}

func TestAPasswordIsAskedForOnRoster(t *testing.T) {
	server := listen(t, "127.0.0.1:0")
	person := &remembering{answers: []string{"secret"}}
	j := join(t, Options{Target: server.target(SchemeRoster), Name: "alice", Password: person.password})
	c := server.accept()
	c.expect("alice")
	c.say("password for alice: ")
	c.expect("secret")
	c.say(`!{"alice": "127.0.0.1"}`)
	j.expectConnected()
	c.say("password for alice: ") // by somebody else's message, perhaps
	j.expect(Line{"password for alice:"})
}

// What is typed, or comes from a pipe, before the server has asked for the password was taken for it: it went to the
// server as a wrong one and never to the room.
func TestWhatIsSaidIsNotTakenForThePassword(t *testing.T) {
	server := listen(t, "127.0.0.1:0")
	person := &remembering{answers: []string{"secret"}}
	p := sit(t, Options{Target: server.target(SchemePlain), Name: "alice", Password: person.password})
	c := server.accept()
	p.types("hello")
	c.expect("/name alice\n")
	c.say("welcome\npassword for alice:\n")
	c.expect("secret\n")
	c.say("you are alice\n")
	c.expect("hello\n")
	p.types("exit")
	c.expectEnd()
	_ = c.Close()
	if err := p.expectLeft(); err != nil {
		t.Error(err)
	}
}
