package packet

import (
	"encoding/binary"
	"net/netip"

	"parley/capture/pcap"
)

// Decoder reads packets one after the other, and puts fragments together. It is for one goroutine. Its zero value is ready.
type Decoder struct {
	fragments fragments
}

// Decode reads a packet into p. It reports false for one that is not IP, that is cut before its headers end or makes no sense, and
// for a fragment that makes nothing whole.
func (d *Decoder) Decode(from *pcap.Packet, p *Packet) bool {
	ether, b := network(from.Interface.Link, from.Data)
	missing := max(from.Length-len(from.Data), 0)
	switch ether {
	case etherIPv4:
		return d.ipv4(from, b, missing, p)
	case etherIPv6:
		return d.ipv6(from, b, missing, p)
	}
	return false
}

// ipv4 reads an IPv4 packet (RFC 791, section 3.1), of which missing bytes were not captured.
func (d *Decoder) ipv4(from *pcap.Packet, b []byte, missing int, p *Packet) bool {
	if len(b) < 20 || b[0]>>4 != 4 {
		return false
	}
	header := int(b[0]&15) * 4
	total := int(binary.BigEndian.Uint16(b[2:]))
	if total == 0 { // a giant that the network card was to cut: it has what was captured
		total = len(b) + missing
	}
	if header < 20 || total < header || len(b) < header {
		return false
	}
	length := min(total, len(b)+missing) - header
	p.Src, p.Dst = netip.AddrFrom4([4]byte(b[12:])), netip.AddrFrom4([4]byte(b[16:]))
	p.ID = binary.BigEndian.Uint16(b[4:])
	p.Protocol = Protocol(b[9])
	rest := b[header:min(len(b), header+length)]
	if f := binary.BigEndian.Uint16(b[6:]); f&0x3fff != 0 { // more fragments, or an offset
		key := fragmentKey{p.Src, p.Dst, uint32(p.ID), p.Protocol}
		if rest = d.fragments.add(key, from.Time, int(f&0x1fff)*8, f&0x2000 != 0, rest, length); rest == nil {
			return false
		}
		length = len(rest)
	}
	return p.transport(rest, length)
}

// The headers that IPv6 has between its own and what it carries (RFC 8200, section 4).
const (
	hopByHop     = 0
	routing      = 43
	fragment     = 44
	noNext       = 59
	destination  = 60
	authenticate = 51
)

// ipv6 reads an IPv6 packet (RFC 8200, section 3), of which missing bytes were not captured.
func (d *Decoder) ipv6(from *pcap.Packet, b []byte, missing int, p *Packet) bool {
	if len(b) < 40 || b[0]>>4 != 6 {
		return false
	}
	length := int(binary.BigEndian.Uint16(b[4:]))
	if length == 0 { // a jumbogram, or a giant that the network card was to cut
		length = len(b) - 40 + missing
	}
	length = min(length, len(b)-40+missing)
	p.Src, p.Dst = netip.AddrFrom16([16]byte(b[8:])), netip.AddrFrom16([16]byte(b[24:]))
	next, rest := b[6], b[40:min(len(b), 40+length)]
	for {
		var size int
		switch next {
		case hopByHop, routing, destination:
			if len(rest) < 8 {
				return false
			}
			size = (int(rest[1]) + 1) * 8
		case authenticate:
			if len(rest) < 8 {
				return false
			}
			size = (int(rest[1]) + 2) * 4
		case fragment:
			if len(rest) < 8 {
				return false
			}
			f := binary.BigEndian.Uint16(rest[2:])
			key := fragmentKey{p.Src, p.Dst, binary.BigEndian.Uint32(rest[4:]), Protocol(rest[0])}
			next, length = rest[0], length-8
			if f&0xfff9 == 0 { // the only one (RFC 6946)
				rest = rest[8:]
				continue
			}
			if rest = d.fragments.add(key, from.Time, int(f&0xfff8), f&1 != 0, rest[8:], length); rest == nil {
				return false
			}
			length = len(rest)
			continue
		case noNext:
			return false
		default:
			p.Protocol, p.ID = Protocol(next), 0
			return p.transport(rest, length)
		}
		if size > len(rest) || size > length {
			return false
		}
		next, rest, length = rest[0], rest[size:], length-size
	}
}

// transport reads what IP carries: length bytes, of which b was captured.
func (p *Packet) transport(b []byte, length int) bool {
	switch p.Protocol {
	case TCP:
		return p.tcp(b, length)
	case UDP:
		return p.udp(b, length)
	case ICMP, ICMPv6:
		return p.icmp(b)
	}
	p.Payload, p.Length = b, length
	return true
}

func (p *Packet) tcp(b []byte, length int) bool {
	if len(b) < 20 {
		return false
	}
	header := int(b[12]>>4) * 4
	if header < 20 || header > length {
		return false
	}
	s := &p.Segment
	s.SrcPort, s.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	s.Seq, s.Ack = binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	s.Flags = Flags(b[13] & 0x3f)
	s.Window = binary.BigEndian.Uint16(b[14:])
	s.Offloaded = binary.BigEndian.Uint16(b[16:]) == p.pseudo(length)
	s.Options.read(b[20:min(header, len(b))])
	p.Length = length - header
	p.Payload = nil
	if header < len(b) {
		p.Payload = b[header:]
	}
	return true
}

// pseudo sums the header up that checksums begin with (RFC 9293, section 3.1): what the system leaves in a packet when the network
// card is to finish the checksum.
func (p *Packet) pseudo(length int) uint16 {
	var sum uint32
	add := func(a netip.Addr) {
		b := a.As16()
		from := 0
		if a.Is4() {
			from = 12
		}
		for ; from < 16; from += 2 {
			sum += uint32(b[from])<<8 | uint32(b[from+1])
		}
	}
	add(p.Src)
	add(p.Dst)
	sum += uint32(p.Protocol) + uint32(length)&0xffff + uint32(length)>>16
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}

func (p *Packet) udp(b []byte, length int) bool {
	if len(b) < 8 {
		return false
	}
	g := &p.Datagram
	g.SrcPort, g.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	g.Length, g.Checksum, g.Present = binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:]), length
	if int(g.Length) >= 8 && int(g.Length) < length { // what follows is padding
		length = int(g.Length)
	}
	p.Length = length - 8
	p.Payload = b[8:min(len(b), length)]
	return true
}

// icmp reads the packet that an error quotes. Other messages are of no interest.
func (p *Packet) icmp(b []byte) bool {
	p.Quoted, p.Payload, p.Length = Quoted{}, nil, 0
	if len(b) < 8 {
		return false
	}
	q := &p.Quoted
	q.Type, q.Code = b[0], b[1]
	b = b[8:]
	switch {
	case p.Protocol == ICMP && (q.Type == 3 || q.Type == 11 || q.Type == 12) && len(b) >= 20 && b[0]>>4 == 4:
		q.Protocol = Protocol(b[9])
		q.Src, q.Dst = netip.AddrFrom4([4]byte(b[12:])), netip.AddrFrom4([4]byte(b[16:]))
		b = b[min(len(b), int(b[0]&15)*4):]
	case p.Protocol == ICMPv6 && q.Type >= 1 && q.Type <= 4 && len(b) >= 40 && b[0]>>4 == 6:
		q.Protocol = Protocol(b[6])
		q.Src, q.Dst = netip.AddrFrom16([16]byte(b[8:])), netip.AddrFrom16([16]byte(b[24:]))
		b = b[40:]
	default:
		return true
	}
	if (q.Protocol == TCP || q.Protocol == UDP) && len(b) >= 4 {
		q.SrcPort, q.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	}
	return true
}
