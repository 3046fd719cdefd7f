package client

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"parley"
	"parley/peer"
)

// Options say where a Client goes and how.
type Options struct {
	Target      Target
	Name        string        // what to be called; needed on roster://, "" elsewhere for none
	Bind        netip.Addr    // the local address; the zero Addr leaves it to the system
	TLS         *tls.Config   // needed where Target.TLS is set
	Files       *Folder       // where files come from and go to; needed
	Meter       Meter         // shows how transfers come on; nil for nobody
	NoReconnect bool          // the first connection is the only one
	Timeout     time.Duration // the Client ends when nothing has come for so long; 0 for never
	Token       parley.Token  // on http://: a session to go on with, instead of a new one for Name

	// Password asks the person for the password of a name, on plain:// and roster://. It is called from goroutines of the
	// Client and may take long; its context ends with the connection. An error ends the Client. nil: nobody can be asked.
	Password func(ctx context.Context, name string) (string, error)

	Tap Tap // is told of everything that is sent and received; nil for nobody
}

// Tap records what a Client sends and receives. Any goroutine calls it, and it does not wait.
type Tap interface {
	// Dialled gives a connection that tells, or a UDP socket; under TLS it is what is said before it is encrypted.
	Dialled(conn net.Conn) net.Conn
	peer.Tap
}

// ErrAway is in the chain of an error when there is no connection just now. Nothing was sent, and trying again after
// Await is safe.
var ErrAway = errors.New("not connected")

// errAway is what is returned then.
var errAway = parley.Wrap(parley.CodeClosed, ErrAway, "not connected just now")

// Client is one person's place in a chat, on whatever protocol. When its connection breaks it comes back by itself,
// unless Options.NoReconnect.
//
// Somebody must take its events until their channel is closed: while nobody does, nothing more is read from the server.
// Its methods may be called from any goroutine, also while another takes the events. Those that send return nil as soon
// as what they send is on its way; what comes of it is told by an event. Their errors are of type *parley.Error; one
// with ErrAway in its chain says that there is no connection now.
type Client struct {
	options Options
	outside outside

	events     *eventStream
	noticed    chan struct{} // has something in it when bytes came; the watchdog takes it out
	neighbours *neighbours   // on roster only
	membership *membership   // on http only
	ctx        context.Context
	cancel     context.CancelCauseFunc // ends dialling and waiting, with the reason for which the Client ends
	done       sync.WaitGroup

	mu      sync.Mutex
	name    string        // what this client is called or wants to be called
	secret  secret        // its password, once it was asked for
	link    link          // nil while there is none
	ready   bool          // there has been one
	changed chan struct{} // closed when link or over changes
	over    bool
	err     error
}

// outside is what a Client needs of the world.
type outside struct {
	connect func(context.Context) (net.Conn, error)
	wait    func(context.Context, time.Duration) error
	random  func() float64 // from 0 up to 1
}

// link is one connection of one protocol. Run reads it to its end and is called once; the other methods may be called
// from any goroutine meanwhile, and afterwards give errAway.
type link interface {
	// run emits what happens until the connection ends, and gives the reason. It calls ready once the other methods can
	// be used.
	run(ready func()) error
	// say sends a text to the room.
	say(ctx context.Context, text string) error
	// direct sends to one person; the argument is "NAME: TEXT", where NAME may have colons in it.
	direct(ctx context.Context, rest string) error
	// online asks who is here.
	online(ctx context.Context) error
	// sendFile sends a file of the client's folder, and returns when it has left.
	sendFile(ctx context.Context, path string) error
	// askFile asks for a file.
	askFile(ctx context.Context, name parley.FileName) error
	// settle waits until what was asked is answered, or no answer can be expected any more.
	settle(ctx context.Context)
	// leave ends the connection in order: what was sent arrives first, where it can. Then run returns.
	leave()
}

// Open connects to a server. When it cannot, the error is an *parley.Error that says why, and nothing is tried again.
// The context is for connecting only.
func Open(ctx context.Context, o Options) (*Client, error) {
	c := newClient(o, outside{connect: o.dial, wait: sleep, random: rand.Float64})
	conn, err := c.outside.connect(ctx)
	if err != nil {
		return nil, err
	}
	c.start(conn)
	return c, nil
}

// newClient makes a Client that is not started yet.
func newClient(o Options, world outside) *Client {
	c := &Client{
		options: o, outside: world, name: o.Name,
		events: newEventStream(), noticed: make(chan struct{}, 1), changed: make(chan struct{}),
	}
	c.ctx, c.cancel = context.WithCancelCause(context.Background())
	switch o.Target.Scheme {
	case SchemeRoster:
		c.neighbours = &neighbours{client: c}
	case SchemeHTTP:
		c.membership = newMembership(c)
	}
	return c
}

// start begins with the first connection.
func (c *Client) start(conn net.Conn) {
	c.options.Files.NameAfter(c.options.Name, addressOf(conn.LocalAddr()))
	c.done.Go(func() { c.live(conn) })
	if c.options.Timeout > 0 {
		c.done.Go(c.watch)
	}
}

// Events gives what happens. The channel is closed when the Client has ended; Err then says why.
func (c *Client) Events() <-chan Event { return c.events.out }

// Err gives the reason for which the Client has ended by itself: an *parley.Error, nil while it lives and when Close
// has ended it.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Say sends a text to the room, in one line. One that reads as a command of the server is one.
func (c *Client) Say(ctx context.Context, text string) error {
	if err := parley.CheckText(text); err != nil {
		return err
	}
	return c.with(func(l link) error { return l.say(ctx, parley.CleanLine(text)) })
}

// Direct sends a direct message. Rest is "NAME: TEXT" as it is typed behind an '@'; who is meant is decided by who is
// here, since there are names with colons in them.
func (c *Client) Direct(ctx context.Context, rest string) error {
	if c.neighbours != nil { // it goes straight from here to there, and needs no connection to the server
		return c.neighbours.send(rest)
	}
	return c.with(func(l link) error { return l.direct(ctx, parley.CleanLine(rest)) })
}

// Online asks who is here. The answer is the event Online.
func (c *Client) Online(ctx context.Context) error {
	return c.with(func(l link) error { return l.online(ctx) })
}

// SendFile sends a file of the client's folder. It returns when the content has left; the event Sent follows when the
// server has confirmed it.
func (c *Client) SendFile(ctx context.Context, path string) error {
	return c.with(func(l link) error { return l.sendFile(ctx, path) })
}

// AskFile asks for a file. The event Received follows when it has arrived in the client's folder.
func (c *Client) AskFile(ctx context.Context, name string) error {
	if name == "" {
		return parley.Errorf(parley.CodeNameInvalid, "which file? write ask for file:NAME")
	}
	parsed, err := parley.ParseFileName(name)
	if err != nil {
		return err
	}
	return c.with(func(l link) error { return l.askFile(ctx, parsed) })
}

// Await waits until there is a connection. The error says that ctx or the Client has ended.
func (c *Client) Await(ctx context.Context) error {
	for {
		c.mu.Lock()
		link, over, changed := c.link, c.over, c.changed
		c.mu.Unlock()
		switch {
		case over:
			return errAway
		case link != nil:
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return parley.Wrap(parley.CodeClosed, ctx.Err(), "not connected")
		}
	}
}

// Settle waits until what was asked of the server is answered and no file is on its way, but not for an answer that
// does not come in a reasonable time: not every server gives one.
func (c *Client) Settle(ctx context.Context) {
	_ = c.with(func(l link) error { l.settle(ctx); return nil })
}

// Close leaves the chat in order and ends the Client. Events that happen meanwhile still come, to whoever takes them.
// It takes about a second at most, two where nobody takes events, and may be called more than once.
func (c *Client) Close() {
	c.cancel(nil)
	timer := time.AfterFunc(2*closeTime, c.events.abandon)
	c.done.Wait()
	timer.Stop()
}

// with calls f with the connection there is now.
func (c *Client) with(f func(link) error) error {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l == nil {
		return errAway
	}
	err := f(l)
	if errors.Is(err, ErrAway) {
		c.setLink(l, nil) // so that Await waits for the next one, even before this one has noticed its end
	}
	return err
}

// setLink replaces the connection, if it is still the one that is meant.
func (c *Client) setLink(from, to link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == from {
		c.link = to
		c.ready = c.ready || to != nil
		c.announce()
	}
}

// hasBeenReady reports whether something could ever be sent.
func (c *Client) hasBeenReady() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ready
}

// announce wakes those who wait for a change. The mutex is held.
func (c *Client) announce() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// emit hands an event on. Some time after Close nobody has to take it any more.
func (c *Client) emit(e Event) { c.events.emit(e) }

// ownName gives what this client is called or wants to be called.
func (c *Client) ownName() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.name
}

// setOwnName notes what this client is called from now on, and asks for again when it comes back.
func (c *Client) setOwnName(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.name = name
}

// sleep waits.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
