package roster_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley"
	"parley/accounts"
	"parley/hub"
	"parley/roster"
	"parley/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var lobby = parley.Room{ID: "r-lobby", Name: parley.Lobby, Kind: parley.RoomPublic}

// journal orders messages and keeps nothing.
type journal struct {
	*people
	mu      sync.Mutex
	last    map[parley.RoomID]parley.Seq
	deliver func([]parley.Applied)
	fail    error         // when set, nothing can be kept
	slow    time.Duration // how long the disk takes for each batch
}

func (j *journal) Append(_ context.Context, events ...parley.Event) ([]parley.Outcome, error) {
	if j.slow > 0 {
		<-time.After(j.slow)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fail != nil {
		return nil, j.fail
	}
	outcomes := make([]parley.Outcome, len(events))
	applied := make([]parley.Applied, len(events))
	for i, e := range events {
		if in, ok := e.(parley.RoomEvent); ok {
			j.last[in.Head().Room]++
			outcomes[i].Seq = j.last[in.Head().Room]
		}
		j.people.apply(e)
		applied[i] = parley.Applied{Event: e, Outcome: outcomes[i]}
	}
	j.deliver(applied)
	return outcomes, nil
}

func (*journal) Events(context.Context, parley.RoomID, parley.Seq, int) ([]parley.Applied, error) {
	return nil, nil
}

// school is a server with a roster listener, and everybody who is on it.
type school struct {
	t       *testing.T
	start   time.Time
	journal *journal
	hub     *hub.Hub
	desk    *accounts.Desk
	options roster.Options
	server  *roster.Server
	log     bytes.Buffer
	logger  *slog.Logger // to log, down to the least
	clients sync.WaitGroup
}

// open makes a school whose listener has these options.
func open(t *testing.T, o roster.Options) *school {
	s := &school{t: t, start: time.Now(), options: o}
	s.journal = &journal{people: newPeople(), last: make(map[parley.RoomID]parley.Seq)}
	s.logger = slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.hub = hub.New(hub.Config{Journal: s.journal, State: s.journal, Log: s.logger})
	s.journal.deliver = s.hub.Deliver
	s.admit(accounts.Open)
	return s
}

// inSchool runs a test on a clock of its own.
func inSchool(t *testing.T, o roster.Options, test func(t *testing.T, s *school)) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, o)
		test(t, s)
		s.close()
	})
}

// close ends the school when everybody has left.
func (s *school) close() {
	s.clients.Wait()
	s.hub.Close()
}

// seat is a network connection between two addresses.
type seat struct {
	net.Conn
	remote netip.AddrPort
}

func (s seat) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(s.remote) }
func (s seat) LocalAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort("10.20.30.1:5000"))
}

// client is a program on the other side of a connection. It writes down what each read brings, and when.
type client struct {
	school *school
	conn   net.Conn
	read   sync.WaitGroup

	mu  sync.Mutex
	log []arrival
}

// arrival is what one read brought.
type arrival struct {
	at    time.Duration
	bytes string
}

// connect has somebody connect from an address, "" for one that nobody knows.
func (s *school) connect(address string) *client {
	near, far := net.Pipe()
	c := &client{school: s, conn: near}
	var remote netip.AddrPort
	if address != "" {
		remote = netip.AddrPortFrom(netip.MustParseAddr(address), 40000)
	}
	s.clients.Go(func() {
		conn := transport.NewConn(seat{far, remote}, transport.ConnOptions{Log: s.logger})
		s.server.Handle(conn)
		<-conn.Done()
	})
	c.read.Go(c.listen)
	return c
}

// register has somebody connect and send a name, and waits until everybody has the roster.
func (s *school) register(name, address string) *client {
	c := s.connect(address)
	c.say(name)
	s.wait(time.Second)
	return c
}

func (c *client) listen() {
	buffer := make([]byte, 64<<10)
	for {
		n, err := c.conn.Read(buffer)
		if n > 0 {
			c.mu.Lock()
			c.log = append(c.log, arrival{time.Since(c.school.start), string(buffer[:n])})
			c.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

// say sends bytes as they are.
func (c *client) say(text string) {
	c.school.t.Helper()
	if _, err := io.WriteString(c.conn, text); err != nil {
		c.school.t.Errorf("sending %q: %v", text, err)
	}
}

// heard gives everything that has come since it was last asked, each read in brackets.
func (c *client) heard() string {
	var b strings.Builder
	for _, a := range c.arrivals() {
		fmt.Fprintf(&b, "[%s]", a.bytes)
	}
	return b.String()
}

// arrivals gives what has come since it was last asked.
func (c *client) arrivals() []arrival {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	log := c.log
	c.log = nil
	return log
}

// expect checks what has come since it was last asked.
func (c *client) expect(want string) {
	c.school.t.Helper()
	if got := c.heard(); got != want {
		c.school.t.Errorf("heard %q, want %q", got, want)
	}
}

// leave closes the connection.
func (c *client) leave() {
	_ = c.conn.Close()
	c.read.Wait()
}

// wait lets time pass.
func (s *school) wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// dismiss has everybody leave.
func dismiss(clients ...*client) {
	for _, c := range clients {
		c.leave()
	}
}

// visitor is somebody on another protocol, who reads nothing.
type visitor struct{}

func (visitor) Echo() bool                                { return false }
func (visitor) AppendItem(dst []byte, _ *hub.Item) []byte { return dst }
func (visitor) Send([][]byte)                             {}
func (visitor) Close(error)                               {}

// visit connects somebody on another protocol.
func (s *school) visit(p hub.Profile) *hub.Session {
	s.t.Helper()
	session, err := s.hub.Connect(s.t.Context(), lobby, p, visitor{}, visitor{})
	if err != nil {
		s.t.Fatal(err)
	}
	return session
}
