package plain_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"parley"
	"parley/hub"
	"parley/plain"
)

// ether is a UDP socket and the network behind it, in memory.
type ether struct {
	in     chan packet
	closed chan struct{}

	mu       sync.Mutex
	deadline time.Time
	changed  chan struct{} // closed when the deadline changes
	out      []packet
	slow     chan struct{} // while it is there, nothing can be sent
}

// packet is a datagram, with where it comes from or goes to.
type packet struct {
	who  netip.AddrPort
	text string
}

func newEther() *ether {
	return &ether{in: make(chan packet, 1<<16), closed: make(chan struct{}), changed: make(chan struct{})}
}

func (e *ether) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		e.mu.Lock()
		deadline, changed := e.deadline, e.changed
		e.mu.Unlock()
		var timeout <-chan time.Time
		if !deadline.IsZero() {
			timeout = time.After(time.Until(deadline))
		}
		select {
		case p := <-e.in:
			return copy(b, p.text), net.UDPAddrFromAddrPort(p.who), nil
		case <-timeout:
			return 0, nil, os.ErrDeadlineExceeded
		case <-e.closed:
			return 0, nil, net.ErrClosed
		case <-changed:
		}
	}
}

func (e *ether) WriteTo(b []byte, to net.Addr) (int, error) {
	e.mu.Lock()
	slow := e.slow
	e.mu.Unlock()
	if slow != nil {
		<-slow
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.out = append(e.out, packet{to.(*net.UDPAddr).AddrPort(), string(b)})
	return len(b), nil
}

func (e *ether) SetReadDeadline(t time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.deadline = t
	close(e.changed)
	e.changed = make(chan struct{})
	return nil
}

func (e *ether) Close() error                     { close(e.closed); return nil }
func (e *ether) LocalAddr() net.Addr              { return &net.UDPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 12001} }
func (e *ether) SetDeadline(time.Time) error      { return io.ErrNoProgress }
func (e *ether) SetWriteDeadline(time.Time) error { return io.ErrNoProgress }

// air is a UDP listener and the people around it.
type air struct {
	*house
	ether    *ether
	listener *plain.Datagrams
	log      *strings.Builder
}

// inAir runs a test with a UDP listener, in a bubble.
func inAir(t *testing.T, query string, test func(t *testing.T, a *air)) {
	inHouse(t, func(t *testing.T, h *house) {
		a := h.air(query, plain.DatagramConfig{})
		test(t, a)
		if err := a.listener.Close(); err != nil {
			t.Error(err)
		}
	})
}

// air opens a UDP listener. Its configuration is filled in.
func (h *house) air(query string, c plain.DatagramConfig) *air {
	h.t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		h.t.Fatal(err)
	}
	if c.Options, err = plain.ParseDatagramOptions(values); err != nil {
		h.t.Fatal(err)
	}
	a := &air{house: h, ether: newEther(), log: new(strings.Builder)}
	c.URL, c.Hub, c.Room, c.Operator = "plain+udp://10.0.0.1:12001", h.hub, lobby, h.asked
	c.Log = slog.New(slog.NewTextHandler(a.log, nil))
	a.listener = plain.NewDatagrams(c)
	h.serving.Go(func() {
		if err := a.listener.Serve(a.ether); err != nil {
			h.t.Errorf("serving ends with %v", err)
		}
	})
	synctest.Wait()
	return a
}

// sends brings a datagram from somewhere, and waits until all is quiet.
func (a *air) sends(from, text string) {
	a.ether.in <- packet{netip.MustParseAddrPort(from), text}
	synctest.Wait()
}

// join brings a datagram that is long enough that much may be answered.
func (a *air) join(sources ...string) {
	for _, from := range sources {
		a.sends(from, "I am "+from+strings.Repeat(".", 500))
	}
	a.drain()
}

// drain gives everything that was sent since it was last asked, in order.
func (a *air) drain() []packet {
	synctest.Wait()
	a.ether.mu.Lock()
	defer a.ether.mu.Unlock()
	out := a.ether.out
	a.ether.out = nil
	return out
}

// expect checks everything that was sent since it was last asked, each as "TO<-TEXT", in any order of the receivers.
func (a *air) expect(want ...string) {
	a.t.Helper()
	var got []string
	for _, p := range a.drain() {
		got = append(got, p.who.String()+"<-"+p.text)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		a.t.Errorf("sent %q\nwant %q", got, want)
	}
}

// online gives who is in the lobby.
func (a *air) online() string {
	a.t.Helper()
	synctest.Wait()
	who, err := a.hub.Connect(a.t.Context(), lobby, hub.Profile{Shown: "observer"}, nothing{}, nothing{})
	if err != nil {
		a.t.Fatal(err)
	}
	defer who.Leave()
	var names []string
	for _, p := range who.Online() {
		if p.Shown != "observer" {
			names = append(names, p.Shown)
		}
	}
	return strings.Join(names, ", ")
}

// nothing reads nothing.
type nothing struct{}

func (nothing) Echo() bool                                { return false }
func (nothing) AppendItem(dst []byte, _ *hub.Item) []byte { return dst }
func (nothing) Send([][]byte)                             {}
func (nothing) Close(error)                               {}

const alice, bob, carol = "10.0.0.11:5001", "10.0.0.12:5002", "10.0.0.13:5003"

func TestFirstDatagramJoinsAndSilenceLeaves(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		a.sends(alice, "hello")
		a.sends(bob, "") // an empty one is enough
		if got := a.online(); got != "10.0.0.11 : 5001, 10.0.0.12 : 5002" {
			t.Errorf("online: %s", got)
		}
		pass(30 * time.Second)
		a.sends(alice, "again")
		pass(29 * time.Second)
		if got := a.online(); got != "10.0.0.11 : 5001, 10.0.0.12 : 5002" {
			t.Errorf("after 59 s online: %s", got)
		}
		pass(time.Second)
		if got := a.online(); got != "10.0.0.11 : 5001" {
			t.Errorf("after 60 s online: %s", got)
		}
		pass(30 * time.Second)
		if got := a.online(); got != "" {
			t.Errorf("after 90 s online: %s", got)
		}
		pass(1000 * time.Hour) // nothing happens while nobody is there
	})
	inAir(t, "idle=5s", func(t *testing.T, a *air) {
		a.sends(alice, "hello")
		pass(5 * time.Second)
		if got := a.online(); got != "" {
			t.Errorf("after 5 s online: %s", got)
		}
	})
}

func TestDatagramGoesToAllOthers(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		netcat := a.enter(a.house.listener(""))
		a.join(alice, bob, carol)
		netcat.seen()
		a.sends(alice, "hello\n")
		a.expect(bob+"<-<10.0.0.11 : 5001> :hello", carol+"<-<10.0.0.11 : 5001> :hello")
		netcat.sees("<10.0.0.11 : 5001> :hello\n")
		netcat.sends("hi there\n")
		said := "<-<" + netcat.name + "> :hi there"
		a.expect(alice+said, bob+said, carol+said)
		for _, text := range []string{"#ls", "/name eve", "@10.0.0.12 : 5002: psst", "quit", "send file:x 3"} {
			a.sends(alice, text) // there are no commands here
			a.expect(bob+"<-<10.0.0.11 : 5001> :"+text, carol+"<-<10.0.0.11 : 5001> :"+text)
		}
		if got := a.online(); !strings.Contains(got, "10.0.0.11 : 5001") {
			t.Errorf("online: %s", got)
		}
	})
}

func TestWhatOtherProtocolsHaveOverUDP(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		netcat := a.enter(a.house.listener("notices=1"))
		a.join(alice, bob)
		netcat.sends("/name carol\n@10.0.0.11 : 5001: psst\nsend file:出师表.txt 3\nabc")
		a.expect(alice+"<-<carol> (private) :psst",
			alice+"<-<carol> :[file 出师表.txt 3 bytes]", bob+"<-<carol> :[file 出师表.txt 3 bytes]")
	})
}

func TestLongAndManyLinedTextsAreCut(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		a.join(alice, bob)
		prefix := "<10.0.0.11 : 5001> :"
		a.sends(alice, "one\nbob: two\u2028three\r\n")
		a.expect(bob+"<-"+prefix+"one", bob+"<-"+prefix+"bob: two", bob+"<-"+prefix+"three")

		text := strings.Repeat("é师", 500) // 2,500 bytes
		a.sends(alice, text)
		var all strings.Builder
		sent := a.drain()
		for _, p := range sent {
			piece, ok := strings.CutPrefix(p.text, prefix)
			if !ok || len(piece) > 1000 || !utf8.ValidString(piece) {
				t.Errorf("sent %d bytes: %.60q", len(p.text), p.text)
			}
			all.WriteString(piece)
		}
		if all.String() != text || len(sent) != 3 {
			t.Errorf("%d datagrams with %d bytes of text", len(sent), all.Len())
		}
	})
}

func TestUnshowableDatagrams(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		a.join(alice, bob)
		for _, empty := range []string{"", "\n", "  ", "\r\n\r\n"} {
			a.sends(alice, empty)
		}
		for _, p := range a.drain() {
			if p.who.String() == bob {
				t.Errorf("bob gets %q", p.text)
			}
		}
		a.sends(alice, "\xff\xfe\x1b[2J\x00\u202e")
		a.expect(bob + "<-<10.0.0.11 : 5001> :\uFFFD\uFFFD\uFFFD[2J\uFFFD\uFFFD")
	})
}

func TestLargestDatagram(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		a.sends(bob, strings.Repeat("b", 10_000))
		a.drain()
		text := strings.Repeat("x", 65_507)
		a.sends(alice, text)
		got := 0
		for _, p := range a.drain() {
			got += len(strings.TrimPrefix(p.text, "<10.0.0.11 : 5001> :"))
		}
		if got < 60_000 || got > len(text) { // not all: it is over what goes to one source in a second
			t.Errorf("%d bytes of %d were sent", got, len(text))
		}
		a.sends(alice, strings.Repeat("\xff", 65_507)) // is three times as long when it is clean
		a.expect(alice + "<-error: message too long (limit 65536 bytes)")
	})
}

func TestAnsweringDatagramsInUpperCase(t *testing.T) {
	inAir(t, "respond=upper", func(t *testing.T, a *air) {
		chat := a.enter(a.house.listener(""))
		a.sends(alice, "Straße 师\n")
		a.expect(alice + "<-STRASSE 师")
		a.sends(bob, "two\nlines")
		a.expect(bob+"<-TWO", bob+"<-LINES")
		chat.sends("hello\n")
		chat.sees("")
		a.expect()
		chat.sends("@10.0.0.11 : 5001: psst\n") // but what is for them alone
		a.expect(alice + "<-<127.0.0.1 : 1001> (private) :psst")
	})
}

func TestTheOperatorAnswersDatagrams(t *testing.T) {
	inAir(t, "respond=input", func(t *testing.T, a *air) {
		a.sends(alice, "what time is it?\n")
		a.sends(bob, "and where?")
		if got := a.asked.sees(); got != "10.0.0.11 : 5001: what time is it?\n10.0.0.12 : 5002: and where?\n" {
			t.Errorf("the operator sees %q", got)
		}
		a.asked.types("noon")
		a.expect(alice + "<-noon")
		pass(time.Minute) // bob has left, and waits no longer
		if got := a.asked.sees(); got != "" {
			t.Errorf("the operator sees %q", got)
		}
	})
}

func TestPublicAddressesGetNothing(t *testing.T) {
	const far = "203.0.113.5:7000"
	for query, sent := range map[string][]string{
		"":          {alice + "<-<10.0.0.12 : 5002> :hello"},
		"relay=any": {alice + "<-<10.0.0.12 : 5002> :hello", far + "<-<10.0.0.12 : 5002> :hello"},
	} {
		inAir(t, query, func(t *testing.T, a *air) {
			a.join(alice, bob, far)
			a.sends(bob, "hello")
			a.expect(sent...)
			if dropped := a.listener.Dropped().Public; (dropped > 0) != (query == "") {
				t.Errorf("with %q %d datagrams to public addresses were dropped", query, dropped)
			}
			if told := strings.Contains(a.log.String(), "relay=any"); told != (query == "") {
				t.Errorf("with %q the log says %s", query, a.log)
			}
		})
	}
}

// Somebody sends one small datagram that is forged to come from alice, and has others flood her with what is said.
func TestForgedSourceIsNotFlooded(t *testing.T) {
	inAir(t, "flood=off", func(t *testing.T, a *air) {
		a.sends(alice, "x")
		for range 500 {
			a.sends(bob, strings.Repeat("y", 500))
		}
		got := 0
		for _, p := range a.drain() {
			if p.who.String() == alice {
				got += 28 + len(p.text)
			}
		}
		if got > 8*(28+1) {
			t.Errorf("alice got %d bytes for 29", got)
		}
		if dropped := a.listener.Dropped().Allowance; dropped < 490 {
			t.Errorf("%d datagrams were dropped", dropped)
		}
	})
}

func TestForgedSourcesAreDropped(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		for _, from := range []string{"10.0.0.1:12001", "10.0.0.11:0", "0.0.0.0:5", "224.0.0.1:5", "[ff02::1]:5"} {
			a.sends(from, "hello")
		}
		if got := a.listener.Dropped().Forged; got != 5 || a.online() != "" {
			t.Errorf("%d were dropped; online: %s", got, a.online())
		}
	})
}

func TestFloodOfOneSourceIsDropped(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		a.join(bob)
		for range 1000 {
			a.sends(alice, strings.Repeat("z", 972))
		}
		if got := a.listener.Dropped().Flood; got < 730 || got > 750 {
			t.Errorf("%d of 1000 datagrams were dropped, with 256 KiB at once", got)
		}
		pass(2 * time.Second)
		a.drain()
		a.sends(alice, "slowly")
		a.expect(bob + "<-<10.0.0.11 : 5001> :slowly")
	})
}

func TestParticipantsAreLimited(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		for i := range 1100 {
			a.sends(fmt.Sprintf("10.1.%d.%d:5000", i/250, i%250), "")
			if i%60 == 59 {
				pass(time.Second)
			}
		}
		if got := a.listener.Dropped().Participants; got != 1100-1024 {
			t.Errorf("%d were dropped", got)
		}
	})
	inHouse(t, func(t *testing.T, h *house) {
		a := h.air("", plain.DatagramConfig{Participants: 3, PerAddress: 2})
		for _, from := range []string{alice, "10.0.0.11:5002", "10.0.0.11:5003", bob, carol} {
			a.sends(from, "hello")
		}
		if got := a.online(); got != "10.0.0.11 : 5001, 10.0.0.11 : 5002, 10.0.0.12 : 5002" {
			t.Errorf("online: %s", got)
		}
		if got := a.listener.Dropped().Participants; got != 2 {
			t.Errorf("%d were dropped", got)
		}
		a.listener.Close()
	})
}

func TestNewcomersAreLimited(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		for i := range 400 {
			a.sends(fmt.Sprintf("10.1.%d.%d:5000", i/250, i%250), "")
		}
		if got := a.listener.Dropped().Newcomers; got != 400-256 {
			t.Errorf("%d newcomers were dropped", got)
		}
		pass(time.Second)
		a.sends(alice, "now there is room")
		if !strings.Contains(a.online(), "10.0.0.11 : 5001") {
			t.Error("nobody comes in any more")
		}
	})
}

func TestDropsAreLoggedNowAndThen(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		for range 3 {
			for range 500 {
				a.sends("10.0.0.1:12001", "flood")
			}
			pass(5 * time.Second)
		}
		a.sends(alice, "hello")
		if got := strings.Count(a.log.String(), "datagrams were dropped"); got != 2 {
			t.Errorf("logged %d times in 15 s:\n%s", got, a.log)
		}
	})
}

// stalling is a journal whose disk stalls while the channel is open.
type stalling struct {
	*memory
	disk chan struct{}
}

func (j stalling) Append(ctx context.Context, events ...parley.Event) ([]parley.Outcome, error) {
	<-j.disk
	return j.memory.Append(ctx, events...)
}

// The disk stalls. Others' datagrams are still read, what waits is bounded, and the order of each source is kept.
func TestSlowDiskStopsNobody(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		journal := stalling{h.journal, make(chan struct{})}
		h.hub.Close()
		h.hub = hub.New(hub.Config{Journal: journal, State: journal, Log: slog.New(slog.DiscardHandler)})
		h.journal.deliver = h.hub.Deliver
		a := h.air("flood=off", plain.DatagramConfig{})
		for i := range 1000 {
			a.ether.in <- packet{netip.MustParseAddrPort(alice), fmt.Sprint("text ", i)}
			a.ether.in <- packet{netip.MustParseAddrPort(bob), fmt.Sprint("text ", i)}
		}
		synctest.Wait()
		if got := a.listener.Dropped().Waiting; got < 2000-2*2*256 || got > 2000-2*256 { // what is posted, and what waits
			t.Errorf("%d of 2000 datagrams were dropped", got)
		}
		close(journal.disk)
		synctest.Wait()
		count, last := map[string]int{}, map[string]int{}
		for _, applied := range h.journal.events {
			m := applied.Event.(parley.MessagePosted).Message
			var n int
			if _, err := fmt.Sscanf(m.Text, "text %d", &n); err != nil || count[m.By.Name] > 0 && n <= last[m.By.Name] {
				t.Errorf("%s says %q after text %d", m.By.Name, m.Text, last[m.By.Name])
			}
			count[m.By.Name]++
			last[m.By.Name] = n
		}
		if len(count) != 2 || count["10.0.0.11 : 5001"] < 256 || count["10.0.0.12 : 5002"] < 256 {
			t.Errorf("posted %v", count)
		}
		a.listener.Close()
	})
}

func TestErrorsGoToWhoCausedThem(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		a.join(alice, bob)
		a.journal.fail = parley.Errorf(parley.CodeDiskFull, "the server's disk is full")
		a.sends(alice, "lost")
		a.expect(alice + "<-error: the server's disk is full")
	})
}

func TestClosingPostsAndSendsWhatWasAccepted(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		a := h.air("", plain.DatagramConfig{})
		a.join(alice, bob)
		slow := make(chan struct{})
		a.ether.mu.Lock()
		a.ether.slow = slow
		a.ether.mu.Unlock()
		a.sends(alice, "one")
		a.sends(alice, "two")
		h.serving.Go(func() {
			a.listener.Close()
			a.listener.Close()
		})
		synctest.Wait()
		if a.online() != "" {
			t.Errorf("online: %s", a.online())
		}
		close(slow)
		a.expect(bob+"<-<10.0.0.11 : 5001> :one", bob+"<-<10.0.0.11 : 5001> :two")
		<-a.ether.closed
	})
}

func TestClosingBeforeServing(t *testing.T) {
	d := plain.NewDatagrams(plain.DatagramConfig{})
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	e := newEther()
	if err := d.Serve(e); err != nil {
		t.Error(err)
	}
	<-e.closed
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// deaf is a socket whose reads fail.
type deaf struct{ *ether }

func (deaf) ReadFrom([]byte) (int, net.Addr, error) { return 0, nil, io.ErrUnexpectedEOF }

func TestSocketThatFailsAgainAndAgain(t *testing.T) {
	var log strings.Builder
	d := plain.NewDatagrams(plain.DatagramConfig{
		URL: "plain+udp://10.0.0.1:12001",
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	err := d.Serve(deaf{newEther()})
	if got := parley.Sentence(err); got != "cannot receive on plain+udp://10.0.0.1:12001" {
		t.Errorf("serving ends with %q", got)
	}
	if !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), io.ErrUnexpectedEOF.Error()) {
		t.Errorf("the log has %q", log.String())
	}
}

func TestDatagramOptions(t *testing.T) {
	for query, want := range map[string]plain.DatagramOptions{
		"":              {Idle: time.Minute},
		"respond=upper": {Idle: time.Minute, Respond: plain.RespondUpper},
		"idle=2m&relay=any&flood=off&respond=input": {
			Idle: 2 * time.Minute, Anywhere: true, Unpaced: true, Respond: plain.RespondInput,
		},
	} {
		values, _ := url.ParseQuery(query)
		if got, err := plain.ParseDatagramOptions(values); err != nil || got != want {
			t.Errorf("%q gives %+v, %v", query, got, err)
		}
	}
	for query, name := range map[string]string{
		"idle=0s": "idle", "idle=x": "idle", "relay=all": "relay", "flood=on": "flood", "respond=lower": "respond",
		"welcome=hi": "welcome", "echo=1": "echo", "idle=1s&idle=2s": "idle",
	} {
		values, _ := url.ParseQuery(query)
		_, err := plain.ParseDatagramOptions(values)
		if parley.CodeOf(err) != parley.CodeInvalid || !strings.Contains(err.Error(), name) {
			t.Errorf("%q gives %v", query, err)
		}
	}
}

// The same over real sockets, with a program that knows nothing of Parley.
func TestDatagramsOverLoopback(t *testing.T) {
	h := newHouse(t)
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	options, _ := plain.ParseDatagramOptions(nil)
	d := plain.NewDatagrams(plain.DatagramConfig{
		Options: options, Hub: h.hub, Room: lobby, Log: slog.New(slog.DiscardHandler),
	})
	h.serving.Go(func() {
		if err := d.Serve(socket); err != nil {
			t.Error(err)
		}
	})
	defer d.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for a test that hangs
	defer cancel()
	var people [2]net.Conn
	for i := range people {
		var dialer net.Dialer
		if people[i], err = dialer.DialContext(ctx, "udp", socket.LocalAddr().String()); err != nil {
			t.Fatal(err)
		}
		defer people[i].Close()
		deadline, _ := ctx.Deadline()
		_ = people[i].SetReadDeadline(deadline)
	}
	fmt.Fprint(people[0], "first")
	buffer := make([]byte, 2048)
	fmt.Fprint(people[1], "second")
	n, err := people[0].Read(buffer)
	if err != nil {
		t.Fatal(err)
	}
	port := people[1].LocalAddr().(*net.UDPAddr).Port
	if want := fmt.Sprintf("<127.0.0.1 : %d> :second", port); string(buffer[:n]) != want {
		t.Errorf("got %q, want %q", buffer[:n], want)
	}
}

// Whoever is sent out is told so once, and not heard any more until they have been silent for as long as it takes to leave.
func TestBeingSentOutOverUDP(t *testing.T) {
	inAir(t, "", func(t *testing.T, a *air) {
		a.join(alice, bob)
		who := a.hub.Present(lobby.ID)[1]
		_, err := a.hub.Do(t.Context(), parley.Operator(), parley.MemberChanged{
			Entry: parley.Entry{Room: lobby.ID}, Who: parley.Sender{ID: who.ID, Name: who.Shown}, Change: parley.MemberKicked})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		a.sends(bob, "but why?")
		a.sends(alice, "hello")
		a.expect(bob + "<-closed: you were sent out of lobby by server")
		if got := a.online(); got != "10.0.0.11 : 5001" {
			t.Errorf("online: %s", got)
		}
		pass(time.Minute)
		a.sends(alice, "who is there?")
		a.sends(bob, "hello again")
		a.expect(alice + "<-<10.0.0.12 : 5002> :hello again")
	})
}
