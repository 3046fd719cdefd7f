package explain

import (
	"net/netip"

	"parley/explain/chat"
)

// Datagrams are those that one socket sent to another.
type Datagrams struct {
	From, To    netip.AddrPort
	Count       int64
	Bytes       int64 // of data, headers aside
	First       Ref
	Began       int64 // the first packet and the last, in nanoseconds since 1970
	Ended       int64
	Largest     int // bytes of data in one
	LargestIn   Ref
	Frames      Evidence
	Odd         Evidence  // those whose length field is not what IP says there is
	Example     Header    // of the first one
	Unreachable Evidence  // ICMP messages that say that nobody listens there
	Messages    []Message // at most 1,000, the first ones; From says nothing here
	Said        int64     // how many there were
}

// Header is that of a UDP datagram (RFC 768), and what it was found to be.
type Header struct {
	SrcPort, DstPort uint16
	Length           uint16 // as it stands there
	Checksum         uint16
	Present          int // bytes that IP says there are, header included
}

// follow adds a datagram.
func (d *Datagrams) follow(p *seen, r *room) {
	if d.Count == 0 {
		g := p.Datagram
		d.First, d.Began = p.ref, p.time
		d.Example = Header{SrcPort: g.SrcPort, DstPort: g.DstPort, Length: g.Length, Checksum: g.Checksum, Present: g.Present}
	}
	d.Frames.add(p.ref)
	if int(p.Datagram.Length) != p.Datagram.Present {
		d.Odd.add(p.ref)
	}
	if p.Length > d.Largest || d.Count == 0 {
		d.Largest, d.LargestIn = p.Length, p.ref
	}
	d.Ended = max(d.Ended, p.time)
	d.Count++
	d.Bytes += int64(p.Length)
	d.hear(p, r)
}

// hear takes the message in a datagram, where there is one.
func (d *Datagrams) hear(p *seen, r *room) {
	m, ok := chat.Datagram(p.Payload)
	if !ok {
		return
	}
	d.Said++
	if len(d.Messages) >= maxMessages || r.said > maxSaid {
		return
	}
	r.said += messageCost + len(m.Speaker) + len(m.Text)
	d.Messages = append(d.Messages, Message{
		Kind: string(m.Kind), Speaker: m.Speaker, Text: m.Text, Time: p.time, Frames: []Ref{p.ref},
	})
}
