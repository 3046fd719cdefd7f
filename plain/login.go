package plain

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/hub"
	"parley/plain/wire"
)

const (
	// maxTries is how many passwords may be given in one go.
	maxTries = 3
	// loginTime is how long somebody may take to log in where nobody is let in otherwise: they have a place until then.
	loginTime = 60 * time.Second
)

// Accounts says who somebody is. Its errors are an *parley.Error or the context's.
type Accounts interface {
	// Guest gives the identity of somebody without an account, under a name or none. The error is CodeUnauthorized where
	// only accounts are let in, CodePasswordNeeded for a name that is an account's, and CodeNameTaken for one that looks
	// like an account's. For no name it asks nobody and does not wait.
	Guest(ctx context.Context, name parley.Name) (parley.Identity, error)
	// Login gives the identity of the account with that name and password; CodeWrongPassword, CodeThrottled. It may wait
	// for its turn.
	Login(ctx context.Context, name, password string, from netip.Addr) (parley.Identity, error)
}

// login is what a client is asked to show that it is somebody. While a session has one, the next message is the answer,
// whatever it is: nobody is shown it, and it is written down nowhere.
type login struct {
	name  parley.Name // whose password is asked for; "" while the name is
	tries int         // passwords that did not help
	until time.Time   // when the client has to be in; zero for one that is
}

// open lets the client in, or asks who it is where that is needed.
func (s *session) open() error {
	who, err := s.server.accounts.Guest(context.Background(), "")
	switch parley.CodeOf(err) {
	case "":
		return s.connect(who, s.server.greeting)
	case parley.CodeUnauthorized:
		s.login = &login{until: s.heard.Add(loginTime)}
		s.out = wire.AppendNameQuestion(append(s.out, s.server.greeting...))
		return nil
	}
	return err
}

// connect makes the client somebody who is in the room, and sends the greeting before anything else.
func (s *session) connect(who parley.Identity, greeting []byte) error {
	at := s.conn.RemoteAddr()
	profile := hub.Profile{Identity: who, Shown: shown(at), Address: at, Listener: s.server.url, Greeting: greeting}
	place, err := s.server.hub.Connect(context.Background(), s.server.room, profile, s.server.form, s)
	if err != nil {
		return err
	}
	s.place = place
	return nil
}

// answer takes a message for what the client was asked. An error is why the connection ends.
func (s *session) answer(text string) error {
	if s.login.name != "" {
		return s.takePassword(text)
	}
	if command := wire.ParseCommand(text); command.Verb == wire.Rename { // a client that did not wait for the question
		text = command.Arg
	}
	name, err := parley.ParseName(strings.TrimSpace(text))
	if err != nil {
		s.refuse(err)
		return nil
	}
	s.askPassword(name)
	return nil
}

// askPassword asks for the password of a name.
func (s *session) askPassword(name parley.Name) {
	if s.login == nil {
		s.login = &login{}
	}
	s.login.name = name
	s.out = wire.AppendPasswordQuestion(s.out, name)
}

// takePassword takes a text for the password that was asked for. An error is why the connection ends.
func (s *session) takePassword(password string) error {
	who, err := s.check(password)
	if err == nil {
		err = s.goOnAs(who)
	}
	if err == nil {
		s.login = nil
		return nil
	}
	s.login.tries++
	last := s.login.tries == maxTries
	if !last && parley.CodeOf(err) == parley.CodeWrongPassword {
		s.askPassword(s.login.name)
		return nil
	}
	if last && s.server.needsAccount() {
		s.fail(err)
		return err
	}
	s.refuse(err)
	return nil
}

// check gives whose password it is. The client waits, and its time does not run meanwhile.
func (s *session) check(password string) (parley.Identity, error) {
	s.send()
	ctx, stop := s.whileConnected()
	defer stop()
	begun := time.Now()
	who, err := s.server.accounts.Login(ctx, string(s.login.name), password, s.conn.RemoteAddr().Addr())
	if !s.login.until.IsZero() {
		s.login.until = s.login.until.Add(time.Since(begun))
	}
	if err != nil && ctx.Err() != nil {
		return who, parley.Wrap(parley.CodeClosed, err, "the client left")
	}
	return who, err
}

// goOnAs makes the client an account.
func (s *session) goOnAs(who parley.Identity) error {
	told := wire.AppendYouAre(nil, who.Name)
	if s.place == nil {
		return s.connect(who, told)
	}
	if err := s.place.Become(context.Background(), who); err != nil {
		return err
	}
	s.out = append(s.out, told...)
	return nil
}

// refuse answers that it comes to nothing. Who is in stays who they are; who is not may begin anew.
func (s *session) refuse(err error) {
	s.fail(err)
	if s.place != nil {
		s.login = nil
		return
	}
	s.login.name = ""
	s.out = wire.AppendNameQuestion(s.out)
}

// isLate reports whether the client has taken too long to log in.
func (s *session) isLate() bool {
	return s.login != nil && !s.login.until.IsZero() && !time.Now().Before(s.login.until)
}

// shutOut tells the client that it is let go because it has not logged in, and gives that as the reason.
func (s *session) shutOut() error {
	err := parley.Errorf(parley.CodeUnauthorized, "not logged in within %ds", loginTime/time.Second)
	s.out = wire.AppendClosed(s.out, err.Sentence)
	return err
}

// needsAccount reports whether nobody is let in without an account.
func (s *Server) needsAccount() bool {
	_, err := s.accounts.Guest(context.Background(), "")
	return parley.CodeOf(err) == parley.CodeUnauthorized
}

// whileConnected gives a context that ends with the connection. Stop must be called.
func (s *session) whileConnected() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-s.conn.Done():
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		cancel()
		watching.Wait()
	}
}
