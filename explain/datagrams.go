package explain

import (
	"net/netip"
)

// Datagrams are those that one socket sent to another.
type Datagrams struct {
	From, To    netip.AddrPort
	Count       int64
	Bytes       int64 // of data, headers aside
	First       Ref
	Example     Header   // of the first one
	Unreachable Evidence // ICMP messages that say that nobody listens there
	Messages    []Message
}

// Header is that of a UDP datagram (RFC 768), and what it was found to be.
type Header struct {
	SrcPort, DstPort uint16
	Length           uint16 // as it stands there
	Checksum         uint16
	Present          int // bytes that IP says there are, header included
}

// follow adds a datagram.
func (d *Datagrams) follow(p *seen) {
	if d.Count == 0 {
		g := p.Datagram
		d.First = p.ref
		d.Example = Header{SrcPort: g.SrcPort, DstPort: g.DstPort, Length: g.Length, Checksum: g.Checksum, Present: g.Present}
	}
	d.Count++
	d.Bytes += int64(p.Length)
}
