package packet

import (
	"net/netip"
)

// Protocol is what an IP packet carries (the protocol numbers of IANA).
type Protocol uint8

// The protocols that are read further. Whatever else there is keeps its number.
const (
	ICMP   Protocol = 1
	TCP    Protocol = 6
	UDP    Protocol = 17
	ICMPv6 Protocol = 58
)

// Packet is an IP packet, or what a fragment has made whole.
type Packet struct {
	Src, Dst netip.Addr
	Protocol Protocol
	ID       uint16   // of IPv4
	Segment  Segment  // where Protocol is TCP
	Datagram Datagram // where it is UDP
	Quoted   Quoted   // where it is ICMP or ICMPv6, and tells of a packet that did not arrive
	Payload  []byte   // what was captured of what TCP or UDP carry; valid until the next Decode
	Length   int      // bytes of that on the wire
}

// Flags are the bits of a TCP header (RFC 9293, section 3.1).
type Flags uint8

// The bits that the lens looks at.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
)

// Has reports whether all of these bits are set.
func (f Flags) Has(bits Flags) bool { return f&bits == bits }

// Any reports whether one of these bits is set.
func (f Flags) Any(bits Flags) bool { return f&bits != 0 }

// String lists the bits that are set, as in "SYN, ACK".
func (f Flags) String() string {
	var text string
	for i, name := range []string{"FIN", "SYN", "RST", "PSH", "ACK", "URG"} {
		if f&(1<<i) == 0 {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += name
	}
	return text
}

// Segment is the header of a TCP segment (RFC 9293, section 3.1).
type Segment struct {
	SrcPort, DstPort uint16
	Seq, Ack         uint32
	Flags            Flags
	Window           uint16 // as it stands there, not scaled
	Options          Options
	Offloaded        bool // its checksum is the beginning of one, which the network card would have finished
}

// Options are those of a TCP header (RFC 9293, RFC 7323, RFC 2018).
type Options struct {
	MSS          uint16 // 0 where there is none
	Scale        int8   // shift of the window, -1 where there is none
	Stamped      bool   // with timestamps
	SACKAllowed  bool
	SACK         bool   // tells of blocks that came out of order
	Value, Reply uint32 // timestamps, where Stamped
}

// Datagram is the header of a UDP datagram (RFC 768).
type Datagram struct {
	SrcPort, DstPort uint16
	Length           uint16 // as it stands there: the header's 8 bytes and the data
	Checksum         uint16
	Present          int // bytes that IP says are there, header included
}

// Quoted is a packet that an ICMP message says did not arrive (RFC 792, RFC 4443).
type Quoted struct {
	Type, Code       uint8 // of the message
	Protocol         Protocol
	Src, Dst         netip.Addr
	SrcPort, DstPort uint16 // 0 where that much was not quoted
}

// Unreachable reports whether nobody listens at the port that the quoted packet was for.
func (q Quoted) Unreachable(by Protocol) bool {
	return q.Protocol != 0 && (by == ICMP && q.Type == 3 && q.Code == 3 || by == ICMPv6 && q.Type == 1 && q.Code == 4)
}
