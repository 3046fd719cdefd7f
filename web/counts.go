package web

import (
	"cmp"
	"maps"
	"net/http"
	"sync"

	"parley/web/routes"
)

// Counts is what a Server has been asked.
type Counts struct {
	Sockets  int // WebSockets now
	Requests map[Answer]int64
}

// Answer is a kind of answer to a request.
type Answer struct {
	Operation routes.Operation // "" for what no route is for, and what nobody may ask
	Status    int              // of HTTP; 101 where a WebSocket was opened
}

// Counts gives the counts since the server was made. A request that cannot be read as HTTP is none.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	sockets := len(s.sockets)
	s.mu.Unlock()
	s.requests.mu.Lock()
	defer s.requests.mu.Unlock()
	return Counts{Sockets: sockets, Requests: maps.Clone(s.requests.answers)}
}

// requests counts requests that were answered. There are as many kinds of answer as there are routes and statuses that the
// server itself gives; nobody can make more.
type requests struct {
	operations map[string]routes.Operation // by pattern

	mu      sync.Mutex
	answers map[Answer]int64
}

func newRequests() *requests {
	c := &requests{operations: make(map[string]routes.Operation), answers: make(map[Answer]int64)}
	for _, r := range routes.All() {
		c.operations[r.Pattern()] = r.Operation
	}
	return c
}

// count counts what next answers.
func (c *requests) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &statusWriter{ResponseWriter: w}
		defer func() { // also when the answer is broken off by a panic
			c.add(Answer{c.operations[r.Pattern], cmp.Or(seen.status, http.StatusOK)})
		}()
		next.ServeHTTP(seen, r)
	})
}

// add counts one answer.
func (c *requests) add(answer Answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers[answer]++
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int // 0 when none was written: net/http then writes 200, if anything
}

// WriteHeader writes the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// innermost gives net/http's own writer, by which http.MaxBytesReader tells it that a body was too long.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	if seen, ok := w.(*statusWriter); ok {
		return seen.ResponseWriter
	}
	return w
}

// wrote notes a status that was written past w.
func wrote(w http.ResponseWriter, status int) {
	if seen, ok := w.(*statusWriter); ok {
		seen.status = status
	}
}
