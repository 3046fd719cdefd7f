package roster

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"parley"
	"parley/hub"
	lines "parley/plain/wire"
	"parley/roster/wire"
	"parley/transport"
)

// session is one client, served by one goroutine.
type session struct {
	server *Server
	conn   conn
	out    *outbox
	place  *hub.Session // nil until the client is in
	login  login        // what it takes to be that
	frames lines.Framer
	pace   transport.Pacer

	texts  []string   // said and not yet handed to poster; nil between reads
	poster hub.Poster // posts while the client is listened to
	unpaid int        // what has come, as the pace counts it, and that it knows nothing of yet

	heard    time.Time // since when nothing has come from the client
	deadline time.Time // the read deadline that is set, zero for none
	passed   bool      // it has passed
}

// newSession starts to listen to a client.
func newSession(server *Server, c conn) *session {
	s := &session{server: server, conn: c, out: &outbox{conn: c}, login: server.newLogin(), heard: time.Now()}
	s.poster.Say = s.say
	s.frames.Guard = true
	s.arm()
	return s
}

// serve listens until the connection ends.
func (s *session) serve() {
	for {
		p, err := s.conn.Next()
		if end := s.took(p, err); end != nil {
			s.leave(end)
			return
		}
	}
}

// took deals with what a read came to. An error is why the connection ends.
func (s *session) took(p []byte, err error) error {
	switch {
	case err == nil:
		s.unpaid += len(p)
		s.frames.Feed(p, time.Now())
	case err == os.ErrDeadlineExceeded: // and not that of a write, which a reason can wrap
		s.passed = true
		s.frames.Tick(time.Now())
	case err == io.EOF, parley.CodeOf(err) == parley.CodeClosed:
		s.frames.End() // a text under way ends when the client goes, but not when it is cut off from here
	}
	if end := s.takeAll(); end != nil {
		return end
	}
	switch {
	case err != nil && err != os.ErrDeadlineExceeded:
		return parley.Wrap(parley.CodeClosed, err, "the client left")
	case s.isLate():
		return errLate
	case err == nil: // silence starts now: while there was work to do, nobody listened
		s.heard = time.Now()
		s.frames.SilentSince(s.heard)
	case s.isIdle():
		return parley.Errorf(parley.CodeIdle, "%s", lines.IdleSentence(s.server.options.Idle))
	}
	s.pay()
	s.arm()
	return nil
}

// takeAll deals with every message that has come.
func (s *session) takeAll() error {
	for frame, ok := s.frames.Next(); ok; frame, ok = s.frames.Next() {
		s.unpaid += transport.MessageCost * lines.CountLines(frame.Text)
		if end := s.take(frame); end != nil {
			return end
		}
	}
	s.post()
	return nil
}

// take deals with one message. Every text of somebody who has a name is for the room, whatever it is: this protocol has no
// commands.
func (s *session) take(frame lines.Frame) error {
	switch frame.Kind {
	case lines.FrameTooLong:
		s.settle()
		s.fail(parley.Errorf(parley.CodeTooLong, "message too long (limit %d bytes)", parley.MaxText))
		return nil
	case lines.FrameHTTP:
		s.conn.Send([][]byte{s.server.httpAnswer(s.conn.LocalAddr())})
		return errHTTP
	case lines.FrameTLS:
		s.conn.Send([][]byte{lines.TLSAnswer()})
		return errTLS
	}
	switch {
	case s.place != nil:
		s.texts = append(s.texts, frame.Text)
		return nil
	case s.login.name != "":
		return s.takePassword(frame.Text)
	}
	return s.register(frame.Text)
}

// post has the texts that have been gathered posted, as one batch, and waits only while too much waits already.
func (s *session) post() {
	if len(s.texts) > 0 {
		s.poster.Post(s.texts...)
		s.texts = nil
	}
}

// settle posts, and waits until everything that the client has said is durable and on its way, or has been answered with
// an error. It stands before whatever must come after that.
func (s *session) settle() {
	s.post()
	s.poster.Wait()
}

// say posts texts. It is the poster's, so that it touches nothing of the session's that changes.
func (s *session) say(texts []string) {
	if err := s.place.Post(context.Background(), texts...); err != nil {
		s.fail(err)
	}
}

// fail answers with an error, and logs what only the server's own people can mend. It may be called from any goroutine.
func (s *session) fail(err error) {
	if code := parley.CodeOf(err); code == parley.CodeInternal || code == parley.CodeStore {
		s.server.log.Error("a request failed", "from", s.conn.RemoteAddr(), "error", err)
	}
	s.out.say(wire.AppendNotice(nil, "error: "+parley.Sentence(err)))
}

// pay notes what the client has sent, and waits where that was too fast: what it sends meanwhile waits in the network. It
// is put off while a message is under way that silence would end, and not yet too long: whoever waits here does not see
// the silence.
func (s *session) pay() {
	n := s.unpaid
	if n == 0 || n <= parley.MaxText && !s.frames.WakeAt().IsZero() {
		return
	}
	s.unpaid = 0
	if s.server.options.Unpaced {
		return
	}
	wait := s.pace.Take(n, time.Now())
	if wait == 0 {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.conn.Done():
	}
	s.heard = time.Now()
	s.frames.SilentSince(s.heard)
}

// arm sets the read deadline to when there is something to do if nothing comes. One that is too early is left alone: when it
// passes, it is set again. So a connection that is often heard of sets it seldom.
func (s *session) arm() {
	at := s.frames.WakeAt()
	if idle := s.server.options.Idle; idle > 0 && (at.IsZero() || s.heard.Add(idle).Before(at)) {
		at = s.heard.Add(idle)
	}
	if until := s.login.until; s.place == nil && !until.IsZero() && (at.IsZero() || until.Before(at)) {
		at = until
	}
	sooner := !at.IsZero() && (s.deadline.IsZero() || at.Before(s.deadline))
	if s.passed || sooner {
		_ = s.conn.SetReadDeadline(at) // fails on a connection that has ended, and so does the next read
		s.deadline, s.passed = at, false
	}
}

// isIdle reports whether the client has been silent for as long as it may.
func (s *session) isIdle() bool {
	idle := s.server.options.Idle
	return idle > 0 && time.Since(s.heard) >= idle
}

// leave ends the session and the connection.
func (s *session) leave(why error) {
	s.settle()
	if s.place != nil {
		s.server.directory.leave(s.out) // first, so that the next of that name is in the roster alone
		s.place.Leave()
	}
	s.out.end(s.goodbye(why), why)
}

// goodbye gives the last words to a client. One that left, or that speaks another protocol, is told nothing.
func (s *session) goodbye(why error) []byte {
	err, ok := errors.AsType[*parley.Error](why)
	if !ok || err.Code == parley.CodeClosed || err.Code == parley.CodeWrongProtocol {
		return nil
	}
	return s.server.Refuse(err)
}

// Why the connection of a client ends that came to the wrong door.
var (
	errHTTP = parley.Errorf(parley.CodeWrongProtocol, "this is HTTP")
	errTLS  = parley.Errorf(parley.CodeWrongProtocol, "this is TLS")
)
