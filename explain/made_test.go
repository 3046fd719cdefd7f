package explain_test

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"parley/capture/pcap"
	"parley/explain"
	"parley/explain/packet"
)

// The sockets of the captures that are made here.
var (
	client = netip.MustParseAddrPort("10.0.0.2:50000")
	server = netip.MustParseAddrPort("10.0.0.1:8001")
)

// made is a packet that a test makes up: a segment, or a datagram where flags are 0.
type made struct {
	src, dst netip.AddrPort
	seq, ack uint32
	flags    packet.Flags
	data     string
	time     int64 // nanoseconds
	missing  int   // bytes at its end that were not captured
}

// bytes gives it as it is on a link of type LinkRaw.
func (m made) bytes() []byte {
	header := 20
	if m.flags == 0 {
		header = 8
	}
	b := make([]byte, 20+header, 20+header+len(m.data))
	b[0], b[8], b[9] = 0x45, 64, byte(packet.TCP)
	binary.BigEndian.PutUint16(b[2:], uint16(cap(b)))
	src, dst := m.src.Addr().As4(), m.dst.Addr().As4()
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	t := b[20:]
	binary.BigEndian.PutUint16(t, m.src.Port())
	binary.BigEndian.PutUint16(t[2:], m.dst.Port())
	if m.flags == 0 {
		b[9] = byte(packet.UDP)
		binary.BigEndian.PutUint16(t[4:], uint16(8+len(m.data)))
		return append(b, m.data...)
	}
	binary.BigEndian.PutUint32(t[4:], m.seq)
	binary.BigEndian.PutUint32(t[8:], m.ack)
	t[12], t[13] = 5<<4, byte(m.flags)
	binary.BigEndian.PutUint16(t[14:], 60000)
	return append(b, m.data...)
}

// maker makes up a connection, packet by packet.
type maker struct {
	list []made
	at   [2]uint32 // the next sequence number of each side
	now  int64
}

// newMaker makes the handshake of a connection whose client begins at a sequence number.
func newMaker(seq uint32) *maker {
	m := &maker{at: [2]uint32{seq, 7000}, now: 1e18}
	m.say(0, packet.SYN, "")
	m.say(1, packet.SYN|packet.ACK, "")
	m.say(0, packet.ACK, "")
	return m
}

// say adds a segment, a millisecond after the one before.
func (m *maker) say(from int, flags packet.Flags, data string) {
	addr := [2]netip.AddrPort{client, server}
	s := made{src: addr[from], dst: addr[1-from], seq: m.at[from], flags: flags, data: data, time: m.now}
	if flags.Has(packet.ACK) {
		s.ack = m.at[1-from]
	}
	m.list = append(m.list, s)
	m.at[from] += uint32(len(data))
	if flags.Any(packet.SYN | packet.FIN) {
		m.at[from]++
	}
	m.now += 1e6
}

// client and server add a segment with data for each of the texts.
func (m *maker) client(texts ...string) {
	for _, text := range texts {
		m.say(0, packet.ACK|packet.PSH, text)
	}
}

func (m *maker) server(texts ...string) {
	for _, text := range texts {
		m.say(1, packet.ACK|packet.PSH, text)
	}
}

// capture makes a capture of packets, in the order of the list.
func capture(t testing.TB, list []made) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := pcap.NewWriter(&b, pcap.Section{})
	if err != nil {
		t.Fatal(err)
	}
	number, err := w.Interface(pcap.Interface{Link: pcap.LinkRaw, SnapLen: 262144}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		data := m.bytes()
		if err := w.Packet(number, pcap.Packet{Time: m.time, Data: data[:len(data)-m.missing], Length: len(data)}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// explained gives the lab that a capture of packets shows.
func explained(t testing.TB, o explain.Options, list []made) *explain.Lab {
	t.Helper()
	lab, err := explain.Read(o, explain.Source{Name: "made", Content: bytes.NewReader(capture(t, list))})
	if err != nil {
		t.Fatal(err)
	}
	return lab
}
