package plain

import (
	"context"
	"io"
	"os"
	"time"

	"parley"
	"parley/hub"
	"parley/plain/wire"
	"parley/transport"
)

// outLimit is how many bytes of answers are gathered before they are sent, and the client has to have taken them before
// anything more of what it sent is looked at.
const outLimit = 32 << 10

// session is one client, served in steps, one at a time. Thousands of them wait at once, so it holds nothing between
// two reads that it can do without.
type session struct {
	server *Server
	conn   conn
	place  *hub.Session
	frames wire.Framer
	pace   transport.Pacer
	asked  *questions // nil until the operator is asked something
	login  *login     // nil unless the next message is an answer

	out    []byte     // answers not yet sent, all to what came before texts; nil between reads
	texts  []string   // said and not yet handed to poster; nil between reads
	poster hub.Poster // posts while the client is listened to

	unpaid int // what has come, but for files, as the pace counts it, and that it knows nothing of yet

	heard    time.Time // since when nothing has come from the client
	deadline deadline
}

// newSession makes the session of a client that has just come.
func newSession(server *Server, c conn) *session {
	s := &session{server: server, conn: c}
	s.poster.Say = s.say
	s.frames.LinesOnly = server.options.Lines
	s.frames.Guard = true
	return s
}

// begin greets the client. Then it is waited for and listened to, by turns, until the connection ends; nearly all of its
// life is spent in wait.
func (s *session) begin() transport.Step { return s.next(s.enter()) }

func (s *session) wait() transport.Step {
	s.conn.Wait()
	return s.listen
}

func (s *session) listen() transport.Step { return s.next(s.took(s.conn.Next())) }

// next goes on with the session, or has it leave where there is a reason why it ends.
func (s *session) next(end error) transport.Step {
	if end == nil {
		return s.wait
	}
	s.leave(end)
	return nil
}

// enter greets the client, and connects it to the hub or asks who it is. An error is why it cannot stay.
func (s *session) enter() error {
	s.heard = time.Now()
	if err := s.open(); err != nil {
		s.fail(err)
		return err
	}
	s.send()
	s.arm()
	return nil
}

// took deals with what a read came to. An error is why the connection ends.
func (s *session) took(p []byte, err error) error {
	switch {
	case err == nil:
		s.heard = time.Now()
		s.unpaid += len(p)
		s.frames.Feed(p, s.heard)
	case err == os.ErrDeadlineExceeded: // and not that of a write, which a reason can wrap
		s.deadline.passed = true
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
		return s.shutOut()
	case err == nil:
	case s.isIdle():
		return s.expire(s.server.options.Idle)
	}
	if end := s.pay(); end != nil {
		return end
	}
	s.arm()
	return nil
}

// takeAll deals with every message that has come, and sends what there is to answer. That may have taken long, and more
// may have come meanwhile: the client's silence starts afterwards.
func (s *session) takeAll() error {
	frame, ok := s.frames.Next()
	if !ok {
		return nil
	}
	for ; ok; frame, ok = s.frames.Next() {
		s.unpaid += transport.MessageCost * wire.CountLines(frame.Text)
		if end := s.take(frame); end != nil {
			return end
		}
		if len(s.out) >= outLimit {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	s.post()
	s.send()
	s.heard = time.Now()
	s.frames.SilentSince(s.heard)
	return nil
}

// post has the texts that have been gathered posted, as one batch, and waits only while too much waits already. What was
// answered before them is sent first: the poster sends its errors itself.
func (s *session) post() {
	if len(s.texts) == 0 {
		return
	}
	s.send()
	s.poster.Post(s.texts...)
	s.texts = nil
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
		s.conn.Send([][]byte{s.appendFailure(nil, err)})
	}
}

// fail answers with an error.
func (s *session) fail(err error) { s.out = s.appendFailure(s.out, err) }

// appendFailure appends the answer that is an error, and logs what only the server's own people can mend.
func (s *session) appendFailure(dst []byte, err error) []byte {
	if code := parley.CodeOf(err); code == parley.CodeInternal || code == parley.CodeStore {
		s.server.log.Error("a request failed", "from", s.conn.RemoteAddr(), "error", err)
	}
	return wire.AppendError(dst, parley.Sentence(err))
}

// send queues the answers that have been gathered.
func (s *session) send() {
	if len(s.out) > 0 {
		s.conn.Send([][]byte{s.out})
		s.out = nil
	}
}

// flush sends the answers that have been gathered, and waits until they are on their way.
func (s *session) flush() error {
	s.send()
	return s.conn.Flush(context.Background())
}

// Send sends what the hub shows. With Close it is the hub's outbox.
func (s *session) Send(parts [][]byte) { s.conn.Send(parts) }

// Close tells the client why the connection ends, and ends it; whoever listens to it then leaves.
func (s *session) Close(reason error) {
	s.conn.Send([][]byte{wire.AppendClosed(nil, parley.Sentence(reason))})
	s.conn.Close(reason)
}

// leave ends the session and the connection, for a reason. What was answered before is still sent.
func (s *session) leave(end error) {
	if s.place != nil {
		s.settle()
		s.place.Leave()
	}
	if s.asked != nil {
		s.asked.withdraw()
	}
	s.send()
	s.conn.Close(end)
}

// errLeft is the reason of a client that said so.
var errLeft = parley.Wrap(parley.CodeClosed, io.EOF, "the client left")
