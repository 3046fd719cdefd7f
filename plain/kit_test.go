package plain_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley"
	"parley/accounts"
	"parley/hub"
	"parley/plain"
	"parley/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var lobby = parley.Room{ID: "r-lobby", Name: parley.Lobby, Kind: parley.RoomPublic}

// memory is a journal and its history, in memory.
type memory struct {
	*people
	mu      sync.Mutex
	last    map[parley.RoomID]parley.Seq
	events  []parley.Applied
	batches []int // how many events each Append brought
	deliver func([]parley.Applied)
	fail    error         // when set, nothing can be appended
	slow    time.Duration // how long the disk takes for each batch
}

func (j *memory) Append(_ context.Context, events ...parley.Event) ([]parley.Outcome, error) {
	j.mu.Lock()
	slow := j.slow
	j.mu.Unlock()
	if slow > 0 {
		pass(slow)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fail != nil {
		return nil, j.fail
	}
	j.batches = append(j.batches, len(events))
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
	j.events = append(j.events, applied...)
	j.deliver(applied)
	return outcomes, nil
}

func (j *memory) Events(_ context.Context, room parley.RoomID, after parley.Seq, limit int) ([]parley.Applied, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var page []parley.Applied
	for _, a := range j.events {
		in, ok := a.Event.(parley.RoomEvent)
		if ok && in.Head().Room == room && a.Outcome.Seq > after && len(page) < limit {
			page = append(page, a)
		}
	}
	return page, nil
}

// cabinet keeps files in memory.
type cabinet struct {
	mu    sync.Mutex
	quota int64
	full  bool // the disk fills after the first byte of a file
	files map[parley.FileName]string
	begun int // files of which at least a byte was read
}

func (c *cabinet) Receive(
	_ context.Context, name parley.FileName, size int64, r io.Reader, post func(parley.File) error,
) (parley.File, error) {
	if size > c.quota {
		return parley.File{}, parley.Errorf(parley.CodeTooLarge, "a file has at most %d bytes", c.quota)
	}
	if c.full {
		if _, err := io.CopyN(io.Discard, r, 1); err != nil {
			return parley.File{}, err
		}
		return parley.File{}, parley.Errorf(parley.CodeDiskFull, "the disk is full")
	}
	var content bytes.Buffer
	n, err := io.CopyN(&content, r, size)
	c.mu.Lock()
	defer c.mu.Unlock()
	if n > 0 {
		c.begun++
	}
	if err != nil {
		return parley.File{}, err
	}
	file := parley.File{Name: name, Size: size, Digest: sha256.Sum256(content.Bytes())}
	if err := post(file); err != nil {
		return parley.File{}, err
	}
	c.files[name] = content.String()
	return file, nil
}

func (c *cabinet) Open(_ context.Context, _ parley.RoomID, name parley.FileName) (parley.File, io.ReadSeekCloser, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	content, ok := c.files[name]
	if !ok {
		return parley.File{}, nil, parley.Errorf(parley.CodeNoSuchFile, "no such file: %s", name)
	}
	file := parley.File{Name: name, Size: int64(len(content)), Digest: sha256.Sum256([]byte(content))}
	return file, opened{strings.NewReader(content)}, nil
}

// opened is a file that was opened.
type opened struct{ *strings.Reader }

// Close does nothing.
func (opened) Close() error { return nil }

// stored gives the content of a file, and whether there is one.
func (c *cabinet) stored(name parley.FileName) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	content, ok := c.files[name]
	return content, ok
}

// house is a hub with its journal, and listeners that people come to.
type house struct {
	t       *testing.T
	hub     *hub.Hub
	journal *memory
	desk    *accounts.Desk
	log     *slog.Logger // of everything, down to the least
	logged  *bytes.Buffer
	files   *cabinet
	asked   *operator
	port    int
	serving sync.WaitGroup
}

// inHouse runs a test in a bubble, where time passes only while everybody waits.
func inHouse(t *testing.T, test func(*testing.T, *house)) {
	synctest.Test(t, func(t *testing.T) { test(t, newHouse(t)) })
}

func newHouse(t *testing.T) *house {
	journal := &memory{people: newPeople(), last: map[parley.RoomID]parley.Seq{}}
	logged := new(bytes.Buffer)
	log := slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h := &house{
		t:       t,
		journal: journal,
		hub:     hub.New(hub.Config{Journal: journal, State: journal, Log: log}),
		log:     log,
		logged:  logged,
		files:   &cabinet{quota: 1 << 30, files: map[parley.FileName]string{}},
		asked:   &operator{},
		port:    1000,
	}
	journal.deliver = h.hub.Deliver
	h.admit(accounts.Open)
	t.Cleanup(func() { // runs when everybody has gone
		h.serving.Wait()
		h.hub.Close()
	})
	return h
}

// listener opens a listener with the options of a URL's query.
func (h *house) listener(query string) *plain.Server {
	h.t.Helper()
	return h.listenerFor(h.desk, query)
}

// listenerFor opens one that asks others who somebody is.
func (h *house) listenerFor(who plain.Accounts, query string) *plain.Server {
	h.t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		h.t.Fatal(err)
	}
	options, err := plain.ParseOptions(values)
	if err != nil {
		h.t.Fatal(err)
	}
	return plain.New(plain.Config{
		URL:      "plain://127.0.0.1:8001?" + query,
		Options:  options,
		Hub:      h.hub,
		Room:     lobby,
		Accounts: who,
		Files:    h.files,
		Operator: h.asked,
		Log:      h.log,
	})
}

// person is a client program and what it has been sent.
type person struct {
	t    *testing.T
	name string // what they are shown as while they have none
	pipe net.Conn
	conn *transport.Conn // the server's end
	stop chan struct{}   // while it is there, nothing is read

	mu   sync.Mutex
	got  bytes.Buffer
	gone bool // the server has closed
}

// addressed is an end of a pipe with addresses.
type addressed struct {
	net.Conn
	local, remote netip.AddrPort
}

func (a addressed) LocalAddr() net.Addr  { return net.TCPAddrFromAddrPort(a.local) }
func (a addressed) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(a.remote) }

// join connects somebody to a listener, and waits until all is quiet.
func (h *house) join(s *plain.Server) *person {
	h.t.Helper()
	h.port++
	ours, theirs := net.Pipe()
	loopback := netip.MustParseAddr("127.0.0.1")
	p := &person{
		t:    h.t,
		name: fmt.Sprint("127.0.0.1 : ", h.port),
		pipe: theirs,
		conn: transport.NewConn(addressed{
			Conn:   ours,
			local:  netip.AddrPortFrom(loopback, 8001),
			remote: netip.AddrPortFrom(loopback, uint16(h.port)),
		}, transport.ConnOptions{Log: h.log}),
	}
	h.serving.Go(func() {
		for step := s.Handle(p.conn); step != nil; {
			step = step()
		}
	})
	h.serving.Go(p.read)
	h.t.Cleanup(func() { p.pipe.Close() })
	synctest.Wait()
	return p
}

// enter connects somebody with the default greeting, and reads it.
func (h *house) enter(s *plain.Server) *person {
	h.t.Helper()
	p := h.join(s)
	p.sees("welcome\n")
	return p
}

// read takes what the server sends.
func (p *person) read() {
	buf := make([]byte, 4096)
	for {
		n, err := p.pipe.Read(buf)
		p.mu.Lock()
		p.got.Write(buf[:n])
		stop := p.stop
		p.gone = err != nil
		p.mu.Unlock()
		if err != nil {
			return
		}
		if stop != nil {
			<-stop
		}
	}
}

// stall makes the client stop reading after its next read, until the function is called that it gives.
func (p *person) stall() (goOn func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stop := make(chan struct{})
	p.stop = stop
	return func() {
		p.mu.Lock()
		p.stop = nil
		p.mu.Unlock()
		close(stop)
	}
}

// sends writes bytes, each argument in one piece, and waits until all is quiet.
func (p *person) sends(pieces ...string) {
	p.t.Helper()
	for _, piece := range pieces {
		if _, err := io.WriteString(p.pipe, piece); err != nil {
			p.t.Fatalf("%s cannot send %.50q: %v", p.name, piece, err)
		}
	}
	synctest.Wait()
}

// seen gives what has come since it was asked last, when all is quiet.
func (p *person) seen() string {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.got.Reset()
	return p.got.String()
}

// sees checks what has come since it was asked last: exactly want.
func (p *person) sees(want string) {
	p.t.Helper()
	if got := p.seen(); got != want {
		p.t.Errorf("%s sees\n%s\nwant\n%s", p.name, abbreviate(got), abbreviate(want))
	}
}

// abbreviate makes long texts readable.
func abbreviate(s string) string {
	if len(s) > 1000 {
		return fmt.Sprintf("%q … %q, %d bytes", s[:300], s[len(s)-300:], len(s))
	}
	return fmt.Sprintf("%q", s)
}

// leaves closes the connection.
func (p *person) leaves() {
	p.pipe.Close()
	synctest.Wait()
}

// isGone checks that the server has closed the connection, for a reason of that code.
func (p *person) isGone(code parley.Code) {
	p.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.gone || parley.CodeOf(p.conn.Reason()) != code {
		p.t.Errorf("%s: gone %v, because of %v", p.name, p.gone, p.conn.Reason())
	}
}

// gathered is after how long everybody has been told who came and went.
const gathered = 50 * time.Millisecond

// pass lets time pass.
func pass(d time.Duration) { <-time.After(d) }

// operator answers questions.
type operator struct {
	mu   sync.Mutex
	open []*question
}

type question struct {
	from, text string
	answer     func(string)
}

func (o *operator) Ask(from hub.Person, text string, answer func(string)) (withdraw func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := &question{from.Shown, text, answer}
	o.open = append(o.open, q)
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		for i, have := range o.open {
			if have == q {
				o.open = append(o.open[:i:i], o.open[i+1:]...)
			}
		}
	}
}

// sees gives the open questions, oldest first.
func (o *operator) sees() string {
	synctest.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	var all strings.Builder
	for _, q := range o.open {
		fmt.Fprintf(&all, "%s: %s\n", q.from, q.text)
	}
	return all.String()
}

// types answers the oldest question.
func (o *operator) types(line string) {
	o.mu.Lock()
	q := o.open[0]
	o.open = o.open[1:]
	o.mu.Unlock()
	q.answer(line)
}
