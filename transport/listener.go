package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"parley"
)

// keepAlive finds out that a silent peer is dead: after 15 s without a byte it is asked, three times at most.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 15 * time.Second, Count: 3}

// Listener accepts TCP connections at one address, within limits. Its methods may be called from any goroutine.
type Listener struct {
	socket   net.Listener
	options  Options
	terms    *terms
	clients  clients
	refusals refusals
	seats    chan struct{}  // in serial mode the one seat; nil otherwise
	serving  sync.WaitGroup // one for each connection
	stopping chan struct{}  // closed by Close
	stopOnce sync.Once
}

// Listen opens a listener at address, a host and a port as for net.Listen; port 0 takes a free one. Connections queue
// up in the kernel until Serve accepts them. An address that cannot be had is a *parley.Error whose sentence names it
// and, where the port is in use and the system tells, the process that holds it.
func Listen(ctx context.Context, address string, o Options) (*Listener, error) {
	config := net.ListenConfig{Control: setUserTimeout, KeepAliveConfig: keepAlive}
	config.SetMultipathTCP(false) // Go's default for listeners on Linux, which knows no TCP_USER_TIMEOUT
	socket, err := config.Listen(ctx, family("tcp", address), address)
	if err != nil {
		return nil, listenError(address, err)
	}
	return newListener(socket, o), nil
}

func newListener(socket net.Listener, o Options) *Listener {
	orElse(&o.Clients, DefaultClients)
	orElse(&o.HandshakeTimeout, DefaultHandshakeTimeout)
	l := &Listener{socket: socket, options: o, stopping: make(chan struct{})}
	l.terms = newTerms(ConnOptions{
		QueueLimit:   o.QueueLimit,
		Patience:     o.Patience,
		CloseTimeout: o.CloseTimeout,
		StallTimeout: o.StallTimeout,
		Farewell:     o.Farewell,
		Tap:          o.Tap,
		Log:          o.Log,
	})
	l.clients = newClients(o.Clients, o.PerAddress)
	l.refusals.log = l.terms.Log
	if o.Serial {
		l.seats = make(chan struct{}, 1)
	}
	return l
}

// Addr gives the address at which the listener listens, with the port that it got.
func (l *Listener) Addr() netip.AddrPort { return addrPort(l.socket.Addr()) }

// Serve accepts connections until Close, and then returns nil. For each it runs handle in a goroutine of its own, after
// the TLS handshake where there is one, and then the steps that handle leads to; after the last the connection is closed
// as by Close(nil). A failure to accept (no descriptors left, say) is logged and tried again. Serve is called once.
func (l *Listener) Serve(handle func(*Conn) Step) error {
	l.refusals.open()
	defer l.refusals.close()
	for l.takeSeat() {
		nc, err := l.accept()
		if err != nil {
			break
		}
		if !l.admit(nc, handle) {
			l.freeSeat()
		}
	}
	return nil
}

// admit starts serving nc, or refuses it.
func (l *Listener) admit(nc net.Conn, handle func(*Conn) Step) bool {
	from := addrPort(nc.RemoteAddr()).Addr()
	if err := l.clients.refusal(from); err != nil {
		l.refuse(nc, from, err)
		return false
	}
	if l.options.TLS != nil {
		nc = tls.Server(nc, l.options.TLS)
	}
	c := newConn(nc, l.terms)
	if !l.clients.add(c, from, &l.serving) {
		c.Cut(errShutdown)
		return false
	}
	go l.serve(c, handle)
	return true
}

// serve runs a connection from its handshake on.
func (l *Listener) serve(c *Conn, handle func(*Conn) Step) {
	if t := c.tls(); t != nil && !l.handshake(c, t) {
		l.finish(c)
		return
	}
	if !l.clients.markServed(c) {
		c.Cut(errShutdown)
		l.finish(c)
		return
	}
	l.run(c, func() Step { return handle(c) })
}

// takeSeat waits, in serial mode, until nobody is being served. It gives false when the listener is stopping.
func (l *Listener) takeSeat() bool {
	if l.seats == nil {
		return true
	}
	select {
	case l.seats <- struct{}{}:
		return true
	case <-l.stopping:
		return false
	}
}

func (l *Listener) freeSeat() {
	if l.seats != nil {
		<-l.seats
	}
}

// accept waits for a connection. The error says that the listener was closed; any other failure passes, or could not be
// helped by giving up, so it is tried again, less and less often.
func (l *Listener) accept() (net.Conn, error) {
	for delay := time.Duration(0); ; {
		nc, err := l.socket.Accept()
		if err == nil || errors.Is(err, net.ErrClosed) {
			return nc, err
		}
		delay = min(max(2*delay, 5*time.Millisecond), time.Second)
		l.terms.Log.Warn("cannot accept a connection, trying again", "listener", l.Addr(), "in", delay, "error", err)
		select {
		case <-time.After(delay):
		case <-l.stopping:
			return nil, net.ErrClosed
		}
	}
}

// Each calls f for each connection that has been handed to Serve's handler and is not gone.
func (l *Listener) Each(f func(*Conn)) {
	for _, c := range l.clients.list(true) {
		f(c)
	}
}

// errShutdown is the reason of a connection that was cut because the server stops.
var errShutdown = parley.Errorf(parley.CodeShutdown, "the server is stopping")

// Close accepts no more connections. Those that were handed to Serve's handler go on; those that were not yet, since
// they are still in their handshake, are cut with CodeShutdown when it ends. Calling it again does nothing.
func (l *Listener) Close() error {
	var err error
	l.stopOnce.Do(func() {
		l.clients.close()
		close(l.stopping)
		err = l.socket.Close()
	})
	return err
}

// Drain waits, after Close, until all handlers have returned and all connections are gone. Those that are still in
// their handshake are cut at once, and when ctx ends, all that are left are: with CodeShutdown.
func (l *Listener) Drain(ctx context.Context) {
	cut := func(cs []*Conn) {
		for _, c := range cs {
			c.Cut(errShutdown)
		}
	}
	cut(l.clients.list(false))
	empty := make(chan struct{})
	go func() {
		l.serving.Wait()
		close(empty)
	}()
	select {
	case <-empty:
	case <-ctx.Done():
		cut(l.clients.list(true))
		<-empty
	}
}
