package tap

import (
	"encoding/binary"
	"net/netip"
)

// Flags of a TCP header (RFC 9293, section 3.1).
const (
	flagFIN = 1 << iota
	flagSYN
	flagRST
	flagPSH
	flagACK
)

const (
	protocolTCP = 6
	protocolUDP = 17

	// scale is the window scale of both ends (RFC 7323, section 2.2), and window what they offer in the header: as much as
	// can be, so that nobody seems to be held back.
	scale  = 14
	window = 0xffff
)

// segment is a TCP segment without its data.
type segment struct {
	seq, ack uint32
	flags    byte
}

// appendTCP adds a packet with a segment: IP, TCP and data.
func appendTCP(dst []byte, from, to netip.AddrPort, id uint16, s segment, data []byte) []byte {
	options := 0
	if s.flags&flagSYN != 0 {
		options = 8
	}
	dst, begin := appendIP(dst, from.Addr(), to.Addr(), id, protocolTCP, 20+options+len(data))
	dst = binary.BigEndian.AppendUint16(dst, from.Port())
	dst = binary.BigEndian.AppendUint16(dst, to.Port())
	dst = binary.BigEndian.AppendUint32(dst, s.seq)
	dst = binary.BigEndian.AppendUint32(dst, s.ack)
	dst = append(dst, byte(20+options)/4<<4, s.flags)
	dst = binary.BigEndian.AppendUint16(dst, window)
	dst = append(dst, 0, 0, 0, 0) // checksum, urgent pointer
	if options > 0 {
		dst = append(dst, 2, 4)
		dst = binary.BigEndian.AppendUint16(dst, uint16(segmentSize(from.Addr())))
		dst = append(dst, 1, 3, 3, scale)
	}
	dst = append(dst, data...)
	finish(dst[begin:], 16, pseudo(from.Addr(), to.Addr(), protocolTCP, len(dst)-begin))
	return dst
}

// appendUDP adds a packet with a datagram: IP, UDP and data.
func appendUDP(dst []byte, from, to netip.AddrPort, id uint16, data []byte) []byte {
	dst, begin := appendIP(dst, from.Addr(), to.Addr(), id, protocolUDP, 8+len(data))
	dst = binary.BigEndian.AppendUint16(dst, from.Port())
	dst = binary.BigEndian.AppendUint16(dst, to.Port())
	dst = binary.BigEndian.AppendUint16(dst, uint16(8+len(data)))
	dst = append(dst, 0, 0)
	dst = append(dst, data...)
	finish(dst[begin:], 6, pseudo(from.Addr(), to.Addr(), protocolUDP, len(dst)-begin))
	if p := dst[begin:]; p[6] == 0 && p[7] == 0 {
		p[6], p[7] = 0xff, 0xff // 0 says that there is none (RFC 768)
	}
	return dst
}

// segmentSize is how much data a segment carries at most: what an Ethernet takes.
func segmentSize(a netip.Addr) int {
	if a.Is4() {
		return 1460
	}
	return 1440
}

// appendIP adds the header of IPv4 (RFC 791) or IPv6 (RFC 8200), and says where it ends.
func appendIP(dst []byte, from, to netip.Addr, id uint16, protocol byte, length int) ([]byte, int) {
	if from.Is4() {
		begin := len(dst)
		dst = append(dst, 0x45, 0)
		dst = binary.BigEndian.AppendUint16(dst, uint16(20+length))
		dst = binary.BigEndian.AppendUint16(dst, id)
		dst = append(dst, 0x40, 0, 64, protocol, 0, 0) // don't fragment, 64 hops
		dst = append(append(dst, from.AsSlice()...), to.AsSlice()...)
		finish(dst[begin:], 10, 0)
		return dst, len(dst)
	}
	dst = append(dst, 0x60, 0, 0, 0)
	dst = binary.BigEndian.AppendUint16(dst, uint16(length))
	dst = append(dst, protocol, 64)
	dst = append(append(dst, from.AsSlice()...), to.AsSlice()...)
	return dst, len(dst)
}

// pseudo sums up the pseudo-header (RFC 9293, section 3.1; RFC 8200, section 8.1).
func pseudo(from, to netip.Addr, protocol, length int) uint32 {
	return sum(sum(uint32(protocol)+uint32(length), from.AsSlice()), to.AsSlice())
}

// finish writes the checksum (RFC 1071) of p, which is 0 so far, to where it belongs.
func finish(p []byte, at int, start uint32) {
	s := sum(start, p)
	binary.BigEndian.PutUint16(p[at:], ^uint16(s))
}

// sum adds p to a sum in ones' complement, and folds it into 16 bits.
func sum(s uint32, p []byte) uint32 {
	total := uint64(s)
	for ; len(p) >= 2; p = p[2:] {
		total += uint64(binary.BigEndian.Uint16(p))
	}
	if len(p) == 1 {
		total += uint64(p[0]) << 8
	}
	for total > 0xffff {
		total = total>>16 + total&0xffff
	}
	return uint32(total)
}
