package web

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/hub"
	"parley/transport"
	"parley/web/wire"
)

// What an HTTP client may take and ask for.
const (
	headerTimeout = 10 * time.Second // to send the head of a request
	bodyTimeout   = 60 * time.Second // to send the body of a request, but for that of a file
	idleTimeout   = 2 * time.Minute  // between two requests
	maxHeader     = 16 << 10         // bytes of a request's head
	maxBody       = wire.MaxFrame    // bytes of a request's body, but for that of a file
)

// Config is what a Server is made of. Every field is needed but PublicNames, Metrics, Text, HeaderTimeout and Now.
type Config struct {
	URL         string // the listener's, as people write it
	Options     Options
	Hub         *hub.Hub
	Accounts    Accounts
	State       State
	Files       Files
	Uploads     Uploads
	Previews    Previews
	Room        parley.Room  // that is there whenever the server works
	PublicNames []string     // host names that the server goes by, beside its addresses
	Metrics     http.Handler // shown to those who may see it; where it is nil they are told that there is nothing
	Version     string

	// GoesBy, where it is set, tells of further host names whether the server goes by them at the moment. Any goroutine may
	// call it.
	GoesBy func(host string) bool

	// Reached, where it is set, gives the URL by which others reach the listener, such as "http://192.0.2.7:7275", as far as
	// the server knows one; else "". Any goroutine may call it.
	Reached func() string

	// Kernel, where it is set, gives what the kernel knows of the connections of a listener, by the client's address. Any
	// goroutine may call it.
	Kernel func(listener string) map[netip.AddrPort]transport.TCPInfo

	// Text gives the address at which somebody who came to local finds a door that speaks plain text; "" for none.
	Text func(local netip.AddrPort) string

	HeaderTimeout time.Duration // how long the head of a request may take; 10 s when 0
	Now           func() time.Time
	Log           *slog.Logger
}

// Server serves the connections of one http:// or https:// listener. Its methods may be called from any goroutine. It must be
// closed.
type Server struct {
	Config
	log      *slog.Logger
	names    []string // PublicNames, in lower case
	form     *form
	accepted *accepted
	http     *http.Server
	serving  sync.WaitGroup
	requests *requests
	entering semaphore

	mu      sync.Mutex // guards what follows
	sockets map[connection]*socket
	silent  map[connection]struct{} // nothing has come from them yet; nil once nobody is taken any more
}

// New makes a Server, and starts to take what Handle will bring.
func New(c Config) *Server {
	s := &Server{Config: c, log: c.Log, form: &form{}, accepted: newAccepted(), requests: newRequests(), entering: newSemaphore(maxComing),
		sockets: make(map[connection]*socket), silent: make(map[connection]struct{})}
	for _, name := range c.PublicNames {
		s.names = append(s.names, strings.ToLower(strings.TrimSuffix(name, ".")))
	}
	s.http = &http.Server{
		Handler:                      s.requests.count(overriding(s.guard(s.routes()))),
		ReadHeaderTimeout:            cmp.Or(c.HeaderTimeout, headerTimeout),
		IdleTimeout:                  idleTimeout,
		MaxHeaderBytes:               maxHeader,
		ConnContext:                  connContext,
		DisableGeneralOptionsHandler: true, // whatever is asked comes by guard
		ErrorLog:                     slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug),
	}
	s.serving.Go(func() { _ = s.http.Serve(s.accepted) })
	return s
}

// now reads the clock.
func (s *Server) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// add notes a WebSocket, so that it can be dismissed. The error says that all have been.
func (s *Server) add(k *socket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent == nil {
		return errStopping
	}
	s.sockets[k.conn] = k
	return nil
}

// remove forgets a WebSocket that has ended.
func (s *Server) remove(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sockets, k.conn)
}

// Dismiss tells everybody on a WebSocket that the server stops, and waits for the requests that are being answered, or until ctx
// ends. Nobody new is taken.
func (s *Server) Dismiss(ctx context.Context, reason *parley.Error) {
	s.mu.Lock()
	sockets, silent := slices.Collect(maps.Values(s.sockets)), s.silent
	s.silent = nil
	s.mu.Unlock()
	for c := range silent {
		c.Close(reason)
	}
	for _, k := range sockets {
		k.Close(reason)
	}
	_ = s.accepted.Close()
	_ = s.http.Shutdown(ctx) // what it leaves, Close ends
}

// Close ends what New started, whatever came before. Connections are the listener's to end.
func (s *Server) Close() {
	_ = s.accepted.Close()
	_ = s.http.Close()
	s.serving.Wait()
}
