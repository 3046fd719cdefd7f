package server

import (
	"context"
	"log/slog"
	"net"
	"net/netip"

	"parley"
	"parley/accounts"
	"parley/transport"
)

// listener is an open listener, and once it is wired, the protocol that is spoken on it. Its methods are called in the
// order in which they stand here.
type listener interface {
	// url says what it was opened as.
	url() listenURL
	// address is where it really listens.
	address() netip.AddrPort
	// serve takes people until stop, and returns nil then.
	serve() error
	// stop takes nobody more. Where people have no connection by which to be told of the end, nothing more is read
	// from them either, and it returns when all that they have said is posted.
	stop()
	// dismiss tells everybody that the server stops, and waits until they have left, or ctx has ended and they were cut.
	dismiss(ctx context.Context, reason *parley.Error)
	// close gives the socket back, whatever came before.
	close()
}

// handler is the server side of a protocol over TCP.
type handler interface {
	Handle(*transport.Conn) transport.Step
	// Refuse gives what somebody is told who is not served, or no longer.
	Refuse(*parley.Error) []byte
}

// flusher is a handler that holds texts back for a moment, and can be asked not to.
type flusher interface{ Flush() }

// dismisser is a handler that tells its clients of the end itself, each in its own way, and waits for what it is answering.
type dismisser interface {
	Dismiss(ctx context.Context, reason *parley.Error)
}

// closer is a handler that has something to close, after its connections have ended.
type closer interface{ Close() }

// stream is a listener for a protocol over TCP.
type stream struct {
	spec    listenURL
	socket  *transport.Listener
	handler handler // set before serve
}

func openStream(ctx context.Context, spec listenURL, tls *tlsLater, tap transport.Tap, log *slog.Logger) (*stream, error) {
	s := &stream{spec: spec}
	options := transport.Options{
		Clients:    spec.clients,
		PerAddress: spec.perAddr,
		Serial:     spec.serial,
		Refuse:     func(err *parley.Error) []byte { return s.handler.Refuse(err) },
		Farewell:   func(err *parley.Error) []byte { return s.handler.Refuse(err) },
		Tap:        tap,
		Log:        log.With("listener", spec.text),
	}
	if spec.tls {
		options.TLS = tls.config()
	}
	var err error
	s.socket, err = transport.Listen(ctx, spec.address, options)
	return s, err
}

func (s *stream) url() listenURL          { return s.spec }
func (s *stream) address() netip.AddrPort { return s.socket.Addr() }
func (s *stream) serve() error            { return s.socket.Serve(s.handler.Handle) }
func (s *stream) stop()                   { _ = s.socket.Close() }

func (s *stream) close() {
	_ = s.socket.Close()
	if c, ok := s.handler.(closer); ok {
		c.Close()
	}
}

func (s *stream) dismiss(ctx context.Context, reason *parley.Error) {
	if d, ok := s.handler.(dismisser); ok {
		d.Dismiss(ctx, reason)
		s.socket.Drain(ctx)
		return
	}
	if f, ok := s.handler.(flusher); ok {
		f.Flush()
	}
	goodbye := s.handler.Refuse(reason)
	s.socket.Each(func(c *transport.Conn) {
		c.Send([][]byte{goodbye})
		c.Close(reason)
	})
	s.socket.Drain(ctx)
}

// datagramHandler is the server side of a protocol over UDP.
type datagramHandler interface {
	Serve(net.PacketConn) error
	Close() error
}

// packets is a listener for a protocol over UDP.
type packets struct {
	spec    listenURL
	socket  net.PacketConn
	handler datagramHandler // set before serve
	tapped  net.PacketConn  // socket, or what records it; set before serve
}

func openPackets(ctx context.Context, spec listenURL) (*packets, error) {
	socket, err := transport.ListenPacket(ctx, spec.address)
	return &packets{spec: spec, socket: socket}, err
}

func (p *packets) url() listenURL          { return p.spec }
func (p *packets) address() netip.AddrPort { return p.socket.LocalAddr().(*net.UDPAddr).AddrPort() }
func (p *packets) serve() error            { return p.handler.Serve(p.tapped) }
func (p *packets) stop()                   { _ = p.handler.Close() }
func (p *packets) close()                  { _ = p.socket.Close() }

// dismiss does nothing: over UDP nobody is connected, so there is nobody to tell.
func (p *packets) dismiss(context.Context, *parley.Error) {}

// parseListeners reads the URLs of all listeners of a server that admits whom admit says.
func parseListeners(urls []string, admit accounts.Admission) ([]listenURL, error) {
	specs := make([]listenURL, len(urls))
	for i, text := range urls {
		var err error
		if specs[i], err = parseListenURL(text); err != nil {
			return nil, err
		}
		if specs[i].packets && admit != "" && admit != accounts.Open {
			return nil, specs[i].errorf("over UDP nobody can log in, so it cannot be where only accounts are let in (--admit %s)", admit)
		}
	}
	return specs, nil
}
