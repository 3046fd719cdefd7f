package capture

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"parley"
)

// Filter chooses packets: those of any of the hosts and of any of the ports. The zero value chooses all packets.
//
// Beside them come what tells about them: ICMP of the hosts, or where there are only ports all ICMP; ICMP errors that
// quote a packet of the hosts; and fragments behind the first, which have no ports. VLAN tags, two at most, are looked
// behind.
type Filter struct {
	Hosts []netip.Addr
	Ports []uint16 // of TCP and UDP, on either side
}

// The most that a Filter may have. With all of it the program still fits into what Linux takes.
const (
	maxHosts = 32
	maxPorts = 64
)

// NewFilter makes a Filter, each host and port in it once. IPv4 addresses in IPv6 clothes are IPv4, and zones do not
// count. It fails with an *parley.Error of CodeInvalid where there are too many.
func NewFilter(hosts []netip.Addr, ports []uint16) (Filter, error) {
	var f Filter
	for _, h := range hosts {
		if h = h.Unmap().WithZone(""); !slices.Contains(f.Hosts, h) {
			f.Hosts = append(f.Hosts, h)
		}
	}
	for _, p := range ports {
		if !slices.Contains(f.Ports, p) {
			f.Ports = append(f.Ports, p)
		}
	}
	switch {
	case len(f.Hosts) > maxHosts:
		return f, parley.Errorf(parley.CodeInvalid, "at most %d addresses can be chosen at once, not %d", maxHosts, len(f.Hosts))
	case len(f.Ports) > maxPorts:
		return f, parley.Errorf(parley.CodeInvalid, "at most %d ports can be chosen at once, not %d", maxPorts, len(f.Ports))
	}
	return f, nil
}

// String gives the filter in libpcap's language, "" for all packets. It is what people read in the file; what is
// captured has the errors and fragments beside it.
func (f Filter) String() string {
	var hosts, ports []string
	for _, h := range f.Hosts {
		hosts = append(hosts, "host "+h.String())
	}
	for _, p := range f.Ports {
		ports = append(ports, "port "+strconv.Itoa(int(p)))
	}
	if len(ports) > 0 {
		ports = append(ports, "icmp", "icmp6")
	}
	both := make([]string, 0, 2)
	for _, list := range [][]string{hosts, ports} {
		switch len(list) {
		case 0:
		case 1:
			both = append(both, list[0])
		default:
			both = append(both, "("+strings.Join(list, " or ")+")")
		}
	}
	return strings.Join(both, " and ")
}
