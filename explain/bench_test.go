package explain_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"testing"

	"parley/capture/pcap"
	"parley/explain"
)

// BenchmarkRead reads a capture of small packets of a thousand connections.
func BenchmarkRead(b *testing.B) {
	const packets = 200_000
	capture := crowd(b, packets, 1000)
	b.SetBytes(int64(len(capture)))
	b.ReportAllocs()
	for b.Loop() {
		lab, err := explain.Read(explain.Options{}, explain.Source{Name: "crowd", Content: bytes.NewReader(capture)})
		if err != nil || lab.Packets != packets || len(lab.Connections) != 1000 {
			b.Fatal(lab, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/packets, "ns/packet")
}

// crowd makes a capture of connections that all talk in turn.
func crowd(t testing.TB, packets, connections int) []byte {
	var file bytes.Buffer
	writeCrowd(t, &file, packets, connections)
	return file.Bytes()
}

// writeCrowd writes the capture of a crowd.
func writeCrowd(t testing.TB, out io.Writer, packets, connections int) {
	t.Helper()
	w, err := pcap.NewWriter(out, pcap.Section{})
	if err != nil {
		t.Fatal(err)
	}
	number, err := w.Interface(pcap.Interface{Link: pcap.LinkEthernet, SnapLen: 262144}, "")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	next := make([][2]uint32, connections)
	for i := range next {
		next[i] = [2]uint32{r.Uint32(), r.Uint32()}
	}
	frame := make([]byte, 14+40+60)
	frame[12] = 8
	for n := range packets {
		i, from := r.IntN(connections), r.IntN(2)
		text := []string{"", "hello everybody out\n", "<a person> :says what would make a line of a usual length..\n"}[r.IntN(3)]
		length := len(text)
		ip := frame[14:]
		clear(ip)
		ip[0], ip[8], ip[9] = 0x45, 64, 6
		binary.BigEndian.PutUint16(ip[2:], uint16(40+length))
		binary.BigEndian.PutUint16(ip[4:], uint16(n))
		client, server := []byte{10, 0, byte(i >> 8), byte(i)}, []byte{192, 0, 2, 1}
		ports := [2]uint16{uint16(20000 + i), 7275}
		copy(ip[12:], client)
		copy(ip[16:], server)
		if from == 1 {
			copy(ip[12:], server)
			copy(ip[16:], client)
			ports = [2]uint16{7275, uint16(20000 + i)}
		}
		tcp := ip[20:]
		binary.BigEndian.PutUint16(tcp, ports[0])
		binary.BigEndian.PutUint16(tcp[2:], ports[1])
		binary.BigEndian.PutUint32(tcp[4:], next[i][from])
		binary.BigEndian.PutUint32(tcp[8:], next[i][1-from])
		tcp[12], tcp[13] = 5<<4, 0x10
		binary.BigEndian.PutUint16(tcp[14:], 502)
		next[i][from] += uint32(length)
		copy(tcp[20:], text)
		data := frame[:14+40+length]
		if err := w.Packet(number, pcap.Packet{Time: 1_700_000_000_000_000_000 + int64(n)*10_000, Data: data, Length: len(data)}); err != nil {
			t.Fatal(err)
		}
	}
}
