package packet

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"parley/capture/pcap"
)

// pieces cuts a datagram of IPv4 into fragments of 16 bytes.
func pieces(id uint16, data []byte) (list [][]byte) {
	for at := 0; at < len(data); at += 16 {
		end := min(at+16, len(data))
		field := uint16(at / 8)
		if end < len(data) {
			field |= 0x2000
		}
		b := ip4(UDP, field, data[at:end])
		binary.BigEndian.PutUint16(b[4:], id)
		list = append(list, b)
	}
	return list
}

// In whatever order fragments come, and however often, the datagram is there once.
func TestFragmentsInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := "a datagram that does not fit into one packet, whatever one does"
	for range 200 {
		var d Decoder
		var p Packet
		list := pieces(9, udp(text))
		list = append(list, list[r.IntN(len(list))])
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		whole := 0
		for _, b := range list {
			from := on(pcap.LinkRaw, 0, b)
			if d.Decode(&from, &p) {
				whole++
				if string(p.Payload) != text || p.Length != len(text) || p.Datagram.SrcPort != 1000 {
					t.Fatalf("%+v", p)
				}
			}
		}
		if whole != 1 {
			t.Fatalf("it was there %d times", whole)
		}
	}
}

func TestFragmentsOfIPv6(t *testing.T) {
	var d Decoder
	var p Packet
	data := udp("twenty-four bytes inside")
	first := on(pcap.LinkRaw, 0, ip6(44, append([]byte{17, 0, 0, 1, 0, 0, 0, 9}, data[:16]...)))
	second := on(pcap.LinkRaw, 0, ip6(44, append([]byte{17, 0, 0, 16, 0, 0, 0, 9}, data[16:]...)))
	if d.Decode(&second, &p) || !d.Decode(&first, &p) || string(p.Payload) != "twenty-four bytes inside" {
		t.Errorf("%+v", p)
	}
}

// Fragments that overlap, that are cut, or that reach past the end of all packets make nothing whole.
func TestFragmentsThatMakeNothing(t *testing.T) {
	data := udp("twenty-four bytes inside")
	for name, list := range map[string][][]byte{
		"overlapping":  {ip4(UDP, 0x2000, data[:16]), ip4(UDP, 0x2001, data[8:24]), ip4(UDP, 3, data[24:])},
		"odd":          {ip4(UDP, 0x2000, data[:15]), ip4(UDP, 2, data[15:])},
		"past the end": {ip4(UDP, 0x1fff, bytes.Repeat(data, 100))},
		"empty":        {ip4(UDP, 0x2000, nil)},
	} {
		var d Decoder
		var p Packet
		for _, b := range list {
			from := on(pcap.LinkRaw, 0, b)
			if d.Decode(&from, &p) {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
	var d Decoder
	var p Packet
	for _, b := range pieces(1, data) {
		from := on(pcap.LinkRaw, 0, b)
		from.Data = from.Data[:len(from.Data)-1]
		if d.Decode(&from, &p) {
			t.Errorf("cut: %+v", p)
		}
	}
}

// A flood of packets of which one piece comes each is forgotten again, and what comes half a minute late is another packet.
func TestFragmentsAreForgotten(t *testing.T) {
	var d Decoder
	var p Packet
	for id := range uint16(5000) {
		from := on(pcap.LinkRaw, 0, pieces(id, udp("that does not fit into one"))[0])
		from.Time = int64(id)
		if d.Decode(&from, &p) {
			t.Fatal("one piece was enough")
		}
	}
	if n := len(d.fragments.unfinished); n > maxPuzzles || d.fragments.held != n*16 {
		t.Errorf("%d packets with %d bytes are kept", n, d.fragments.held)
	}
	d = Decoder{}
	for i, b := range pieces(7, udp("two pieces, and no more")) {
		from := on(pcap.LinkRaw, 0, b)
		from.Time = int64(i) * int64(forgetAfter+time.Second)
		if d.Decode(&from, &p) {
			t.Error("it was put together after all that time")
		}
	}
}

// FuzzDecode reads what is no packet: nothing may break, and no more data be told of than there is.
func FuzzDecode(f *testing.F) {
	f.Add(uint16(pcap.LinkEthernet), on(pcap.LinkEthernet, 0x0800, ip4(TCP, 0, tcp([]byte{2, 4, 5, 0xb4}, "hello"))).Data, 0)
	f.Add(uint16(pcap.LinkRaw), ip6(44, append([]byte{17, 0, 0, 1, 0, 0, 0, 9}, udp("hi")...)), 10)
	f.Add(uint16(pcap.LinkRaw), ip4(ICMP, 0, append([]byte{3, 3, 0, 0, 0, 0, 0, 0}, ip4(UDP, 0, udp("hi"))...)), 0)
	f.Fuzz(func(t *testing.T, link uint16, data []byte, missing int) {
		missing &= 0xffff
		from := pcap.Packet{Interface: &pcap.Interface{Link: pcap.LinkType(link)}, Data: data, Length: len(data) + missing}
		var d Decoder
		var p Packet
		if !d.Decode(&from, &p) {
			return
		}
		if p.Length < 0 || len(p.Payload) > p.Length || p.Length > from.Length {
			t.Errorf("%d bytes of %d, in a packet of %d", len(p.Payload), p.Length, from.Length)
		}
	})
}
