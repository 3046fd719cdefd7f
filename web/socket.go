package web

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/hub"
	"parley/transport"
	"parley/web/frame"
	"parley/web/wire"
)

// outLimit is how many bytes of answers are gathered before they are sent, and the client has to have taken them before
// anything more of what it sent is looked at.
const outLimit = 32 << 10

// socket is one client on a WebSocket, served in steps, one at a time. Thousands of them wait at once, so it holds nothing
// between two reads that it can do without.
type socket struct {
	server *Server
	conn   connection
	place  *hub.Session // nil until the client has said who it is
	frames frame.Reader
	pace   transport.Pacer
	clock  clock

	out     []byte      // answers not yet sent; nil between reads
	posts   []asked     // asked for and not yet done; nil between reads
	rooms   []presence  // what it is in
	hellos  uint8       // that were refused
	hello   *wire.Hello // that is to be dealt with; else nil
	entry   permit      // to come in
	unpaid  int         // bytes that have come, and that the pace knows nothing of yet
	halfway time.Time   // since when a text is under way; zero for none
	closing sync.Once   // for the close frame
}

func newSocket(s *Server, c connection) *socket {
	return &socket{server: s, conn: c, frames: frame.Reader{Masked: true, Limit: wire.MaxFrame}}
}

// begin takes what came before the connection was a WebSocket. Then the client is waited for and listened to, by turns, until
// the connection ends; nearly all of its life is spent in wait.
func (s *socket) begin(early []byte) transport.Step {
	if err := s.server.add(s); err != nil {
		return s.next(err)
	}
	s.clock.start(s.server.now())
	s.frames.Feed(early)
	return s.next(s.goOn())
}

func (s *socket) wait() transport.Step {
	s.conn.Wait()
	return s.listen
}

func (s *socket) listen() transport.Step { return s.next(s.took(s.conn.Next())) }

// queue waits until the client, who has said hello, may come in.
func (s *socket) queue() transport.Step {
	s.entry = s.server.entering.acquire()
	return s.comeIn
}

// comeIn deals with the hello that the client has said, and goes on with what it said behind it. The permit is for what a hello
// asks of store and hub alone: reading, passwords and sending to the client can take any time.
func (s *socket) comeIn() transport.Step {
	hello := *s.hello
	s.hello = nil
	end := s.answerHello(s.greet(context.Background(), hello))
	s.entry.release()
	s.clock.start(s.server.now()) // that it had to wait was not its silence
	if end == nil {
		end = s.goOn()
	}
	return s.next(end)
}

// next goes on with the session, or has it leave where there is a reason why it ends.
func (s *socket) next(end error) transport.Step {
	switch {
	case end != nil:
		s.leave(end)
		return nil
	case s.hello != nil:
		return s.queue
	}
	return s.wait
}

// took deals with what a read came to. An error is why the connection ends.
func (s *socket) took(p []byte, err error) error {
	switch {
	case err == nil:
		s.clock.hear(s.server.now())
		s.frames.Feed(p)
		s.unpaid += len(p)
		return s.goOn()
	case err == os.ErrDeadlineExceeded: // and not that of a write, which a reason can wrap
	case err == io.EOF, parley.CodeOf(err) == parley.CodeClosed:
		return parley.Wrap(parley.CodeClosed, err, "the client left")
	default:
		return err
	}
	return s.arm()
}

// arm sets when to look at the clock again, and does what is due.
func (s *socket) arm() error {
	switch s.clock.due(s.server.now(), s.place != nil) {
	case duePing:
		s.conn.Send([][]byte{frame.AppendControl(nil, frame.Ping, nil)})
	case dueHello:
		return parley.Errorf(parley.CodeIdle, "no hello for %v", helloTimeout)
	case dueEnd:
		return parley.Errorf(parley.CodeIdle, "no sign of life for %v", 2*pingAfter)
	}
	if at, changed := s.clock.alarm(s.place != nil); changed {
		_ = s.conn.SetReadDeadline(at) // fails on a connection that has ended, and so does the next read
	}
	return nil
}

// goOn deals with what has come, up to a hello, which may have to wait. An error is why the connection ends.
func (s *socket) goOn() error {
	end := s.takeAll()
	if end != nil || s.hello != nil {
		return end
	}
	if end := s.unfinished(); end != nil {
		return end
	}
	s.pay()
	return s.arm()
}

// takeAll deals with every message that has come, up to a hello, and sends what there is to answer.
func (s *socket) takeAll() error {
	for s.hello == nil {
		m, ok, err := s.frames.Next()
		if err != nil {
			return err
		}
		if !ok {
			s.post()
			s.send()
			return nil
		}
		if end := s.take(m); end != nil {
			return end
		}
		if len(s.out) >= outLimit {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// take deals with one message.
func (s *socket) take(m frame.Message) error {
	switch m.Kind {
	case frame.Ping:
		s.out = frame.AppendControl(s.out, frame.Pong, m.Payload)
	case frame.Text:
		return s.obey(m.Payload)
	case frame.Close:
		return errLeft
	}
	return nil
}

// answer gathers a message for the client.
func (s *socket) answer(m wire.ServerMessage) { s.out = frame.AppendText(s.out, m.Append) }

// send queues the answers that have been gathered.
func (s *socket) send() {
	if len(s.out) > 0 {
		s.conn.Send([][]byte{s.out})
		s.out = nil
	}
}

// flush sends the answers that have been gathered, and waits until they are on their way.
func (s *socket) flush() error {
	s.send()
	return s.conn.Flush(context.Background())
}

// leave ends the session and the connection, for a reason. What was answered before is still sent.
func (s *socket) leave(end error) {
	s.post()
	if s.place != nil {
		s.place.Leave()
	}
	s.send()
	s.Close(end)
	s.server.remove(s)
}

// Send sends parts; the hub calls it.
func (s *socket) Send(parts [][]byte) { s.conn.Send(parts) }

// Close tells the client why, and ends the connection. Anybody may call it; the first reason counts.
func (s *socket) Close(reason error) {
	s.closing.Do(func() {
		s.conn.Send([][]byte{appendGoodbye(nil, reason)})
		s.conn.Close(reason)
	})
}

// errLeft is the reason of a client that said so.
var errLeft = parley.Wrap(parley.CodeClosed, io.EOF, "the client left")

// appendGoodbye appends the last that a client is sent: a bye, unless it left itself, and the close frame (RFC 6455, section
// 5.5.1).
func appendGoodbye(dst []byte, reason error) []byte {
	if violation, ok := errors.AsType[*frame.Error](reason); ok {
		return frame.AppendClose(dst, violation.Code, violation.Sentence)
	}
	code := parley.CodeOf(reason)
	if code == parley.CodeClosed {
		return frame.AppendClose(dst, ws.StatusNormalClosure, "")
	}
	bye := wire.ByeFor(reason)
	if code == parley.CodeShutdown {
		bye.RetryAfter = comeBackAfter
	}
	dst = frame.AppendText(dst, bye.Append)
	return frame.AppendClose(dst, ws.StatusCode(wire.CloseStatus(code)), bye.Sentence)
}

// comeBackAfter is how many seconds a server that stops asks people to wait before they come back.
const comeBackAfter = 2
