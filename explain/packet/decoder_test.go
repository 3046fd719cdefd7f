package packet

import (
	"encoding/binary"
	"testing"

	"parley/capture/pcap"
)

func TestEachLink(t *testing.T) {
	for _, link := range []pcap.LinkType{pcap.LinkEthernet, pcap.LinkLinuxSLL, pcap.LinkLinuxSLL2, pcap.LinkNull, pcap.LinkLoop,
		pcap.LinkRaw, pcap.LinkIPv4, pcap.LinkIPv6} {
		for name, c := range map[string]struct {
			ether uint16
			data  []byte
		}{
			"IPv4": {0x0800, ip4(UDP, 0, udp("hi"))},
			"IPv6": {0x86dd, ip6(17, udp("hi"))},
		} {
			p, ok := decoded(t, on(link, c.ether, c.data))
			if !ok || p.Protocol != UDP || string(p.Payload) != "hi" || p.Length != 2 ||
				p.Datagram.SrcPort != 1000 || p.Datagram.DstPort != 2000 || p.Datagram.Length != 10 || p.Datagram.Present != 10 {
				t.Errorf("%s on %s: %v %+v", name, link, ok, p)
			}
		}
	}
	if _, ok := decoded(t, on(pcap.LinkType(9), 0x0800, ip4(UDP, 0, udp("hi")))); ok {
		t.Error("a link that nobody knows was read")
	}
}

func TestVLANs(t *testing.T) {
	tagged := append([]byte{0, 5, 0x81, 0, 0, 6, 0x08, 0}, ip4(UDP, 0, udp("hi"))...)
	if p, ok := decoded(t, on(pcap.LinkEthernet, 0x88a8, tagged)); !ok || string(p.Payload) != "hi" {
		t.Errorf("%v %+v", ok, p)
	}
	for cut := range 8 {
		if _, ok := decoded(t, on(pcap.LinkEthernet, 0x88a8, tagged[:cut])); ok {
			t.Errorf("cut at %d", cut)
		}
	}
}

func TestASegment(t *testing.T) {
	options := []byte{2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 7}
	p, ok := decoded(t, on(pcap.LinkRaw, 0, ip4(TCP, 0, tcp(options, "hello"))))
	s := p.Segment
	if !ok || p.Src != ann4 || p.Dst != bob4 || p.ID != 7 || string(p.Payload) != "hello" || p.Length != 5 ||
		s.Seq != 5 || s.Ack != 6 || s.Flags != SYN|ACK || s.Window != 256 {
		t.Fatalf("%v %+v", ok, p)
	}
	want := Options{MSS: 1460, Scale: 7, Stamped: true, SACKAllowed: true, Value: 1, Reply: 2}
	if s.Options != want {
		t.Errorf("%+v, not %+v", s.Options, want)
	}
	if text := s.Flags.String(); text != "SYN, ACK" {
		t.Error(text)
	}
}

// Options that make no sense end the options, and nothing else.
func TestOptionsThatAreNone(t *testing.T) {
	for _, options := range [][]byte{{2, 0, 0, 0}, {2, 1, 0, 0}, {2, 40, 0, 0}, {0, 2, 4, 5}, {1, 1, 1, 2}, {8, 3, 1, 0}} {
		p, ok := decoded(t, on(pcap.LinkRaw, 0, ip4(TCP, 0, tcp(options, "x"))))
		if !ok || p.Segment.Options != (Options{Scale: -1}) || string(p.Payload) != "x" {
			t.Errorf("% x: %v %+v", options, ok, p)
		}
	}
}

// What a snap length has cut off counts all the same, as long as the headers are there.
func TestAPacketThatIsCut(t *testing.T) {
	whole := on(pcap.LinkEthernet, 0x0800, ip4(TCP, 0, tcp([]byte{2, 4, 5, 0xb4}, "hello")))
	const headers = 14 + 20 + 24
	for cut := range whole.Data {
		from := whole
		from.Data = whole.Data[:cut]
		p, ok := decoded(t, from)
		if ok != (cut >= headers-4) { // options may be missing
			t.Errorf("cut at %d: %v", cut, ok)
		}
		if ok && (p.Length != 5 || len(p.Payload) != max(cut-headers, 0)) {
			t.Errorf("cut at %d: %d bytes of %d", cut, len(p.Payload), p.Length)
		}
	}
}

// Ethernet fills short packets up; what lies behind the packet's own end is none of it.
func TestPaddingIsNoData(t *testing.T) {
	padded := append(ip4(TCP, 0, tcp(nil, "")), 0, 0, 0, 0, 0, 0)
	if p, ok := decoded(t, on(pcap.LinkEthernet, 0x0800, padded)); !ok || p.Length != 0 || len(p.Payload) != 0 {
		t.Errorf("%v %+v", ok, p)
	}
}

// A packet that the network card was to cut says that it is of no length, or of more than fits.
func TestAGiant(t *testing.T) {
	giant := ip4(TCP, 0, tcp(nil, "hello"))
	binary.BigEndian.PutUint16(giant[2:], 0)
	if p, ok := decoded(t, on(pcap.LinkRaw, 0, giant)); !ok || p.Length != 5 {
		t.Errorf("%v %+v", ok, p)
	}
}

// A checksum that the network card was to finish has the sum of the pseudo header alone.
func TestAnUnfinishedChecksum(t *testing.T) {
	segment := tcp(nil, "hello")
	sum := uint32(0xc000+0x0201) + uint32(0xc000+0x0202) + 6 + uint32(len(segment))
	binary.BigEndian.PutUint16(segment[16:], uint16(sum+sum>>16))
	p, ok := decoded(t, on(pcap.LinkRaw, 0, ip4(TCP, 0, segment)))
	if !ok || !p.Segment.Offloaded {
		t.Errorf("%v %+v", ok, p)
	}
	segment[16]++
	if p, _ := decoded(t, on(pcap.LinkRaw, 0, ip4(TCP, 0, segment))); p.Segment.Offloaded {
		t.Error("another checksum is taken for an unfinished one")
	}
}

func TestHeadersThatMakeNoSense(t *testing.T) {
	good := ip4(TCP, 0, tcp(nil, "x"))
	for name, change := range map[string]func(b []byte){
		"IP header too short":   func(b []byte) { b[0] = 0x44 },
		"IP header too long":    func(b []byte) { b[0] = 0x4f },
		"of version 5":          func(b []byte) { b[0] = 0x55 },
		"total below header":    func(b []byte) { b[3] = 19 },
		"TCP header too short":  func(b []byte) { b[20+12] = 4 << 4 },
		"TCP header past total": func(b []byte) { b[20+12] = 15 << 4 },
	} {
		b := append([]byte(nil), good...)
		change(b)
		if p, ok := decoded(t, on(pcap.LinkRaw, 0, b)); ok {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestExtensionHeaders(t *testing.T) {
	inside := udp("hi")
	hop := append([]byte{17, 0, 1, 4, 0, 0, 0, 0}, inside...)
	route := append([]byte{0x2b, 0, 1, 4, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0}, inside...)
	authenticated := append([]byte{17, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, inside...)
	for name, b := range map[string][]byte{
		"hop by hop":        ip6(0, hop),
		"and routing":       ip6(0, route),
		"authenticated":     ip6(51, authenticated),
		"the only fragment": ip6(44, append([]byte{17, 0, 0, 0, 0, 0, 0, 9}, inside...)),
	} {
		if p, ok := decoded(t, on(pcap.LinkRaw, 0, b)); !ok || p.Protocol != UDP || string(p.Payload) != "hi" || p.Length != 2 {
			t.Errorf("%s: %v %+v", name, ok, p)
		}
	}
	for name, b := range map[string][]byte{
		"nothing follows": ip6(59, inside),
		"past the end":    ip6(0, []byte{17, 200, 1, 4, 0, 0, 0, 0}),
		"cut":             ip6(0, []byte{17, 0, 1}),
	} {
		if p, ok := decoded(t, on(pcap.LinkRaw, 0, b)); ok {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestWhatICMPQuotes(t *testing.T) {
	quoted := ip4(UDP, 0, udp("hi"))[:28]
	p, ok := decoded(t, on(pcap.LinkRaw, 0, ip4(ICMP, 0, append([]byte{3, 3, 0, 0, 0, 0, 0, 0}, quoted...))))
	if q := p.Quoted; !ok || !q.Unreachable(p.Protocol) || q.Protocol != UDP || q.Src != ann4 || q.SrcPort != 1000 || q.DstPort != 2000 {
		t.Errorf("%v %+v", ok, p.Quoted)
	}
	quoted = ip6(17, udp("hi"))
	p, ok = decoded(t, on(pcap.LinkRaw, 0, ip6(58, append([]byte{1, 4, 0, 0, 0, 0, 0, 0}, quoted...))))
	if q := p.Quoted; !ok || !q.Unreachable(p.Protocol) || q.Dst != bob6 || q.DstPort != 2000 {
		t.Errorf("%v %+v", ok, p.Quoted)
	}
	for _, b := range [][]byte{{8, 0, 0, 0, 0, 0, 0, 0}, {3, 3, 0, 0, 0, 0, 0, 0, 0x45}, {3, 1, 0, 0, 0, 0, 0, 0}} {
		if p, _ := decoded(t, on(pcap.LinkRaw, 0, ip4(ICMP, 0, b))); p.Quoted.Unreachable(p.Protocol) {
			t.Errorf("% x: %+v", b, p.Quoted)
		}
	}
}
