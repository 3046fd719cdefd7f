package plain

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"parley"
	"parley/hub"
	"parley/plain/wire"
)

// maxReadFailures is how many reads may fail in a row before a listener gives up. A single failure means nothing: on Windows
// a datagram that nobody wanted comes back as a read that fails.
const maxReadFailures = 64

// DatagramConfig is what Datagrams are made of. Every field is needed, but Operator only where Options.Respond is
// RespondInput, and the two numbers.
type DatagramConfig struct {
	URL          string // the listener's, as people write it
	Options      DatagramOptions
	Hub          *hub.Hub
	Room         parley.Room // where people start
	Operator     Operator
	Witness      Witness
	Log          *slog.Logger
	Participants int // at once, 0 for DefaultParticipants
	PerAddress   int // of one address at once, 0 for no limit
}

// Datagrams serves plain+udp://: each datagram is a message, and whoever sends one takes part until they have been silent
// for a while. The source of a datagram can be forged, so everything that goes out is limited (see datagramlimits.go); what
// is over a limit is dropped, counted, and logged now and then.
//
// One goroutine reads, and never waits for the disk; one writes. Serve is called once; the other methods may be called from
// any goroutine.
type Datagrams struct {
	url      string
	options  DatagramOptions
	hub      *hub.Hub
	room     parley.Room
	operator Operator
	witness  Witness
	log      *slog.Logger
	form     *datagramForm

	party   *party // Serve's
	warned  bool   // of a public address; Serve's
	drops   drops
	mail    mail
	waiting waiting
	posting sync.WaitGroup // the participants that leave once all they said is posted

	mu     sync.Mutex
	socket net.PacketConn // nil before Serve
	armed  time.Time      // the read deadline that is set, zero for none
	closed bool
	done   chan struct{} // closed when Serve has returned
}

// NewDatagrams makes Datagrams. It opens nothing.
func NewDatagrams(c DatagramConfig) *Datagrams {
	if c.Participants == 0 {
		c.Participants = DefaultParticipants
	}
	return &Datagrams{
		url:      c.URL,
		options:  c.Options,
		hub:      c.Hub,
		room:     c.Room,
		operator: c.Operator,
		witness:  c.Witness,
		log:      c.Log,
		form:     &datagramForm{silent: c.Options.Respond != RespondNever},
		party:    newParty(c.Participants, c.PerAddress, c.Options.Idle),
		mail:     make(mail, mailSize),
		done:     make(chan struct{}),
	}
}

// Serve serves what comes to socket, which it closes in the end, until Close. Then everybody has left, what was said has
// been posted, and the error is nil; it is an *parley.Error when the socket fails again and again, which is logged too.
func (d *Datagrams) Serve(socket net.PacketConn) error {
	defer close(d.done)
	defer socket.Close()
	if !d.open(socket) {
		return nil
	}
	var writing sync.WaitGroup
	stop := make(chan struct{})
	writing.Go(func() { d.mail.deliver(socket, &d.drops.outgoing, stop) })
	err := d.read(socket)
	for _, p := range d.party.everybody() {
		p.leave()
	}
	d.posting.Wait()
	close(stop)
	writing.Wait()
	d.drops.log(d.log, d.drops.next)
	return err
}

// open takes the socket, unless Close has been called.
func (d *Datagrams) open(socket net.PacketConn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.socket = socket
	return !d.closed
}

// Close ends Serve and waits for it. What was said before is posted, and what is on its way is sent. It is idempotent, and
// its error is always nil.
func (d *Datagrams) Close() error {
	d.mu.Lock()
	d.closed = true
	socket := d.socket
	d.mu.Unlock()
	if socket == nil {
		return nil
	}
	_ = socket.SetReadDeadline(time.Unix(1, 0)) // ends the read that waits; it fails on a socket that is closed already
	<-d.done
	return nil
}

// Dropped gives how many datagrams were dropped so far.
func (d *Datagrams) Dropped() DatagramDrops { return d.drops.count() }

// read takes datagrams until the listener is closed.
func (d *Datagrams) read(socket net.PacketConn) error {
	buffer := make([]byte, 64<<10) // no datagram is longer
	own := ownAddresses(socket.LocalAddr())
	for failures := 0; ; {
		if !d.arm(socket) {
			return nil
		}
		n, from, err := socket.ReadFrom(buffer)
		now := time.Now()
		switch {
		case err == nil:
			failures = 0
			d.take(buffer[:n], from, own, now)
		case errors.Is(err, os.ErrDeadlineExceeded):
		case errors.Is(err, net.ErrClosed):
			return nil
		case failures >= maxReadFailures:
			return d.fail(err)
		default:
			failures++
		}
		for _, p := range d.party.expire(now) {
			p.leave()
		}
		d.drops.log(d.log, now)
	}
}

// fail logs that the socket fails, and gives the error that ends Serve.
func (d *Datagrams) fail(cause error) error {
	d.log.Error("a listener cannot receive any more", "error", cause)
	return parley.Wrap(parley.CodeInternal, cause, "cannot receive on "+d.url)
}

// arm has the next read end when somebody's time is up; false when the listener is closed. The mutex keeps the deadline that
// Close has set.
func (d *Datagrams) arm(socket net.PacketConn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	if d.party.next != d.armed {
		d.armed = d.party.next
		_ = socket.SetReadDeadline(d.armed) // fails on a socket that is closed, and so does the next read
	}
	return true
}

// take deals with one datagram.
func (d *Datagrams) take(datagram []byte, from net.Addr, own map[netip.AddrPort]bool, now time.Time) {
	source := sourceOf(from)
	if !isSource(source) || own[source] {
		d.drops.forged.Add(1)
		return
	}
	p := d.party.find(source, now)
	if p == nil {
		if p = d.join(source, from, now); p == nil {
			return
		}
	}
	text := trimNewline(string(datagram))
	if !p.receive(len(datagram), wire.CountLines(text), now) {
		d.drops.flood.Add(1)
		return
	}
	if text != "" && !p.closed.Load() {
		d.hear(p, text)
	}
}

// join takes in somebody new, or gives nil.
func (d *Datagrams) join(source netip.AddrPort, address net.Addr, now time.Time) *participant {
	switch {
	case d.party.isFull(source.Addr()):
		d.drops.participants.Add(1)
		return nil
	case !d.party.newcomers.take(1, now):
		d.drops.newcomers.Add(1)
		return nil
	}
	p := &participant{
		listener:  d,
		source:    source,
		address:   address,
		near:      d.options.Anywhere || isNear(source.Addr()),
		allowance: newAllowance(source.Addr(), now),
	}
	p.poster.Say = p.say
	var err error
	who := hub.Profile{Shown: shown(source), Address: source, Listener: d.url}
	if p.place, err = d.hub.Connect(context.Background(), d.room, who, d.form, p); err != nil {
		return nil // the server is stopping, or the room is not for strangers
	}
	d.party.admit(p, now)
	if !p.near && !d.warned {
		d.warned = true
		d.log.Info("a participant has a public address, to which nothing is sent without relay=any", "from", source)
	}
	return p
}

// hear deals with what a participant says.
func (d *Datagrams) hear(p *participant, text string) {
	if d.options.Respond == RespondUpper {
		p.answer(shout(d.witness, p.place.Person(), text))
	} else if !p.post(text) {
		d.drops.waiting.Add(1)
	}
}

// sourceOf gives where a datagram came from, an IPv4 address always as such.
func sourceOf(from net.Addr) netip.AddrPort {
	udp, ok := from.(*net.UDPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	source := udp.AddrPort()
	return netip.AddrPortFrom(source.Addr().Unmap(), source.Port())
}

// ownAddresses gives the addresses of a listener itself. Nobody else sends from there: an answer to a datagram that is forged
// to come from there would be taken for another.
func ownAddresses(local net.Addr) map[netip.AddrPort]bool {
	listening := sourceOf(local)
	if !listening.IsValid() || !listening.Addr().IsUnspecified() {
		return map[netip.AddrPort]bool{listening: true}
	}
	own := make(map[netip.AddrPort]bool)
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return own
	}
	for _, a := range addresses {
		if network, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(network.IP); ok {
				own[netip.AddrPortFrom(ip.Unmap(), listening.Port())] = true
			}
		}
	}
	return own
}
