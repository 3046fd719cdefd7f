package report_test

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"parley/capture/pcap"
	"parley/explain"
	"parley/explain/packet"
)

// story makes up a capture: what two ends of connections say, and when. Its times begin at the same moment in every run.
type story struct {
	t       testing.TB
	now     int64
	frames  []frame
	comment string
	tap     bool
}

// frame is a packet of a story.
type frame struct {
	at   int64
	data []byte
}

// newStory begins a story.
func newStory(t testing.TB) *story {
	return &story{t: t, now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).UnixNano()}
}

// later lets time pass.
func (s *story) later(d time.Duration) { s.now += int64(d) }

// talk is a connection of a story. Sequence numbers begin at 1000 for the client and 5000 for the server.
type talk struct {
	*story
	addr   [2]netip.AddrPort
	next   [2]uint32
	window [2]uint16
	scale  int8 // -1 for none
	mss    uint16
	csum   uint16
}

const (
	client = 0
	server = 1
)

// between makes a connection, of which nothing has been sent.
func (s *story) between(from, to string) *talk {
	return &talk{story: s, addr: [2]netip.AddrPort{netip.MustParseAddrPort(from), netip.MustParseAddrPort(to)},
		next: [2]uint32{1000, 5000}, window: [2]uint16{64240, 65160}, scale: -1, mss: 1460, csum: 1}
}

// segment adds a segment with any numbers.
func (c *talk) segment(from int, flags packet.Flags, seq, ack uint32, text string) {
	var options []byte
	if flags.Has(packet.SYN) {
		options = binary.BigEndian.AppendUint16([]byte{2, 4}, c.mss)
		if c.scale >= 0 {
			options = append(options, 3, 3, byte(c.scale), 1)
		}
	}
	t := make([]byte, 20, 20+len(options)+len(text))
	binary.BigEndian.PutUint16(t, c.addr[from].Port())
	binary.BigEndian.PutUint16(t[2:], c.addr[1-from].Port())
	binary.BigEndian.PutUint32(t[4:], seq)
	if flags.Has(packet.ACK) {
		binary.BigEndian.PutUint32(t[8:], ack)
	}
	t[12], t[13] = byte(20+len(options))<<2, byte(flags)
	binary.BigEndian.PutUint16(t[14:], c.window[from])
	binary.BigEndian.PutUint16(t[16:], c.csum)
	t = append(append(t, options...), text...)
	c.ip(c.addr[from].Addr(), c.addr[1-from].Addr(), 6, t)
}

// say adds the next segment of one end, and time passes: a millisecond.
func (c *talk) say(from int, flags packet.Flags, text string) {
	c.segment(from, flags, c.next[from], c.next[1-from], text)
	c.next[from] += uint32(len(text))
	if flags.Any(packet.SYN | packet.FIN) {
		c.next[from]++
	}
	c.later(time.Millisecond)
}

// shake adds a handshake: three frames.
func (c *talk) shake() {
	c.say(client, packet.SYN, "")
	c.say(server, packet.SYN|packet.ACK, "")
	c.say(client, packet.ACK, "")
}

// text adds data, and its acknowledgement: two frames.
func (c *talk) text(from int, text string) {
	c.say(from, packet.PSH|packet.ACK, text)
	c.say(1-from, packet.ACK, "")
}

// leave adds the end, begun by one: three frames.
func (c *talk) leave(first int) {
	c.say(first, packet.FIN|packet.ACK, "")
	c.say(1-first, packet.FIN|packet.ACK, "")
	c.say(first, packet.ACK, "")
}

// datagram adds a datagram with a length field that may be wrong by off.
func (s *story) datagram(from, to, text string, off int) []byte {
	a, b := netip.MustParseAddrPort(from), netip.MustParseAddrPort(to)
	u := make([]byte, 8, 8+len(text))
	binary.BigEndian.PutUint16(u, a.Port())
	binary.BigEndian.PutUint16(u[2:], b.Port())
	binary.BigEndian.PutUint16(u[4:], uint16(8+len(text)+off))
	binary.BigEndian.PutUint16(u[6:], 0xbeef)
	s.ip(a.Addr(), b.Addr(), 17, append(u, text...))
	s.later(time.Millisecond)
	return s.frames[len(s.frames)-1].data
}

// unreachable adds the ICMP message that nobody listens, which quotes a packet.
func (s *story) unreachable(from, to string, quoted []byte) {
	icmp := append([]byte{3, 3, 0, 0, 0, 0, 0, 0}, quoted[:min(len(quoted), 28)]...)
	s.ip(netip.MustParseAddr(from), netip.MustParseAddr(to), 1, icmp)
	s.later(time.Millisecond)
}

// ip adds an IP packet.
func (s *story) ip(src, dst netip.Addr, protocol byte, payload []byte) {
	var b []byte
	if src.Is4() {
		b = make([]byte, 20)
		b[0], b[8], b[9] = 0x45, 64, protocol
		binary.BigEndian.PutUint16(b[2:], uint16(20+len(payload)))
		binary.BigEndian.PutUint16(b[4:], uint16(len(s.frames)+1))
		copy(b[12:], src.AsSlice())
		copy(b[16:], dst.AsSlice())
	} else {
		b = make([]byte, 40)
		b[0], b[6], b[7] = 0x60, protocol, 64
		binary.BigEndian.PutUint16(b[4:], uint16(len(payload)))
		copy(b[8:], src.AsSlice())
		copy(b[24:], dst.AsSlice())
	}
	s.frames = append(s.frames, frame{s.now, append(b, payload...)})
}

// capture gives the story as a file.
func (s *story) capture() []byte {
	s.t.Helper()
	var b bytes.Buffer
	w, err := pcap.NewWriter(&b, pcap.Section{Comment: s.comment})
	if err != nil {
		s.t.Fatal(err)
	}
	about := pcap.Interface{Link: pcap.LinkRaw, SnapLen: 262144, Name: "lab0"}
	if s.tap {
		about.Description = explain.TapDescription
	}
	number, err := w.Interface(about, "")
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range s.frames {
		if err := w.Packet(number, pcap.Packet{Time: f.at, Data: f.data, Length: len(f.data)}); err != nil {
			s.t.Fatal(err)
		}
	}
	return b.Bytes()
}

// lab reads the story.
func (s *story) lab() *explain.Lab {
	s.t.Helper()
	return read(s.t, s.capture())
}

// read reads captures as one lab, the first called server.pcapng and the second client.pcapng.
func read(t testing.TB, captures ...[]byte) *explain.Lab {
	t.Helper()
	var sources []explain.Source
	for i, c := range captures {
		sources = append(sources, explain.Source{Name: []string{"server.pcapng", "client.pcapng"}[i], Content: bytes.NewReader(c)})
	}
	l, err := explain.Read(explain.Options{Detail: true}, sources...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
