package web

import (
	"os"

	"parley"
	"parley/transport"
)

// errStopping is why a connection ends that comes when nobody is taken any more.
var errStopping = parley.Errorf(parley.CodeShutdown, "the server is stopping")

// Handle serves one connection, step by step, until its end has come and Close has been called.
func (s *Server) Handle(c *transport.Conn) transport.Step {
	if !s.expect(c) {
		return nil
	}
	arrived := func() transport.Step { return s.arrived(c) }
	return func() transport.Step {
		c.Wait()
		return arrived
	}
}

// expect waits for what a client is going to say, for as long as the head of a request may take; false where it is not served,
// because the server stops.
func (s *Server) expect(c connection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent == nil {
		c.Close(errStopping)
		return false
	}
	s.silent[c] = struct{}{}
	_ = c.SetReadDeadline(s.now().Add(s.http.ReadHeaderTimeout)) // fails on a connection that has ended, and so does the read
	return true
}

// arrived deals with the first that a client has said, or with why it has not.
//
// It makes a WebSocket of a connection whose client asks for one, as it should. That spares the server much where thousands come
// at once: what net/http has for each connection, two buffers and two goroutines. About everything else net/http finds out what
// is wanted.
func (s *Server) arrived(c connection) transport.Step {
	first, err := s.first(c)
	if err != nil {
		c.Close(err)
		return nil
	}
	if rest, done := s.handshake(c, first); done {
		return newSocket(s, c).begin(rest)
	}
	v, err := s.host(c, first)
	if err != nil {
		c.Close(err)
		return nil
	}
	return v.wait
}

// first gives the first that a client has said. The error is why the connection ends.
func (s *Server) first(c connection) ([]byte, error) {
	first, err := c.Next()
	s.mu.Lock()
	delete(s.silent, c)
	s.mu.Unlock()
	switch {
	case err == os.ErrDeadlineExceeded: // and not that of a write, which a reason can wrap
		return nil, parley.Errorf(parley.CodeIdle, "no request for %v", s.http.ReadHeaderTimeout)
	case err != nil:
		return nil, parley.Wrap(parley.CodeClosed, err, "the client left")
	}
	return first, nil
}

// host has net/http speak with a client who has said first. The error is why the connection ends; a client that does not speak
// HTTP has been told so.
func (s *Server) host(c connection, first []byte) (*visit, error) {
	if answer := s.turnAway(strangerOf(first), c.LocalAddr()); answer != nil {
		c.Send([][]byte{answer})
		return nil, parley.Errorf(parley.CodeWrongProtocol, "the client does not speak HTTP")
	}
	v := newVisit(c, first)
	if !s.accepted.offer(v) {
		return nil, errStopping
	}
	return v, nil
}
