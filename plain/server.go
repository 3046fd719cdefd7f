package plain

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"strconv"

	"parley"
	"parley/hub"
	"parley/plain/wire"
	"parley/transport"
)

// Files takes and gives the files of a room.
type Files interface {
	// Receive keeps a file of exactly size bytes that r brings, and has post say so in the room, once the file is
	// durable. It refuses before it reads anything where it can. When r or post fails, it gives that error and keeps
	// nothing.
	Receive(ctx context.Context, name parley.FileName, size int64, r io.Reader,
		post func(parley.File) error) (parley.File, error)
	// Open gives the newest file of that name in the room, or else one that the server shares; CodeNoSuchFile. The
	// content must be closed.
	Open(ctx context.Context, room parley.RoomID, name parley.FileName) (parley.File, io.ReadSeekCloser, error)
}

// Operator answers, on a listener with RespondInput, what people send.
type Operator interface {
	// Ask shows the operator a text. Answer is called at most once, from any goroutine, with the line that they type
	// for it; it does not block. Withdraw, which may be called at any time, takes the question back.
	Ask(from hub.Person, text string, answer func(line string)) (withdraw func())
}

// Witness is shown, on a listener with RespondUpper, what people send: it goes to nobody else.
type Witness interface {
	// Saw shows a clean text and who sent it. It does not block.
	Saw(from hub.Person, text string)
}

// Config is what a Server is made of. Every field is needed, but Operator only where Options.Respond is RespondInput, and
// Witness and Web nowhere.
type Config struct {
	URL      string // the listener's, as people write it
	Options  Options
	Hub      *hub.Hub
	Room     parley.Room // where people start
	Accounts Accounts
	Files    Files
	Operator Operator
	Witness  Witness
	Log      *slog.Logger

	// Web gives the address at which somebody who came to local finds a door that speaks HTTP; "" for none.
	Web func(local netip.AddrPort) string
}

// Server serves the connections of one plain:// listener. Its methods may be called from any goroutine.
type Server struct {
	url      string
	options  Options
	hub      *hub.Hub
	room     parley.Room
	accounts Accounts
	files    Files
	operator Operator
	witness  Witness
	log      *slog.Logger
	form     *form
	greeting []byte
	web      func(local netip.AddrPort) string // nil for none
}

// New makes a Server. It opens nothing.
func New(c Config) *Server {
	s := &Server{
		url:      c.URL,
		options:  c.Options,
		hub:      c.Hub,
		room:     c.Room,
		accounts: c.Accounts,
		files:    c.Files,
		operator: c.Operator,
		witness:  c.Witness,
		log:      c.Log,
		form:     newForm(c.Options),
		web:      c.Web,
	}
	if c.Options.Welcome != "" {
		s.greeting = wire.AppendText(nil, c.Options.Welcome)
	}
	return s
}

// Handle serves one connection, step by step, until its end has come and Close has been called.
func (s *Server) Handle(c *transport.Conn) transport.Step { return newSession(s, c).begin }

// httpAnswer gives what a client is told that speaks HTTP and came to local, which is not always known.
func (s *Server) httpAnswer(local netip.AddrPort) []byte {
	page := ""
	if s.web != nil {
		page = s.web(local)
	}
	return wire.HTTPAnswer(wire.JoinURL(s.url, local), page)
}

// Refuse gives what a client is told whose connection is not served, or no longer, because of err.
func (s *Server) Refuse(err *parley.Error) []byte {
	if met, ok := errors.AsType[tls.RecordHeaderError](err); ok && wire.IsHTTPStart(met.RecordHeader[:]) {
		return s.httpAnswer(netip.AddrPort{})
	}
	switch err.Code {
	case parley.CodeFull:
		return wire.AppendText(nil, err.Sentence)
	case parley.CodeShutdown, parley.CodeIdle, parley.CodeSlowReader:
		return wire.AppendClosed(nil, err.Sentence)
	}
	return wire.AppendError(nil, err.Sentence)
}

// shown is what stands for the name of somebody who has picked none.
func shown(a netip.AddrPort) string {
	return a.Addr().String() + " : " + strconv.Itoa(int(a.Port()))
}
