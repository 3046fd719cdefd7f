package roster

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"parley"
	"parley/hub"
	"parley/roster/wire"
)

const (
	// maxTries is how many passwords a client may give.
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

// login is how far a client has come that has no place yet.
type login struct {
	name  parley.Name // whose password the next message is taken for; "" while that is a name
	tries int         // passwords that were wrong
	until time.Time   // when the client has to be in; zero where guests may take their time
}

// newLogin is that of a client that has just come.
func (s *Server) newLogin() login {
	if _, err := s.accounts.Guest(context.Background(), ""); parley.CodeOf(err) == parley.CodeUnauthorized {
		return login{until: time.Now().Add(loginTime)}
	}
	return login{}
}

// register gives the client the name that it asks for, or asks for its password or another name. An error is why the
// connection ends.
func (s *session) register(message string) error {
	asked := wire.CleanName(message)
	name, err := parley.ParseName(asked)
	if err != nil {
		s.out.say(wire.AppendRefused(nil, parley.Sentence(err)))
		return nil
	}
	who, err := s.server.accounts.Guest(context.Background(), name)
	switch parley.CodeOf(err) {
	case "":
	case parley.CodePasswordNeeded, parley.CodeUnauthorized:
		s.askPassword(name)
		return nil
	case parley.CodeNameTaken: // it looks like an account's
		s.out.say(wire.AppendRefused(nil, parley.Sentence(err)))
		return nil
	default:
		return err
	}
	err = s.connect(who)
	switch parley.CodeOf(err) {
	case parley.CodeNameTaken:
		s.out.say(wire.AppendTaken(nil, asked))
		return nil
	case parley.CodePasswordNeeded: // it has become an account's at this moment
		s.askPassword(name)
		return nil
	}
	return err
}

// askPassword asks for the password of a name.
func (s *session) askPassword(name parley.Name) {
	s.login.name = name
	s.out.say(wire.AppendPasswordQuestion(nil, name))
}

// takePassword takes a message for the password that was asked for. An error is why the connection ends: what else comes
// after a password that did not help may be one too, and must not become a name for all to see.
func (s *session) takePassword(password string) error {
	who, err := s.check(password)
	switch parley.CodeOf(err) {
	case "":
		return s.connect(who)
	case parley.CodeWrongPassword:
		if s.login.tries++; s.login.tries < maxTries {
			s.askPassword(s.login.name)
			return nil
		}
	}
	return err
}

// check gives whose password it is. The client waits, and its time does not run meanwhile.
func (s *session) check(password string) (parley.Identity, error) {
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	watching.Go(func() { // nobody waits for somebody who has gone
		select {
		case <-s.conn.Done():
			cancel()
		case <-ctx.Done():
		}
	})
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

// connect makes the client somebody who is in the room, and in the roster.
func (s *session) connect(who parley.Identity) error {
	profile := hub.Profile{Identity: who, Address: s.conn.RemoteAddr(), Listener: s.server.url}
	place, err := s.server.hub.Connect(context.Background(), s.server.room, profile, form{}, s.out)
	if err != nil {
		return err
	}
	s.place = place
	s.server.directory.enter(s.out, place.Person().Name)
	return nil
}

// isLate reports whether the client has taken too long to log in.
func (s *session) isLate() bool {
	return s.place == nil && !s.login.until.IsZero() && !time.Now().Before(s.login.until)
}

// errLate is why a client is let go that has not logged in.
var errLate = parley.Errorf(parley.CodeUnauthorized, "not logged in within %ds", loginTime/time.Second)
