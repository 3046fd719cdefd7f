package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"parley"
)

// NonRegistered stands for the name of a sender whose address the roster does not have. Nobody can be called that on a
// server of ours while it is in a roster as well, so it is a word for people and not to be trusted more than a name.
const NonRegistered = "Non-registered"

// MaxText is the longest text of a direct message, in bytes: what fits into one IPv4 datagram (RFC 768 and RFC 791).
const MaxText = 65535 - 20 - 8

// maxFailures is how many reads may fail in a row before receiving is given up. A single failure means nothing: on
// Windows a datagram that nobody wanted comes back as a read that fails.
const maxFailures = 64

// Direct is a message that came straight from another client.
type Direct struct {
	From    string     // the sender's name, or NonRegistered
	Address netip.Addr // where it came from
	Text    string     // clean (parley.CleanText), without line breaks at its end, and not blank
}

// Tap is told of datagrams as they are sent and as they come, before anything is decided about them. It must not keep the bytes.
type Tap interface {
	Datagram(local, remote netip.AddrPort, p []byte, sent bool)
}

// Options say what becomes of what comes in. All are needed but Tap; the functions are called by one goroutine, and while one of
// them blocks, the system drops what does not fit into the socket's buffer.
type Options struct {
	NameOf  func(netip.Addr) string // the name that the roster has for an address, "" for none
	Deliver func(Direct)
	Notice  func(sentence string) // something that the person should know: datagrams were dropped, receiving has ended
	Tap     Tap                   // nil for none
}

// socket is what is used of a *net.UDPConn.
type socket interface {
	ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
	Close() error
}

// Peer sends and receives direct messages on one UDP port. Its methods may be called from any goroutine.
type Peer struct {
	socket  socket
	port    uint16
	options Options
	now     func() time.Time
	done    sync.WaitGroup
}

// Listen takes direct messages on local, and sends them from there: its address must be the one that others see, or
// they cannot tell who has sent them. Port 0 takes any free port. The error is an *parley.Error of CodeInternal whose
// sentence names the port.
func Listen(ctx context.Context, local netip.AddrPort, o Options) (*Peer, error) {
	var config net.ListenConfig
	packets, err := config.ListenPacket(ctx, "udp", local.String())
	if err != nil {
		return nil, parley.Wrap(parley.CodeInternal, err,
			fmt.Sprintf("port %d (UDP) on %s cannot be used: %s", local.Port(), local.Addr(), reason(err)))
	}
	udp := packets.(*net.UDPConn)
	at := udp.LocalAddr().(*net.UDPAddr).AddrPort()
	if o.Tap != nil {
		return start(&tapped{udp, at, o.Tap}, at.Port(), o, time.Now), nil
	}
	return start(udp, at.Port(), o, time.Now), nil
}

// start begins to receive from s, which belongs to the Peer from now on.
func start(s socket, port uint16, o Options, now func() time.Time) *Peer {
	p := &Peer{socket: s, port: port, options: o, now: now}
	p.done.Go(p.receive)
	return p
}

// Port is the UDP port on which the Peer receives, and to which it sends.
func (p *Peer) Port() uint16 { return p.port }

// Send sends text to the client at an address, on the Peer's own port. That it returns nil says that the datagram has
// left, not that it arrived. The error is an *parley.Error: CodeTooLong, CodeInvalid for a blank text, CodeClosed when
// the system would not send it.
func (p *Peer) Send(to netip.Addr, text string) error {
	if err := parley.CheckText(text); err != nil {
		return err
	}
	if len(text) > MaxText {
		return parley.Errorf(parley.CodeTooLong, "message too long for one datagram (limit %d bytes)", MaxText)
	}
	if _, err := p.socket.WriteToUDPAddrPort([]byte(text), netip.AddrPortFrom(to, p.port)); err != nil {
		return parley.Wrap(parley.CodeClosed, err, "no datagram can be sent to "+to.String()+": "+reason(err))
	}
	return nil
}

// Close ends receiving and waits until the last callback has returned. It must not be called from a callback.
func (p *Peer) Close() error {
	err := p.socket.Close()
	p.done.Wait()
	return err
}

// receive hands on what comes in until the socket is closed.
func (p *Peer) receive() {
	var limits limiter
	buffer := make([]byte, 64<<10) // no datagram is longer
	for failures := 0; failures < maxFailures; {
		n, from, err := p.socket.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			failures++
			continue
		}
		failures = 0
		p.accept(&limits, from.Addr().Unmap(), buffer[:n])
	}
	p.options.Notice("direct messages are off: the UDP port fails again and again")
}

// accept decides about one datagram.
func (p *Peer) accept(limits *limiter, from netip.Addr, datagram []byte) {
	name := p.options.NameOf(from.WithZone(""))
	switch limits.admit(from, name != "", len(datagram), p.now()) {
	case dropSay:
		p.options.Notice("too many direct messages, the last from " + from.String() + ": some are dropped")
		return
	case drop:
		return
	}
	text := strings.TrimRight(parley.CleanText(string(datagram)), "\n")
	if strings.TrimSpace(text) == "" {
		return
	}
	if name == "" {
		name = NonRegistered
	}
	p.options.Deliver(Direct{From: name, Address: from, Text: text})
}

// reason gives the innermost cause of a network error, without the addresses that the sentence around it names already.
func reason(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
