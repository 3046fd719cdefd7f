package packet

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"parley/capture/pcap"
)

// Two hosts, over IPv4 and IPv6.
var (
	ann4 = netip.MustParseAddr("192.0.2.1")
	bob4 = netip.MustParseAddr("192.0.2.2")
	ann6 = netip.MustParseAddr("2001:db8::1")
	bob6 = netip.MustParseAddr("2001:db8::2")
)

// ip4 puts an IPv4 header before data. fragment is the field of flags and offset.
func ip4(protocol Protocol, fragment uint16, data []byte) []byte {
	b := make([]byte, 20, 20+len(data))
	b[0], b[8], b[9] = 0x45, 64, byte(protocol)
	binary.BigEndian.PutUint16(b[2:], uint16(20+len(data)))
	binary.BigEndian.PutUint16(b[4:], 7)
	binary.BigEndian.PutUint16(b[6:], fragment)
	copy(b[12:], ann4.AsSlice())
	copy(b[16:], bob4.AsSlice())
	return append(b, data...)
}

// ip6 puts an IPv6 header before data.
func ip6(next byte, data []byte) []byte {
	b := make([]byte, 40, 40+len(data))
	b[0], b[6], b[7] = 0x60, next, 64
	binary.BigEndian.PutUint16(b[4:], uint16(len(data)))
	copy(b[8:], ann6.AsSlice())
	copy(b[24:], bob6.AsSlice())
	return append(b, data...)
}

// udp is a datagram from port 1000 to 2000.
func udp(data string) []byte {
	b := []byte{0x03, 0xe8, 0x07, 0xd0, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(b[4:], uint16(8+len(data)))
	return append(b, data...)
}

// tcp is a segment from port 1000 to 2000 with a SYN and options.
func tcp(options []byte, data string) []byte {
	b := []byte{0x03, 0xe8, 0x07, 0xd0, 0, 0, 0, 5, 0, 0, 0, 6, byte(20+len(options)) << 2, byte(SYN | ACK), 1, 0, 0, 0, 0, 0}
	return append(append(b, options...), data...)
}

// on puts a packet on a link.
func on(link pcap.LinkType, ether uint16, data []byte) pcap.Packet {
	var head []byte
	switch link {
	case pcap.LinkEthernet:
		head = append(make([]byte, 12), byte(ether>>8), byte(ether))
	case pcap.LinkLinuxSLL:
		head = append(make([]byte, 14), byte(ether>>8), byte(ether))
	case pcap.LinkLinuxSLL2:
		head = make([]byte, 20)
		binary.BigEndian.PutUint16(head, ether)
	case pcap.LinkNull, pcap.LinkLoop:
		head = make([]byte, 4)
	}
	data = append(head, data...)
	return pcap.Packet{Interface: &pcap.Interface{Link: link}, Data: data, Length: len(data)}
}

// decoded decodes one packet.
func decoded(t *testing.T, from pcap.Packet) (Packet, bool) {
	t.Helper()
	var d Decoder
	var p Packet
	ok := d.Decode(&from, &p)
	return p, ok
}
