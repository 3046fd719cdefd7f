package packet

import (
	"encoding/binary"

	"parley/capture/pcap"
)

// The types of what Ethernet and its kin carry (IEEE 802 numbers).
const (
	etherIPv4  = 0x0800
	etherIPv6  = 0x86dd
	etherVLAN  = 0x8100 // IEEE 802.1Q
	etherQinQ  = 0x88a8 // IEEE 802.1ad
	etherQinQ1 = 0x9100 // what was used before 802.1ad
)

// network takes the link's header off, and gives what is inside: its type and the bytes; 0 for nothing that can be read.
func network(link pcap.LinkType, b []byte) (ether uint16, rest []byte) {
	switch link {
	case pcap.LinkEthernet:
		return tagged(b, 12)
	case pcap.LinkLinuxSLL:
		return tagged(b, 14)
	case pcap.LinkLinuxSLL2:
		if len(b) < 20 {
			return 0, nil
		}
		return untag(binary.BigEndian.Uint16(b), b[20:])
	case pcap.LinkRaw, pcap.LinkIPv4, pcap.LinkIPv6:
		return byVersion(b), b
	case pcap.LinkNull, pcap.LinkLoop:
		if len(b) < 4 {
			return 0, nil
		}
		return byVersion(b[4:]), b[4:] // the number of IPv6's family differs from system to system, its version does not
	}
	return 0, nil
}

// byVersion gives the type of an IP packet by its first bits.
func byVersion(b []byte) uint16 {
	if len(b) == 0 {
		return 0
	}
	switch b[0] >> 4 {
	case 4:
		return etherIPv4
	case 6:
		return etherIPv6
	}
	return 0
}

// tagged reads the type that stands at an offset, and what follows it.
func tagged(b []byte, at int) (uint16, []byte) {
	if len(b) < at+2 {
		return 0, nil
	}
	return untag(binary.BigEndian.Uint16(b[at:]), b[at+2:])
}

// untag takes off what says which VLAN a packet belongs to, however often.
func untag(ether uint16, b []byte) (uint16, []byte) {
	for ether == etherVLAN || ether == etherQinQ || ether == etherQinQ1 {
		if len(b) < 4 {
			return 0, nil
		}
		ether, b = binary.BigEndian.Uint16(b[2:]), b[4:]
	}
	return ether, b
}
