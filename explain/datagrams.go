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
	Began       int64 // the first packet and the last, in nanoseconds since 1970
	Ended       int64
	Largest     int // bytes of data in one
	LargestIn   Ref
	Frames      Evidence
	Odd         Evidence // those whose length field is not what IP says there is
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
}
