//go:build linux

package capture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"parley"
	"parley/capture/pcap"
)

// arriving is a file that tells of what is written to it.
type arriving struct {
	bytes.Buffer
	changed chan struct{}
}

func (a *arriving) Write(b []byte) (int, error) {
	n, err := a.Buffer.Write(b)
	select {
	case a.changed <- struct{}{}:
	default:
	}
	return n, err
}

// recording is a capture that runs on loopback.
type recording struct {
	*Recorder
	t    *testing.T
	file *arriving
	stop context.CancelFunc
	done chan error
}

// record begins to capture on loopback, where this program may.
func record(t *testing.T, o Options) *recording {
	t.Helper()
	if err := Allowed(); err != nil {
		t.Skipf("not run: %v", err)
	}
	lo, err := Loopback()
	if err != nil {
		t.Fatal(err)
	}
	o.Interfaces = []Interface{lo}
	r := &recording{t: t, file: &arriving{changed: make(chan struct{}, 1)}, done: make(chan error, 1)}
	if r.Recorder, err = Open(r.file, o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func (r *recording) run() {
	ctx, stop := context.WithCancel(r.t.Context())
	r.stop = stop
	go func() { r.done <- r.Run(ctx) }()
}

// end ends it, and gives what is in the file.
func (r *recording) end() ([]pcap.Packet, *pcap.Reader) {
	r.t.Helper()
	r.stop()
	if err := <-r.done; err != nil {
		r.t.Fatal(err)
	}
	return readAll(r.t, r.file.Bytes())
}

func readAll(t *testing.T, file []byte) (list []pcap.Packet, reader *pcap.Reader) {
	t.Helper()
	reader, err := pcap.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for {
		p, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return list, reader
		}
		if err != nil {
			t.Fatal(err)
		}
		p.Data = bytes.Clone(p.Data)
		list = append(list, p)
	}
}

// sender is a UDP socket that sends to a port on which somebody listens.
func sender(t *testing.T) (conn net.Conn, port uint16) {
	t.Helper()
	server, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	conn, err = net.Dial("udp4", server.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn, netip.MustParseAddrPort(server.LocalAddr().String()).Port()
}

// Each datagram on loopback is captured once, in the order in which it was sent, at its time, and what the filter does
// not choose is not there. The end does not lose the last.
func TestDatagramsOnLoopback(t *testing.T) {
	conn, port := sender(t)
	other, _ := sender(t)
	r := record(t, Options{Filter: mustFilter(t, nil, []uint16{port}), About: pcap.Section{Application: "a test"}})
	before := time.Now().UnixNano()
	const many = 500
	for n := range uint16(many) {
		if _, err := conn.Write(binary.BigEndian.AppendUint16(nil, n)); err != nil {
			t.Fatal(err)
		}
		if _, err := other.Write([]byte("not this")); err != nil {
			t.Fatal(err)
		}
	}
	r.run()
	list, reader := r.end()
	after := time.Now().UnixNano()
	if len(list) != many {
		t.Fatalf("%d packets", len(list))
	}
	last := before
	for n, p := range list {
		if len(p.Data) != 14+20+8+2 || p.Length != len(p.Data) || binary.BigEndian.Uint16(p.Data[42:]) != uint16(n) {
			t.Fatalf("packet %d: % x", n, p.Data)
		}
		if p.Time < last || p.Time > after {
			t.Errorf("packet %d is of %d, not between %d and %d", n, p.Time, last, after)
		}
		last = p.Time
	}
	face := reader.Interfaces()[0]
	if face.Name != "lo" || face.Link != pcap.LinkEthernet || face.Received != many || face.Dropped != 0 ||
		!strings.Contains(face.Description, "loopback") {
		t.Errorf("%+v", face)
	}
	if about := reader.Section(); about.Application != "a test" || !strings.HasPrefix(about.OS, "Linux ") {
		t.Errorf("%+v", about)
	}
	if c := r.Counts(); c.Packets != many || c.Dropped != 0 {
		t.Errorf("%+v", c)
	}
}

// After as many packets as wanted it is over by itself.
func TestSoManyPackets(t *testing.T) {
	conn, port := sender(t)
	r := record(t, Options{Filter: mustFilter(t, nil, []uint16{port}), Packets: 3})
	for range 10 {
		_, _ = conn.Write([]byte("hello"))
	}
	r.run()
	if err := <-r.done; err != nil {
		t.Fatal(err)
	}
	r.stop()
	if list, _ := readAll(t, r.file.Bytes()); len(list) != 3 || r.Counts().Packets != 3 {
		t.Errorf("%d packets", len(list))
	}
}

// While it runs, what was captured is in the file before long, whole.
func TestTheFileIsReadableWhileItGrows(t *testing.T) {
	conn, port := sender(t)
	r := record(t, Options{Filter: mustFilter(t, nil, []uint16{port})})
	<-r.file.changed // the header
	if list, _ := readAll(t, r.file.Bytes()); len(list) != 0 {
		t.Errorf("%d packets", len(list))
	}
	r.run()
	_, _ = conn.Write([]byte("hello"))
	<-r.file.changed
	if list, _ := r.end(); len(list) != 1 {
		t.Errorf("%d packets", len(list))
	}
}

// What comes while nobody takes it is counted when the ring is full.
func TestWhatIsLostIsCounted(t *testing.T) {
	conn, port := sender(t)
	r := record(t, Options{Filter: mustFilter(t, nil, []uint16{port})})
	const size = 60000
	sent := 2 * blockSize * blockCount / size
	for range sent {
		_, _ = conn.Write(make([]byte, size))
	}
	r.run()
	list, reader := r.end()
	face := reader.Interfaces()[0]
	if face.Dropped == 0 || face.Received != uint64(sent) || uint64(len(list))+face.Dropped != face.Received {
		t.Errorf("%d sent, %d captured, %d received, %d dropped", sent, len(list), face.Received, face.Dropped)
	}
	if c := r.Counts(); c.Dropped != face.Dropped {
		t.Errorf("%+v", c)
	}
}

// A disk that is full ends it, with the error.
func TestAFileThatCannotBeWritten(t *testing.T) {
	if err := Allowed(); err != nil {
		t.Skipf("not run: %v", err)
	}
	conn, port := sender(t)
	lo, err := Loopback()
	if err != nil {
		t.Fatal(err)
	}
	full := &fullDisk{room: 1}
	r, err := Open(full, Options{Interfaces: []Interface{lo}, Filter: mustFilter(t, nil, []uint16{port})})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	_, _ = conn.Write([]byte("hello"))
	if err := r.Run(t.Context()); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

var errFull = errors.New("the disk is full")

// fullDisk takes so many writes.
type fullDisk struct{ room int }

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.room--; d.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// A packet with a VLAN tag, which the kernel takes out, has it in the file. An interface that is taken away ends the
// capture, with a sentence.
func TestInANetworkOfItsOwn(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("not run: only root may make interfaces")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("not run: there is no ip(8)")
	}
	name := fmt.Sprintf("parley%d", os.Getpid()%100000)
	ip(t, "link", "add", name, "type", "veth", "peer", "name", name+"p")
	defer func() { _ = exec.Command("ip", "link", "delete", name).Run() }()
	ip(t, "link", "set", name, "up")
	ip(t, "link", "set", name+"p", "up")
	i, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	file := &arriving{changed: make(chan struct{}, 1)}
	r, err := Open(file, Options{Interfaces: []Interface{i}, Filter: mustFilter(t, []netip.Addr{bob}, []uint16{8001})})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	<-file.changed
	done := make(chan error, 1)
	go func() { done <- r.Run(t.Context()) }()
	sent := ethernet(0x0800, ipv4(alice, bob, udp, 0, 0, ports(40000, 8001)), 0x8100)
	transmit(t, name+"p", sent)
	<-file.changed
	ip(t, "link", "delete", name)
	if err := <-done; err == nil || !strings.Contains(err.Error(), "gone or down") {
		t.Errorf("the end: %v", err)
	}
	list, _ := readAll(t, file.Bytes())
	if len(list) != 1 || !bytes.Equal(list[0].Data, sent) || list[0].Length != len(sent) {
		t.Errorf("%+v", list)
	}
}

// ip runs ip(8).
func ip(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v %s", strings.Join(args, " "), err, out)
	}
}

// transmit sends a frame out of an interface as it is.
func transmit(t *testing.T, name string, frame []byte) {
	t.Helper()
	i, err := net.InterfaceByName(name)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	// Past the queue, which the system attaches to a new interface in its own time only.
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_QDISC_BYPASS, 1); err != nil {
		t.Fatal(err)
	}
	if err := unix.Sendto(fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: i.Index}); err != nil {
		t.Fatal(err)
	}
}

func TestInterfaces(t *testing.T) {
	lo, err := Loopback()
	if err != nil || lo.Name != "lo" || !lo.Loopback || !slices.Contains(lo.Addresses, netip.MustParseAddr("127.0.0.1")) ||
		lo.What != "this computer only (loopback)" {
		t.Errorf("%+v, %v", lo, err)
	}
	for _, a := range []string{"127.0.0.1", "127.3.4.5", "::ffff:127.0.0.1"} {
		if i, err := Toward(netip.MustParseAddr(a)); err != nil || i.Name != "lo" {
			t.Errorf("toward %s: %+v, %v", a, i, err)
		}
	}
	if here, err := ListeningAt(netip.MustParseAddr("127.0.0.1")); err != nil || len(here) != 1 || here[0].Name != "lo" {
		t.Errorf("%+v, %v", here, err)
	}
	if _, err := Find("nothing\x1b0"); parley.CodeOf(err) != parley.CodeInvalid || !strings.Contains(err.Error(), "lo") ||
		strings.Contains(err.Error(), "\x1b") {
		t.Errorf("%v", err)
	}
}
