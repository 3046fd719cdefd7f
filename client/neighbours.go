package client

import (
	"context"
	"net/netip"
	"strings"
	"sync"

	"parley"
	"parley/peer"
	"parley/roster/wire"
)

// neighbours are the people in the roster, and the way straight to them. They outlive a connection: direct messages do
// not pass through the server. Methods may be called from any goroutine.
type neighbours struct {
	client *Client

	mu     sync.Mutex
	roster wire.Roster
	local  netip.Addr // where peer listens
	peer   *peer.Peer // nil while direct messages are off
	off    string     // why they are
}

// open takes direct messages at the address that others see, if it is not done yet. Where that fails the person is
// told, and the room works without until a later connection tries again.
func (n *neighbours) open(ctx context.Context, local netip.Addr) {
	n.mu.Lock()
	old, same, before := n.peer, local == n.local, n.off
	n.mu.Unlock()
	if !local.IsValid() || same && old != nil {
		return
	}
	if old != nil {
		_ = old.Close()
	}
	address := netip.AddrPortFrom(local, n.client.options.Target.DirectPort)
	options := peer.Options{NameOf: n.nameOf, Deliver: n.deliver, Notice: n.notice}
	if t := n.client.options.Tap; t != nil {
		options.Tap = t
	}
	p, err := peer.Listen(ctx, address, options)
	n.mu.Lock()
	n.local, n.peer, n.off = local, p, ""
	if err != nil {
		n.off = "direct messages are off: " + parley.Sentence(err)
	}
	off := n.off
	n.mu.Unlock()
	switch {
	case off == before: // the person knows
	case off == "":
		n.client.emit(Notice{"direct messages are on again"})
	default:
		n.client.emit(Notice{off})
	}
}

// close takes no more direct messages.
func (n *neighbours) close() {
	n.mu.Lock()
	p := n.peer
	n.peer, n.off = nil, "direct messages are off: leaving"
	n.mu.Unlock()
	if p != nil {
		_ = p.Close()
	}
}

// update takes a new roster.
func (n *neighbours) update(r wire.Roster) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.roster = r
}

// deliver hands on a direct message.
func (n *neighbours) deliver(d peer.Direct) {
	n.client.heard()
	n.client.emit(Message{From: d.From, Text: d.Text, Direct: true})
}

// notice hands on what the person should know.
func (n *neighbours) notice(sentence string) { n.client.emit(Notice{sentence}) }

// nameOf gives the name of whoever is at an address. Of several it is the first that is not this client's own.
func (n *neighbours) nameOf(address netip.Addr) string {
	own := n.client.ownName()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range n.roster {
		if e.Address == address && e.Name != own {
			return e.Name
		}
	}
	return n.roster.NameOf(address)
}

// send sends a direct message, given as "NAME: TEXT".
func (n *neighbours) send(rest string) error {
	n.mu.Lock()
	roster, p, off := n.roster, n.peer, n.off
	n.mu.Unlock()
	to, text := recipient(roster, rest)
	switch {
	case p == nil && off == "":
		return errAway
	case p == nil:
		return notHere(parley.CodeClosed, off)
	case to == nil:
		name, _, _ := strings.Cut(rest, ":")
		return notHere(parley.CodeNoSuchUser, "nobody in the roster is called "+parley.CleanLine(name))
	case !to.Address.IsValid():
		return notHere(parley.CodeNoSuchUser, "the roster has no address for "+to.Name)
	}
	return p.Send(to.Address, parley.CleanLine(text))
}

// people gives who is in the roster.
func (n *neighbours) people() []Person {
	n.mu.Lock()
	defer n.mu.Unlock()
	people := make([]Person, len(n.roster))
	for i, e := range n.roster {
		people[i] = Person{Name: e.Name, Address: e.Address}
	}
	return people
}

// recipient splits "NAME: TEXT": the longest name in the roster that is followed by a colon counts, whatever its case.
// It gives nil where there is none.
func recipient(roster wire.Roster, rest string) (to *wire.Entry, text string) {
	for i, e := range roster {
		n := len(e.Name)
		if len(rest) > n && rest[n] == ':' && strings.EqualFold(rest[:n], e.Name) && (to == nil || n > len(to.Name)) {
			to, text = &roster[i], strings.TrimLeft(rest[n+1:], " ")
		}
	}
	return to, text
}
