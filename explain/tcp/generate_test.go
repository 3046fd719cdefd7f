package tcp_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"

	"parley/capture/pcap"
	"parley/explain/packet"
)

// made is a packet that a test makes up.
type made struct {
	src, dst netip.AddrPort
	seq, ack uint32
	flags    packet.Flags
	window   uint16
	options  []byte
	length   int
	time     int64
}

// bytes gives it as it is on a link of type LinkRaw.
func (m made) bytes() []byte {
	options := append([]byte(nil), m.options...)
	for len(options)%4 != 0 {
		options = append(options, 0)
	}
	b := make([]byte, 40, 40+len(options)+m.length)
	b[0], b[8], b[9] = 0x45, 64, 6
	binary.BigEndian.PutUint16(b[2:], uint16(cap(b)))
	src, dst := m.src.Addr().As4(), m.dst.Addr().As4()
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	t := b[20:]
	binary.BigEndian.PutUint16(t, m.src.Port())
	binary.BigEndian.PutUint16(t[2:], m.dst.Port())
	binary.BigEndian.PutUint32(t[4:], m.seq)
	binary.BigEndian.PutUint32(t[8:], m.ack)
	t[12], t[13] = byte(20+len(options))<<2, byte(m.flags)
	binary.BigEndian.PutUint16(t[14:], m.window)
	b = append(b, options...)
	return append(b, bytes.Repeat([]byte{'x'}, m.length)...)
}

// chat makes up a connection: a handshake, data and acknowledgements both ways, an end; then some of it is lost, doubled,
// overtaken, or said again, as rough says (0 for nothing, 1 for much).
func chat(r *rand.Rand, port uint16, start int64, rough float64) (list []made) {
	client := netip.AddrPortFrom(netip.MustParseAddr("10.0.0.2"), port)
	server := netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), 8001)
	now := start
	at := [2]uint32{r.Uint32(), r.Uint32()}
	if r.IntN(4) == 0 {
		at[0] = 0xfffffe01 // it wraps
	}
	window := [2]uint16{uint16(1 + r.IntN(2000)), uint16(1 + r.IntN(2000))}
	addr := [2]netip.AddrPort{client, server}
	scale := r.IntN(3) > 0
	say := func(from int, flags packet.Flags, length int) {
		m := made{src: addr[from], dst: addr[1-from], seq: at[from], ack: at[1-from], flags: flags, window: window[from],
			length: length, time: now}
		if !flags.Has(packet.ACK) {
			m.ack = 0
		}
		if flags.Has(packet.SYN) {
			m.options = []byte{2, 4, 5, 0xb4}
			if scale || r.IntN(5) == 0 {
				m.options = append(m.options, 3, 3, byte(r.IntN(8)))
			}
		}
		list = append(list, m)
		at[from] += uint32(length)
		if flags.Any(packet.SYN | packet.FIN) {
			at[from]++
		}
		now += int64(r.ExpFloat64() * 2e6)
	}
	if r.IntN(10) > 0 {
		say(0, packet.SYN, 0)
		say(1, packet.SYN|packet.ACK, 0)
		say(0, packet.ACK, 0)
	}
	for range r.IntN(30) {
		from := r.IntN(2)
		switch r.IntN(12) {
		case 0: // a window that changes
			window[from] = uint16([]int{0, 0, 1, 100, 2000}[r.IntN(5)])
			say(from, packet.ACK, 0)
		case 1, 2: // an acknowledgement
			say(from, packet.ACK, 0)
		case 3: // keep-alive, or a window probe
			at[from]--
			say(from, packet.ACK, r.IntN(2))
			at[from] += uint32(1 - list[len(list)-1].length)
		case 4: // one that says again what it said
			if len(list) > 3 {
				m := list[3+r.IntN(len(list)-3)]
				m.time = now
				list = append(list, m)
			}
		case 5: // exactly as much as the other takes
			say(from, packet.ACK|packet.PSH, min(int(window[1-from]), 1400))
		default:
			say(from, packet.ACK|packet.PSH, 1+r.IntN(300))
		}
		if r.IntN(20) == 0 {
			now += int64(r.IntN(400)) * 1e6
		}
	}
	switch r.IntN(4) {
	case 0:
		say(r.IntN(2), packet.RST|packet.ACK, 0)
	case 1, 2:
		first := r.IntN(2)
		say(first, packet.FIN|packet.ACK, 0)
		say(1-first, packet.FIN|packet.ACK, 0)
		say(first, packet.ACK, 0)
	}
	if len(list) > 3 && list[0].flags == packet.SYN { // what comes of a disturbed handshake, other tests say
		return append(list[:3:3], disturb(r, list[3:], rough)...)
	}
	return disturb(r, list, rough)
}

// disturb does to packets what networks do.
func disturb(r *rand.Rand, list []made, rough float64) (out []made) {
	for _, m := range list {
		switch {
		case r.Float64() < rough*0.05: // lost
		case r.Float64() < rough*0.08: // doubled
			out = append(out, m, m)
		case r.Float64() < rough*0.1 && len(out) > 0: // overtaken
			before := out[len(out)-1]
			out[len(out)-1] = m
			out = append(out, before)
		default:
			out = append(out, m)
		}
	}
	now := int64(0)
	for i := range out { // time goes on
		now = max(now+1000, out[i].time)
		out[i].time = now
	}
	return out
}

// file makes a capture of packets.
func file(t testing.TB, list []made) []byte {
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
		if err := w.Packet(number, pcap.Packet{Time: m.time, Data: data, Length: len(data)}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}
