package capture

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"

	"golang.org/x/net/bpf"

	"parley"
	"parley/capture/pcap"
)

var (
	alice  = netip.MustParseAddr("10.0.0.1")
	bob    = netip.MustParseAddr("10.0.0.2")
	router = netip.MustParseAddr("10.9.9.9")
	alice6 = netip.MustParseAddr("fd00::1")
	bob6   = netip.MustParseAddr("fd00::2")
	rout6  = netip.MustParseAddr("fd00::99")
)

// Packets are made from the inside out: each of these puts a header before what it is given.

// ports makes the beginning of TCP or UDP.
func ports(from, to uint16) []byte {
	b := binary.BigEndian.AppendUint16(nil, from)
	return append(binary.BigEndian.AppendUint16(b, to), make([]byte, 16)...)
}

// ipv4 has so many words of options, and the field of flags and fragment offset.
func ipv4(from, to netip.Addr, protocol byte, fragment uint16, options int, payload []byte) []byte {
	b := make([]byte, 20+4*options, 100)
	b[0], b[9] = 0x40|byte(5+options), protocol
	binary.BigEndian.PutUint16(b[6:], fragment)
	copy(b[12:], from.AsSlice())
	copy(b[16:], to.AsSlice())
	return append(b, payload...)
}

func ipv6(from, to netip.Addr, next byte, payload []byte) []byte {
	b := make([]byte, 40, 100)
	b[0], b[6] = 0x60, next
	copy(b[8:], from.AsSlice())
	copy(b[24:], to.AsSlice())
	return append(b, payload...)
}

// option is an IPv6 extension header of 8 bytes and units more.
func option(next byte, units int, payload []byte) []byte {
	b := make([]byte, 8+8*units)
	b[0], b[1] = next, byte(units)
	return append(b, payload...)
}

// authentication is an IPv6 authentication header of 24 bytes.
func authentication(next byte, payload []byte) []byte {
	b := make([]byte, 24)
	b[0], b[1] = next, 4
	return append(b, payload...)
}

// fragment is an IPv6 fragment header.
func fragment(next byte, offset uint16, payload []byte) []byte {
	b := []byte{next, 0, 0, 0, 0, 0, 0, 7}
	binary.BigEndian.PutUint16(b[2:], offset<<3|1)
	return append(b, payload...)
}

// icmp makes a message of ICMP that quotes a packet.
func icmp(kind byte, quoted []byte) []byte {
	return append([]byte{kind, 0, 0, 0, 0, 0, 0, 0}, quoted...)
}

// ethernet puts tags between the addresses and the type.
func ethernet(kind uint16, payload []byte, tags ...uint16) []byte {
	b := make([]byte, 12)
	for _, t := range tags {
		b = append(binary.BigEndian.AppendUint16(b, t), 0, 5)
	}
	return append(binary.BigEndian.AppendUint16(b, kind), payload...)
}

// takes runs the filter's program on a packet.
func takes(t *testing.T, f Filter, link pcap.LinkType, packet []byte) bool {
	t.Helper()
	raw, err := f.program(link, false)
	if err != nil {
		t.Fatal(err)
	}
	program, whole := bpf.Disassemble(raw)
	if !whole {
		t.Fatal("the program has strange instructions")
	}
	vm, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	n, err := vm.Run(packet)
	if err != nil {
		t.Fatal(err)
	}
	return n > 0
}

const (
	tcp, udp, icmp4, icmp6 = 6, 17, 1, 58

	moreFragments, laterFragment = 0x2000, 0x00b9
)

var anybody = []netip.Addr(nil)

func TestWhatTheFilterTakes(t *testing.T) {
	hosts := []netip.Addr{alice, alice6, netip.MustParseAddr("::ffff:10.0.0.1")}
	ofHosts, ofPort, ofBoth := mustFilter(t, hosts, nil), mustFilter(t, anybody, []uint16{8001, 5000}),
		mustFilter(t, hosts, []uint16{8001, 5000})
	chat, other := ports(40000, 8001), ports(40000, 22)
	for name, c := range map[string]struct {
		packet             []byte
		hosts, ports, both bool
	}{
		"TCP to the port":           {ipv4(alice, bob, tcp, 0, 0, chat), true, true, true},
		"TCP from the port":         {ipv4(bob, alice, tcp, 0, 0, ports(8001, 40000)), true, true, true},
		"UDP, the second port":      {ipv4(alice, bob, udp, 0, 0, ports(5000, 1)), true, true, true},
		"another port":              {ipv4(alice, bob, tcp, 0, 0, other), true, false, false},
		"another host":              {ipv4(router, bob, tcp, 0, 0, chat), false, true, false},
		"IPv4 with options":         {ipv4(alice, bob, tcp, 0, 10, chat), true, true, true},
		"options, another port":     {ipv4(alice, bob, tcp, 0, 10, other), true, false, false},
		"first fragment":            {ipv4(alice, bob, udp, moreFragments, 0, chat), true, true, true},
		"first fragment, another":   {ipv4(alice, bob, udp, moreFragments, 0, other), true, false, false},
		"later fragment":            {ipv4(alice, bob, udp, laterFragment, 0, other), true, true, true},
		"later fragment, another":   {ipv4(router, bob, udp, laterFragment, 0, other), false, true, false},
		"echo":                      {ipv4(alice, bob, icmp4, 0, 0, icmp(8, nil)), true, true, true},
		"echo of others":            {ipv4(router, bob, icmp4, 0, 0, icmp(8, nil)), false, true, false},
		"error of a router":         {ipv4(router, bob, icmp4, 0, 0, icmp(3, ipv4(bob, alice, udp, 0, 0, other))), true, true, true},
		"error about others":        {ipv4(router, bob, icmp4, 0, 0, icmp(3, ipv4(bob, router, udp, 0, 0, chat))), false, true, false},
		"echo that looks so":        {ipv4(router, bob, icmp4, 0, 0, icmp(8, ipv4(bob, alice, udp, 0, 0, chat))), false, true, false},
		"another protocol":          {ipv4(alice, bob, 132, 0, 0, chat), true, false, false},
		"IPv6":                      {ipv6(alice6, bob6, tcp, chat), true, true, true},
		"IPv6, from the port":       {ipv6(bob6, alice6, udp, ports(5000, 9)), true, true, true},
		"IPv6, another port":        {ipv6(alice6, bob6, tcp, other), true, false, false},
		"IPv6, another host":        {ipv6(bob6, rout6, tcp, chat), false, true, false},
		"IPv6 with options":         {ipv6(alice6, bob6, 0, option(60, 1, option(43, 0, option(tcp, 2, chat)))), true, true, true},
		"options, other port":       {ipv6(alice6, bob6, 0, option(60, 1, option(tcp, 2, other))), true, false, false},
		"IPv6 with authentication":  {ipv6(alice6, bob6, 51, authentication(udp, chat)), true, true, true},
		"IPv6 first fragment":       {ipv6(alice6, bob6, 44, fragment(udp, 0, chat)), true, true, true},
		"first fragment, otherwise": {ipv6(alice6, bob6, 44, fragment(udp, 0, other)), true, false, false},
		"IPv6 later fragment":       {ipv6(alice6, bob6, 44, fragment(udp, 181, other)), true, true, true},
		"neighbours":                {ipv6(bob6, rout6, icmp6, icmp(135, nil)), false, true, false},
		"IPv6 error of a router":    {ipv6(rout6, bob6, icmp6, icmp(1, ipv6(bob6, alice6, udp, other))), true, true, true},
		"IPv6 error about others":   {ipv6(rout6, bob6, icmp6, icmp(1, ipv6(bob6, rout6, udp, chat))), false, true, false},
		"another next header":       {ipv6(alice6, bob6, 132, chat), true, false, false},
	} {
		kind := uint16(0x0800)
		if c.packet[0]>>4 == 6 {
			kind = 0x86dd
		}
		for shape, link := range map[string]pcap.LinkType{"": pcap.LinkEthernet, "802.1Q ": pcap.LinkEthernet,
			"802.1ad ": pcap.LinkEthernet, "raw ": pcap.LinkRaw, "null ": pcap.LinkNull} {
			packet := map[string][]byte{"": ethernet(kind, c.packet), "802.1Q ": ethernet(kind, c.packet, 0x8100),
				"802.1ad ": ethernet(kind, c.packet, 0x88a8, 0x8100), "raw ": c.packet,
				"null ": append([]byte{2, 0, 0, 0}, c.packet...)}[shape]
			for what, f := range map[string]struct {
				filter Filter
				want   bool
			}{"hosts": {ofHosts, c.hosts}, "ports": {ofPort, c.ports}, "both": {ofBoth, c.both}} {
				if got := takes(t, f.filter, link, packet); got != f.want {
					t.Errorf("%s%s, %s: %t", shape, name, what, got)
				}
			}
		}
	}
}

// What is cut short anywhere, or no IP, is no reason to fail.
func TestTheFilterOnWhatIsNoPacket(t *testing.T) {
	f := mustFilter(t, []netip.Addr{alice, alice6}, []uint16{8001})
	long := ethernet(0x86dd, ipv6(bob6, rout6, 0, option(60, 1, option(tcp, 2, ports(1, 8001)))), 0x8100)
	for n := range long {
		takes(t, f, pcap.LinkEthernet, long[:n])
		takes(t, f, pcap.LinkRaw, long[:n])
	}
	for name, packet := range map[string][]byte{
		"nothing": {}, "ARP": ethernet(0x0806, make([]byte, 28)), "three tags": ethernet(0x0800, nil, 0x88a8, 0x88a8, 0x8100),
		"IPv5": ethernet(0x0800, nil),
	} {
		if takes(t, f, pcap.LinkEthernet, packet) {
			t.Errorf("%s is taken", name)
		}
	}
	many := ports(1, 2)
	for range extensions {
		many = option(60, 0, many)
	}
	if !takes(t, mustFilter(t, nil, []uint16{8001}), pcap.LinkRaw, ipv6(alice6, bob6, 60, many)) {
		t.Error("what cannot be judged is not taken")
	}
}

func mustFilter(t *testing.T, hosts []netip.Addr, ports []uint16) Filter {
	t.Helper()
	f, err := NewFilter(hosts, ports)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// As many hosts and ports as there may be still fit; one more is refused.
func TestTheLargestFilter(t *testing.T) {
	var hosts []netip.Addr
	var ports []uint16
	for i := range maxHosts + 1 {
		hosts = append(hosts, netip.AddrFrom16([16]byte{0xfd, 15: byte(i + 1)}))
	}
	for i := range maxPorts + 1 {
		ports = append(ports, uint16(8001+i))
	}
	f := mustFilter(t, hosts[:maxHosts], ports[:maxPorts])
	raw, err := f.program(pcap.LinkEthernet, true)
	if err != nil || len(raw) > 4096 { // BPF_MAXINSNS of Linux
		t.Errorf("%d instructions, %v", len(raw), err)
	}
	last := hosts[maxHosts-1]
	if !takes(t, f, pcap.LinkRaw, ipv6(bob6, last, tcp, []byte{0, 1, byte(ports[maxPorts-1] >> 8), byte(ports[maxPorts-1]), 0})) {
		t.Error("the last host and port are not taken")
	}
	for _, err := range []error{second(NewFilter(hosts, nil)), second(NewFilter(nil, ports))} {
		if parley.CodeOf(err) != parley.CodeInvalid {
			t.Errorf("too many: %v", err)
		}
	}
}

func second(_ Filter, err error) error { return err }

func TestAFilterInWords(t *testing.T) {
	for want, f := range map[string]Filter{
		"":                             {},
		"host 10.0.0.1":                {Hosts: []netip.Addr{alice}},
		"(port 8001 or icmp or icmp6)": {Ports: []uint16{8001}},
		"(host 10.0.0.1 or host fd00::1) and (port 1 or icmp or icmp6)": {Hosts: []netip.Addr{alice, alice6}, Ports: []uint16{1}},
	} {
		if got := f.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	f := mustFilter(t, []netip.Addr{alice, netip.MustParseAddr("fe80::1%eth0"), alice}, []uint16{1, 2, 1})
	if !slices.Equal(f.Ports, []uint16{1, 2}) || len(f.Hosts) != 2 || f.Hosts[1].Zone() != "" {
		t.Errorf("%v", f)
	}
}

func TestEverythingNeedsNoProgram(t *testing.T) {
	if raw, err := (Filter{}).program(pcap.LinkEthernet, false); raw != nil || err != nil {
		t.Errorf("%v, %v", raw, err)
	}
}
