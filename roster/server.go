package roster

import (
	"log/slog"
	"net/netip"
	"net/url"

	"parley"
	"parley/hub"
	"parley/roster/wire"
	"parley/transport"
)

// Config is what a Server is made of. Every field is needed.
type Config struct {
	URL     string // the listener's, as people write it
	Options Options
	Hub     *hub.Hub
	Room    parley.Room // where people start
	Log     *slog.Logger
}

// Server serves the connections of one roster:// listener. Its methods may be called from any goroutine.
type Server struct {
	url       string
	options   Options
	hub       *hub.Hub
	room      parley.Room
	log       *slog.Logger
	directory *directory
}

// New makes a Server. It opens nothing.
func New(c Config) *Server {
	return &Server{
		url:       c.URL,
		options:   c.Options,
		hub:       c.Hub,
		room:      c.Room,
		log:       c.Log,
		directory: newDirectory(c.Log),
	}
}

// Handle serves one connection, and returns when it has ended; its Close has been called then.
func (s *Server) Handle(c *transport.Conn) { newSession(s, c).serve() }

// Flush sends everything that is held back for quiet between texts and rosters, at once. It is for a server that stops and
// is about to close the connections: what was accepted is delivered.
func (s *Server) Flush() { s.directory.each((*outbox).flush) }

// Refuse gives what a client is told whose connection is not served, or no longer, because of err.
func (s *Server) Refuse(err *parley.Error) []byte {
	switch err.Code {
	case parley.CodeFull:
		return wire.AppendNotice(nil, err.Sentence)
	case parley.CodeShutdown, parley.CodeIdle:
		return wire.AppendNotice(nil, "closed: "+err.Sentence)
	}
	return wire.AppendNotice(nil, "error: "+err.Sentence)
}

// address gives the URL by which a client that came to local joins this listener.
func (s *Server) address(local netip.AddrPort) string {
	u, err := url.Parse(s.url)
	if err != nil {
		return s.url
	}
	if local.IsValid() {
		u.Host = local.String()
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}
