package tap

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/explain"
)

// A short chat, over IPv4 and IPv6, is read by us and by tshark as a connection with a beginning, the text of both, and an end.
func TestChat(t *testing.T) {
	for name, at := range map[string][2]string{
		"IPv4":   {"192.0.2.1:8001", "192.0.2.9:40000"},
		"IPv6":   {"[2001:db8::1]:8001", "[2001:db8::9]:40000"},
		"mapped": {"[::ffff:192.0.2.1]:8001", "192.0.2.9:40000"},
		"zone":   {"[fe80::1%eth0]:8001", "[fe80::9%eth0]:40000"},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, Options{About: "parley serve"}, func(tap *Tap) {
				s := tap.Begin(netip.MustParseAddrPort(at[0]), netip.MustParseAddrPort(at[1]), Role{Accepted: true})
				s.Sent([]byte("welcome\n"), nil)
				s.Received([]byte("hello\n"), nil)
				s.Received(nil, io.EOF)
				s.Sent([]byte("goodbye\n"), nil)
				s.Sent(nil, io.EOF)
				s.Closed()
			})
			lab := read(t, file)
			if len(lab.Connections) != 1 {
				t.Fatalf("%d connections", len(lab.Connections))
			}
			c := lab.Connections[0]
			if c.Server.Port() != 8001 || c.Client.Port() != 40000 || c.Close != explain.CloseFIN || c.ACK == nil ||
				c.Ends[0].Bytes != 6 || c.Ends[1].Bytes != 16 {
				t.Errorf("%+v", c)
			}
			if got := doubts(t, file); got != "" {
				t.Error(got)
			}
			if got := saidTo(t, file, "40000"); got != "welcome\ngoodbye\n" {
				t.Errorf("said %q", got)
			}
		})
	}
}

// The file says of itself, of its interface and in every packet that it was made; under TLS, that the wire had something else.
func TestItIsMarked(t *testing.T) {
	file := write(t, Options{About: "parley serve"}, func(tap *Tap) {
		s := tap.Begin(ours, theirs, Role{TLS: true})
		s.Sent([]byte("secret"), nil)
		tap.Datagram(ours, theirs, []byte("datagram"), false)
	})
	lab := read(t, file)
	if about := lab.Files[0].Section.Comment; !strings.HasPrefix(about, Mark+" (parley serve)") {
		t.Error(about)
	}
	if about := lab.Files[0].Interfaces[0].Description; !strings.HasPrefix(about, Mark) {
		t.Error(about)
	}
	var comments []string
	for _, p := range packetsOf(t, file) {
		comments = append(comments, p.Comment)
	}
	want := []string{commentMade, commentMade, commentMade, commentSent + commentTLS, commentReceived}
	if fmt.Sprint(comments) != fmt.Sprint(want) {
		t.Errorf("%q", comments)
	}
}

// Much data is cut to what a segment carries, and nobody seems to be held back, however long one side says nothing.
func TestManyBytes(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 10<<16) // 10 MiB
	file := write(t, Options{Limit: 64 << 20}, func(tap *Tap) {
		s := tap.Begin(ours, theirs, Role{Accepted: true})
		s.Sent(data, nil)
		s.Closed()
	})
	c := read(t, file).Connections[0]
	if c.Ends[1].Bytes != int64(len(data)) || c.Ends[1].Giant.Count != 0 {
		t.Errorf("%+v", c.Ends[1])
	}
	if got := doubts(t, file); got != "" {
		t.Error(got[:min(len(got), 1000)])
	}
}

// Where one side sends more than a window holds, acknowledgements are made, so that it can be read; sequence numbers begin again
// after 4 GiB.
func TestLongerThanAWindow(t *testing.T) {
	s := &Stream{tap: &Tap{now: time.Now, closed: true}, ends: [2]end{{address: ours}, {address: theirs}}}
	piece := make([]byte, 1<<20)
	for range 5 << 10 { // 5 GiB, of which nothing is kept
		s.Sent(piece, nil)
		if ahead := s.ends[we].next - s.ends[we].acked; ahead > ackEvery+pieceSize {
			t.Fatalf("%d bytes are not acknowledged", ahead)
		}
	}
	if s.ends[we].next != 1<<30 {
		t.Error(s.ends[we].next)
	}
}

// How a connection ends is what the program saw of it; after the end there is nothing.
func TestEnds(t *testing.T) {
	for name, test := range map[string]struct {
		happens func(*Stream)
		want    string // the flags of all packets after the handshake, as tshark writes them
	}{
		"both are done":      {func(s *Stream) { s.Received(nil, io.EOF); s.Closed() }, "<FA >FA"},
		"twice":              {func(s *Stream) { s.Sent(nil, io.EOF); s.Sent(nil, io.EOF); s.Closed(); s.Closed() }, ">FA"},
		"the peer reset it":  {func(s *Stream) { s.Received(nil, syscall.ECONNRESET); s.Closed() }, "<RA"},
		"nobody takes it":    {func(s *Stream) { s.Sent([]byte("a"), syscall.EPIPE); s.Closed() }, ">PA <RA"},
		"nothing was seen":   {func(s *Stream) { s.Received(nil, os.ErrDeadlineExceeded) }, ""},
		"after the end":      {func(s *Stream) { s.Closed(); s.Sent([]byte("a"), nil); s.Received([]byte("b"), nil) }, ">FA"},
		"after one's own":    {func(s *Stream) { s.Sent(nil, io.EOF); s.Received([]byte("b"), nil) }, ">FA <PA"},
		"nothing, not bytes": {func(s *Stream) { s.Sent(nil, nil); s.Received([]byte{}, nil) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, Options{}, func(tap *Tap) { test.happens(tap.Begin(ours, theirs, Role{})) })
			var got []string
			for _, p := range packetsOf(t, file)[3:] {
				word := "<"
				if p.Data[20] == byte(ours.Port()>>8) && p.Data[21] == byte(ours.Port()) {
					word = ">"
				}
				for i, letter := range "FSRPA" {
					if p.Data[33]&(1<<i) != 0 {
						word += string(letter)
					}
				}
				got = append(got, word)
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("got %q, not %q", text, test.want)
			}
		})
	}
}

// What has no address of IP, or two of different kinds, is not written, and does no harm.
func TestNoAddress(t *testing.T) {
	file := write(t, Options{}, func(tap *Tap) {
		for _, s := range []*Stream{
			tap.Begin(netip.AddrPort{}, theirs, Role{}),
			tap.Begin(ours, netip.MustParseAddrPort("[2001:db8::1]:1"), Role{}),
		} {
			s.Sent([]byte("a"), nil)
			s.Received(nil, io.EOF)
			s.Closed()
		}
		tap.Datagram(ours, netip.AddrPort{}, nil, true)
		tap.Datagram(ours, netip.MustParseAddrPort("[2001:db8::1]:1"), nil, true)
		tap.Datagram(ours, theirs, make([]byte, maxDatagram+1), true)
	})
	if n := read(t, file).Packets; n != 0 {
		t.Errorf("%d packets", n)
	}
}

// Datagrams of every size, empty and largest too, stand in the file as they were.
func TestDatagrams(t *testing.T) {
	everywhere := netip.MustParseAddrPort("[::]:12001")
	file := write(t, Options{}, func(tap *Tap) {
		tap.Datagram(everywhere, theirs, []byte("hello"), false)
		tap.Datagram(ours, theirs, nil, true)
		tap.Datagram(ours, theirs, make([]byte, maxDatagram), true)
		tap.Datagram(everywhere, netip.MustParseAddrPort("[2001:db8::9]:1"), make([]byte, maxDatagram), true)
	})
	var got []string
	for _, d := range read(t, file).Datagrams {
		got = append(got, fmt.Sprint(d.From, ">", d.To, " ", d.Count, "/", d.Bytes))
	}
	want := "[192.0.2.9:40000>0.0.0.0:12001 1/5 192.0.2.1:8001>192.0.2.9:40000 2/65507 [::]:12001>[2001:db8::9]:1 1/65507]"
	if fmt.Sprint(got) != want {
		t.Error(got)
	}
	if got := doubts(t, file); got != "" {
		t.Error(got)
	}
}

// Many connections write into one file at once, and each is whole in it.
func TestManyAtOnce(t *testing.T) {
	const each = 200
	file := write(t, Options{}, func(tap *Tap) {
		var all sync.WaitGroup
		for port := range uint16(50) {
			all.Go(func() {
				s := tap.Begin(ours, netip.AddrPortFrom(theirs.Addr(), 40000+port), Role{Accepted: true})
				for range each {
					s.Received([]byte("ping\n"), nil)
					s.Sent([]byte("pong\n"), nil)
				}
				s.Received(nil, io.EOF)
				s.Closed()
			})
		}
		all.Wait()
	})
	lab := read(t, file)
	for _, c := range lab.Connections {
		if c.Ends[0].Bytes != 5*each || c.Ends[1].Bytes != 5*each || c.Close != explain.CloseFIN {
			t.Errorf("%v: %d and %d bytes, %s", c.Client, c.Ends[0].Bytes, c.Ends[1].Bytes, c.Close)
		}
	}
	if len(lab.Connections) != 50 {
		t.Errorf("%d connections", len(lab.Connections))
	}
	if got := doubts(t, file); got != "" {
		t.Error(got[:min(len(got), 1000)])
	}
}

// gate is a disk that takes nothing until it is opened.
type gate struct {
	bytes.Buffer
	opened  chan struct{}
	waiting chan struct{} // has something in it once a write waits
	first   bool
}

func (g *gate) Write(p []byte) (int, error) {
	if g.first { // the head, which New waits for
		select {
		case g.waiting <- struct{}{}:
		default:
		}
		<-g.opened
	}
	g.first = true
	return g.Buffer.Write(p)
}

// When the disk stands still, whoever sends does not: packets are dropped, counted in the summary and in the file, and the sequence
// numbers show where.
func TestSlowDisk(t *testing.T) {
	disk := &gate{opened: make(chan struct{}), waiting: make(chan struct{}, 1)}
	tap, err := New(disk, Options{Limit: 10 * (1000 + eventCost)})
	if err != nil {
		t.Fatal(err)
	}
	s := tap.Begin(ours, theirs, Role{Accepted: true})
	<-disk.waiting
	for range 100 {
		s.Sent(make([]byte, 1000), nil)
	}
	close(disk.opened)
	for s.space() < 1000+eventCost { // until what waited is written
		runtime.Gosched()
	}
	s.Sent([]byte("after"), nil)
	summary, err := tap.Close()
	if err != nil || summary.Packets+summary.Dropped != 104 || summary.Dropped < 85 {
		t.Errorf("%+v, %v", summary, err)
	}
	if again, _ := tap.Close(); again != summary {
		t.Errorf("%+v, and then %+v", summary, again)
	}
	lab := read(t, disk.Bytes())
	if i := lab.Files[0].Interfaces[0]; i.Received != 104 || i.Dropped != uint64(summary.Dropped) {
		t.Errorf("the file says: %d packets, %d dropped", i.Received, i.Dropped)
	}
	if missing := lab.Connections[0].Ends[1].Missing.Count; missing != 1 {
		t.Errorf("%d gaps", missing)
	}
	if got := tshark(t, disk.Bytes(), "-Y", "tcp.analysis.flags", "-T", "fields", "-e", "tcp.analysis.lost_segment"); len(got) != 1 {
		t.Error(got)
	}
}

// space is how much the queue takes now.
func (s *Stream) space() int {
	s.tap.mu.Lock()
	defer s.tap.mu.Unlock()
	return s.tap.limit - s.tap.cost
}

// full is a disk with room for some writes.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room--; f.room < 0 {
		return 0, syscall.ENOSPC
	}
	return len(p), nil
}

// A full disk is told of at the end, with how much is missing; the chat does not notice.
func TestFullDisk(t *testing.T) {
	tap, err := New(&full{room: 1}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := tap.Begin(ours, theirs, Role{})
	for range 1000 {
		s.Sent([]byte("hello\n"), nil)
	}
	summary, err := tap.Close()
	if !errors.Is(err, syscall.ENOSPC) || summary.Dropped != 1003 || summary.Packets != 0 {
		t.Errorf("%+v, %v", summary, err)
	}
	if _, err := New(&full{}, Options{}); !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
}

// Times never go back in a file, whatever the clock does.
func TestClockGoesBack(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	file := write(t, Options{Now: func() time.Time { now = now.Add(-time.Second); return now }}, func(tap *Tap) {
		tap.Begin(ours, theirs, Role{}).Closed()
	})
	for _, p := range packetsOf(t, file) {
		if p.Time != 1_699_999_999_000_000_000 {
			t.Error(p.Time)
		}
	}
}

// A file of captures is replaced, another is not; only its owner may read what is in it.
func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "chat.pcapng")
	for range 2 {
		f, err := Create(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		f.Datagram(ours, theirs, []byte("hello"), true)
		said, err := f.Close()
		if err != nil || said != path+": 1 packet, made from what was sent and received" {
			t.Errorf("%s, %v", said, err)
		}
		if _, err := f.Close(); err != nil {
			t.Error("again:", err)
		}
	}
	if info, _ := os.Stat(path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Error(info.Mode())
	}
	for _, content := range []string{"dear diary", "x"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Create(path, Options{}); err == nil || !strings.Contains(err.Error(), "is no capture") {
			t.Error(err)
		}
		if kept, _ := os.ReadFile(path); string(kept) != content {
			t.Errorf("it is %q now", kept)
		}
	}
	if _, err := Create(filepath.Join(path, "no", "such"), Options{}); err == nil {
		t.Error("no error")
	}
}

// A program that is killed leaves what was written, which is whole packets.
func TestKilled(t *testing.T) {
	var file record
	tap, err := New(&file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := tap.Begin(ours, theirs, Role{})
	for range 2000 {
		s.Sent(make([]byte, 1460), nil)
	}
	if _, err := tap.Close(); err != nil {
		t.Fatal(err)
	}
	if len(file.ends) < 3 {
		t.Fatalf("%d writes", len(file.ends))
	}
	for _, n := range file.ends {
		read(t, file.Bytes()[:n])
	}
}

// record notes where each write ended.
type record struct {
	bytes.Buffer
	ends []int
}

func (r *record) Write(p []byte) (int, error) {
	n, err := r.Buffer.Write(p)
	r.ends = append(r.ends, r.Len())
	return n, err
}
