package roster

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net/netip"

	"parley"
	"parley/hub"
	lines "parley/plain/wire"
	"parley/roster/wire"
	"parley/transport"
)

// Config is what a Server is made of. Every field is needed but Web.
type Config struct {
	URL      string // the listener's, as people write it
	Options  Options
	Hub      *hub.Hub
	Room     parley.Room // where people start
	Accounts Accounts
	Log      *slog.Logger

	// Web gives the address at which somebody who came to local finds a door that speaks HTTP; "" for none.
	Web func(local netip.AddrPort) string
}

// Server serves the connections of one roster:// listener. Its methods may be called from any goroutine.
type Server struct {
	url       string
	options   Options
	hub       *hub.Hub
	room      parley.Room
	accounts  Accounts
	log       *slog.Logger
	directory *directory
	web       func(local netip.AddrPort) string // nil for none
}

// New makes a Server. It opens nothing.
func New(c Config) *Server {
	return &Server{
		url:       c.URL,
		options:   c.Options,
		hub:       c.Hub,
		room:      c.Room,
		accounts:  c.Accounts,
		log:       c.Log,
		directory: newDirectory(c.Log),
		web:       c.Web,
	}
}

// Handle serves one connection, and returns when it has ended; its Close has been called then.
func (s *Server) Handle(c *transport.Conn) transport.Step {
	newSession(s, c).serve()
	return nil
}

// Flush sends the texts that are held back for quiet, at once. It is for a server that stops and is about to close the
// connections: what was accepted is delivered. No roster is sent any more, for it could not stand alone.
func (s *Server) Flush() { s.directory.each((*outbox).flush) }

// httpAnswer gives what a client is told that speaks HTTP and came to local, which is not always known.
func (s *Server) httpAnswer(local netip.AddrPort) []byte {
	page := ""
	if s.web != nil {
		page = s.web(local)
	}
	return lines.HTTPAnswer(lines.JoinURL(s.url, local), page)
}

// Refuse gives what a client is told whose connection is not served, or no longer, because of err.
func (s *Server) Refuse(err *parley.Error) []byte {
	if met, ok := errors.AsType[tls.RecordHeaderError](err); ok && lines.IsHTTPStart(met.RecordHeader[:]) {
		return s.httpAnswer(netip.AddrPort{})
	}
	switch err.Code {
	case parley.CodeFull:
		return wire.AppendNotice(nil, err.Sentence)
	case parley.CodeShutdown, parley.CodeIdle, parley.CodeSlowReader, parley.CodeUnauthorized:
		return wire.AppendNotice(nil, "closed: "+err.Sentence)
	}
	return wire.AppendNotice(nil, "error: "+err.Sentence)
}
