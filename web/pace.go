package web

import (
	"net/http"
	"strings"
	"time"

	"parley"
	"parley/transport"
)

// requestCost is how many bytes a request counts for beside its body: four messages. With the pace's defaults that is a
// thousand requests at once on one connection, and 256 a second.
const requestCost = 4 * transport.MessageCost

// pay waits where a client asks too fast on one connection: what it sends meanwhile waits in the network. The content
// of a file is not counted, as on other protocols.
func (s *Server) pay(r *http.Request) {
	v, ok := r.Context().Value(visitKey{}).(*visit)
	if !ok || s.Options.Unpaced {
		return
	}
	cost := requestCost
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		cost += int(min(max(r.ContentLength, 0), maxBody))
	}
	rest(v.pace.Take(cost, s.now()), v.conn)
}

// pay waits where the client sends too fast: what it sends meanwhile waits in the network. Each frame counts, and not
// each message: a control frame costs an answer, and a text can be cut into any number of empty ones.
func (s *socket) pay() {
	n := s.unpaid + transport.MessageCost*s.frames.Count()
	s.unpaid = 0
	if s.server.Options.Unpaced {
		return
	}
	if rest(s.pace.Take(n, s.server.now()), s.conn) {
		s.clock.hear(s.server.now())
	}
}

// rest waits, or until the connection has ended, and reports whether there was anything to wait for.
func rest(wait time.Duration, conn connection) bool {
	if wait <= 0 {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-conn.Done():
	}
	return true
}

// unfinished ends a client that has begun a text and does not end it: what has come of it is held in memory.
func (s *socket) unfinished() error {
	now := s.server.now()
	switch {
	case !s.frames.Partial():
		s.halfway = time.Time{}
	case s.halfway.IsZero():
		s.halfway = now
	case now.Sub(s.halfway) >= bodyTimeout:
		return parley.Errorf(parley.CodeIdle, "a message that does not end within %v", bodyTimeout)
	}
	return nil
}
