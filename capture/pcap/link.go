package pcap

import "fmt"

// LinkType says what a packet begins with. The numbers are those of https://www.tcpdump.org/linktypes.html.
type LinkType uint16

// The link types that a chat can be captured on.
const (
	LinkNull      LinkType = 0   // BSD loopback: the address family in the byte order of the machine
	LinkEthernet  LinkType = 1   // IEEE 802.3
	LinkRaw       LinkType = 101 // IPv4 or IPv6, by the version in its header
	LinkLoop      LinkType = 108 // OpenBSD loopback: the address family in network byte order
	LinkLinuxSLL  LinkType = 113 // Linux "cooked" version 1
	LinkIPv4      LinkType = 228
	LinkIPv6      LinkType = 229
	LinkLinuxSLL2 LinkType = 276 // Linux "cooked" version 2
)

// String names it as tcpdump.org does.
func (t LinkType) String() string {
	switch t {
	case LinkNull:
		return "NULL"
	case LinkEthernet:
		return "ETHERNET"
	case LinkRaw:
		return "RAW"
	case LinkLoop:
		return "LOOP"
	case LinkLinuxSLL:
		return "LINUX_SLL"
	case LinkIPv4:
		return "IPV4"
	case LinkIPv6:
		return "IPV6"
	case LinkLinuxSLL2:
		return "LINUX_SLL2"
	}
	return fmt.Sprintf("LINKTYPE %d", uint16(t))
}
