package pcap_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"parley/capture/pcap"
)

// written is a file of two interfaces, three packets and what the system counted.
func written(t *testing.T) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := pcap.NewWriter(&file, pcap.Section{OS: "Linux", Application: "parley", Comment: "parley capture -i lo"})
	must(t, err)
	lo, err := w.Interface(pcap.Interface{Link: pcap.LinkEthernet, SnapLen: 262144, Name: "lo"}, "tcp port 7275")
	must(t, err)
	raw, err := w.Interface(pcap.Interface{Link: pcap.LinkRaw, Name: "tun0", Description: "a tunnel"}, "")
	must(t, err)
	must(t, w.Packet(lo, pcap.Packet{Time: 1_700_000_000_123_456_789, Data: []byte("abc"), Length: 3}))
	must(t, w.Packet(raw, pcap.Packet{Time: 1_700_000_000_123_456_790, Data: []byte("abcde"), Length: 9000, Comment: "made up"}))
	must(t, w.Packet(lo, pcap.Packet{Time: 1_700_000_001_000_000_000}))
	must(t, w.Statistics(lo, 1_700_000_002_000_000_000, 10, 7))
	return file.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// all reads a file to its end, and gives what was read and why it ended.
func all(t *testing.T, file []byte) (list []pcap.Packet, r *pcap.Reader, err error) {
	t.Helper()
	if r, err = pcap.NewReader(bytes.NewReader(file)); err != nil {
		return nil, nil, err
	}
	for {
		p, err := r.Next()
		if err != nil {
			return list, r, err
		}
		p.Data = bytes.Clone(p.Data)
		list = append(list, p)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	packed := func(file []byte) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(file)
		must(t, z.Close())
		return b.Bytes()
	}
	for name, file := range map[string][]byte{"plain": written(t), "gzip": packed(written(t))} {
		list, r, err := all(t, file)
		if err != io.EOF || len(list) != 3 {
			t.Fatalf("%s: %d packets, %v", name, len(list), err)
		}
		first, second, third := list[0], list[1], list[2]
		if first.Frame != 1 || first.Time != 1_700_000_000_123_456_789 || string(first.Data) != "abc" || first.Length != 3 ||
			first.Interface.Name != "lo" || first.Interface.Link != pcap.LinkEthernet || first.Comment != "" {
			t.Errorf("%s: %+v", name, first)
		}
		if second.Frame != 2 || string(second.Data) != "abcde" || second.Length != 9000 || second.Comment != "made up" ||
			second.Interface.Description != "a tunnel" || second.Interface.Link != pcap.LinkRaw {
			t.Errorf("%s: %+v", name, second)
		}
		if third.Frame != 3 || len(third.Data) != 0 || third.Length != 0 {
			t.Errorf("%s: %+v", name, third)
		}
		if lo := r.Interfaces()[0]; lo.Received != 10 || lo.Dropped != 7 || lo.SnapLen != 262144 {
			t.Errorf("%s: %+v", name, lo)
		}
		if about := r.Section(); about.Application != "parley" || about.OS != "Linux" || about.Comment != "parley capture -i lo" {
			t.Errorf("%s: %+v", name, about)
		}
	}
}

// A file that ends anywhere gives the packets before, and says that it ends in the middle, unless it ends between blocks.
func TestAFileThatEndsAnywhere(t *testing.T) {
	file := written(t)
	whole := 0
	for cut := range file {
		list, _, err := all(t, file[:cut])
		switch {
		case err == nil:
			t.Fatalf("at %d: it has no end", cut)
		case err == io.EOF:
			whole++
		case cut >= 4 && !errors.Is(err, io.ErrUnexpectedEOF):
			t.Fatalf("at %d: %v", cut, err)
		}
		if len(list) > 3 {
			t.Fatalf("at %d: %d packets", cut, len(list))
		}
	}
	if whole != 6 { // after each block but the last, behind which the loop does not come
		t.Errorf("it ends between blocks %d times", whole)
	}
}

// old makes a file as libpcap does.
func old(order binary.ByteOrder, magic uint32, fraction uint32) []byte {
	b := make([]byte, 24, 64)
	order.PutUint32(b, magic)
	order.PutUint16(b[4:], 2)
	order.PutUint16(b[6:], 4)
	order.PutUint32(b[16:], 65535)
	order.PutUint32(b[20:], 113)
	header := make([]byte, 16)
	order.PutUint32(header, 1_700_000_000)
	order.PutUint32(header[4:], fraction)
	order.PutUint32(header[8:], 3)
	order.PutUint32(header[12:], 60)
	return append(append(b, header...), "abc"...)
}

func TestTheOldFormat(t *testing.T) {
	const micro, nano = 0xa1b2c3d4, 0xa1b23c4d
	for name, c := range map[string]struct {
		file []byte
		time int64
	}{
		"little, microseconds": {old(binary.LittleEndian, micro, 123_456), 1_700_000_000_123_456_000},
		"big, microseconds":    {old(binary.BigEndian, micro, 123_456), 1_700_000_000_123_456_000},
		"little, nanoseconds":  {old(binary.LittleEndian, nano, 123_456_789), 1_700_000_000_123_456_789},
		"big, nanoseconds":     {old(binary.BigEndian, nano, 123_456_789), 1_700_000_000_123_456_789},
	} {
		list, r, err := all(t, c.file)
		if err != io.EOF || len(list) != 1 || list[0].Time != c.time || string(list[0].Data) != "abc" || list[0].Length != 60 ||
			r.Interfaces()[0].Link != pcap.LinkLinuxSLL {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
		for cut := 4; cut < len(c.file); cut++ {
			if list, _, err := all(t, c.file[:cut]); len(list) != 0 || cut != 24 && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s at %d: %d packets, %v", name, cut, len(list), err)
			}
		}
	}
}

// ngFile is a big-endian pcapng file with one interface and one packet, whose clock has a resolution and an offset in seconds.
func ngFile(resolution byte, offset int64, ticks uint64) []byte {
	order := binary.BigEndian
	var file []byte
	block := func(kind uint32, body []byte) {
		length := uint32(len(body) + 12)
		file = order.AppendUint32(file, kind)
		file = order.AppendUint32(file, length)
		file = append(file, body...)
		file = order.AppendUint32(file, length)
	}
	block(0x0a0d0d0a, append(order.AppendUint32(nil, 0x1a2b3c4d), 0, 1, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255))
	face := append([]byte{0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, resolution, 0, 0, 0, 0, 14, 0, 8}, order.AppendUint64(nil, uint64(offset))...)
	block(1, append(face, 0, 0, 0, 0))
	packet := order.AppendUint32(nil, 0)
	packet = order.AppendUint32(packet, uint32(ticks>>32))
	packet = order.AppendUint32(packet, uint32(ticks))
	packet = append(packet, 0, 0, 0, 1, 0, 0, 0, 1, 'x', 0, 0, 0)
	block(6, packet)
	return file
}

func TestClocks(t *testing.T) {
	for name, c := range map[string]struct {
		resolution byte
		offset     int64
		ticks      uint64
		time       int64
	}{
		"seconds":             {0, 0, 7, 7e9},
		"microseconds":        {6, 0, 1_500_000, 1_500_000_000},
		"microseconds, moved": {6, 100, 1_500_000, 101_500_000_000},
		"picoseconds":         {12, 0, 1_500_000_000_999, 1_500_000_000},
		"1/1024 of a second":  {0x80 | 10, 0, 1024 + 512, 1_500_000_000},
		"before 1970":         {0, -10, 7, -3e9},
	} {
		list, _, err := all(t, ngFile(c.resolution, c.offset, c.ticks))
		if err != io.EOF || len(list) != 1 || list[0].Time != c.time {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	for name, file := range map[string][]byte{
		"too fine":                  ngFile(20, 0, 1),
		"too fine, power of two":    ngFile(0x80|64, 0, 1),
		"too far off":               ngFile(6, 1<<40, 1),
		"after the end of all time": ngFile(0, 0, 1<<63),
	} {
		if list, _, err := all(t, file); err == io.EOF && name != "after the end of all time" || err != io.EOF && len(list) > 0 {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
}

func TestWhatIsNoFileOfPackets(t *testing.T) {
	good := ngFile(6, 0, 1)
	changed := func(at int, b ...byte) []byte {
		file := bytes.Clone(good)
		copy(file[at:], b)
		return file
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"nothing":              {nil, "too short"},
		"text":                 {[]byte("hello, world"), "no file of packets"},
		"gzip of nothing":      {[]byte{0x1f, 0x8b, 8, 0}, "gzip"},
		"another version":      {changed(12, 0, 2), "version 2"},
		"no byte order":        {changed(8, 1, 2, 3, 4), "byte order"},
		"a huge block":         {changed(4, 0x7f, 0, 0, 0), "claims to have"},
		"a block of no length": {changed(4, 0, 0, 0, 0), "claims to have"},
		"two lengths":          {changed(24, 0, 0, 0, 32), "two different lengths"},
		"an unknown interface": {changed(len(good)-28, 0, 0, 0, 9), "interface 9"},
		"a huge packet":        {changed(len(good)-16, 0xff, 0xff, 0xff, 0xff), "claims to have"},
	} {
		if _, _, err := all(t, c.file); err == nil || err == io.EOF || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzReader reads what is no file, and must neither fail otherwise than by an error nor hand out more than there is.
func FuzzReader(f *testing.F) {
	f.Add(ngFile(6, 0, 1))
	f.Add(old(binary.LittleEndian, 0xa1b2c3d4, 1))
	f.Fuzz(func(t *testing.T, file []byte) {
		list, _, err := all(t, file)
		if err == nil {
			t.Error("it has no end")
		}
		for _, p := range list {
			if len(p.Data) > len(file)*2000 || p.Length < len(p.Data) && p.Interface == nil {
				t.Errorf("%+v", p)
			}
		}
	})
}
