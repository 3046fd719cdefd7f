package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"parley"
	"parley/capture/pcap"
)

// ring is a packet socket with a ring of blocks that the kernel fills (packet(7), TPACKET_V3). DESIGN.md says why.
type ring struct {
	name   string
	kind   pcap.LinkType
	file   *os.File
	conn   syscall.RawConn
	memory []byte
	next   int // the block that is looked at next
	tagged []byte

	ended atomic.Int64 // when stop was called, in nanoseconds since 1970; 0 before

	mu                sync.Mutex
	received, dropped uint64
}

const (
	blockSize   = 512 << 10
	blockCount  = 32 // where there is memory for them
	leastBlocks = 4
	frameSize   = 2048 // says nothing about packets with this version, and has to divide blockSize

	// handOver is how long the kernel keeps a block that is not full, in milliseconds.
	handOver = 10
)

// openSource opens an interface. Nothing that the filter does not choose ever gets in: it is there before the socket is
// bound.
func openSource(i Interface, f Filter) (source, error) {
	link := linkOf(i)
	kind := unix.SOCK_RAW
	if link == pcap.LinkRaw {
		kind = unix.SOCK_DGRAM // without the header of the link
	}
	fd, err := unix.Socket(unix.AF_PACKET, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, refused(i.Name, err)
	}
	r := &ring{name: i.Name, kind: link, file: os.NewFile(uintptr(fd), "capture on "+i.Name)}
	if err := r.open(fd, i, f); err != nil {
		r.close()
		return nil, refused(i.Name, err)
	}
	return r, nil
}

func (r *ring) open(fd int, i Interface, f Filter) (err error) {
	program, err := f.program(r.kind, i.Loopback)
	if err != nil {
		return err
	}
	if err := attach(fd, program); err != nil {
		return fmt.Errorf("choosing packets: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3); err != nil {
		return fmt.Errorf("asking for a ring: %w", err)
	}
	blocks, err := reserve(fd)
	if err != nil {
		return fmt.Errorf("making a ring: %w", err)
	}
	r.memory, err = unix.Mmap(fd, 0, blocks*blockSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("reaching the ring: %w", err)
	}
	all := binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ALL)) // in network byte order
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: i.Index}); err != nil {
		return err
	}
	r.conn, err = r.file.SyscallConn()
	return err
}

// reserve makes the ring, smaller where memory is short, and gives the number of its blocks.
func reserve(fd int) (blocks int, err error) {
	for blocks = blockCount; blocks >= leastBlocks; blocks /= 2 {
		err = unix.SetsockoptTpacketReq3(fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &unix.TpacketReq3{
			Block_size: blockSize, Block_nr: uint32(blocks), Frame_size: frameSize,
			Frame_nr: uint32(blockSize / frameSize * blocks), Retire_blk_tov: handOver,
		})
		if !errors.Is(err, unix.ENOMEM) {
			return blocks, err
		}
	}
	return 0, err
}

// attach gives a socket its filter.
func attach(fd int, program []bpf.RawInstruction) error {
	if len(program) == 0 {
		return nil
	}
	filter := make([]unix.SockFilter, len(program))
	for n, i := range program {
		filter[n] = unix.SockFilter{Code: i.Op, Jt: i.Jt, Jf: i.Jf, K: i.K}
	}
	err := unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]})
	runtime.KeepAlive(filter)
	return err
}

func (r *ring) link() pcap.LinkType { return r.kind }

func (r *ring) run(take func(pcap.Packet) error, pause func() error) error {
	for {
		more, err := r.takeBlocks(take)
		if err != nil || !more {
			return err
		}
		if err := pause(); err != nil {
			return err
		}
		if r.ended.Load() != 0 {
			return r.rest(take)
		}
		if err := r.wait(); err != nil && r.ended.Load() == 0 {
			return fmt.Errorf("the interface %s is gone or down: %w", parley.CleanLine(r.name), err)
		}
	}
}

// wait returns when the next block is ours, the socket has an error, which only asking tells, or stop was called.
func (r *ring) wait() error {
	var broken error
	err := r.conn.Read(func(fd uintptr) bool {
		if r.ready() {
			return true
		}
		number, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR)
		if err == nil && number != 0 {
			err = unix.Errno(number)
		}
		broken = err
		return broken != nil
	})
	return errors.Join(err, broken)
}

// ready reports whether the next block is ours.
func (r *ring) ready() bool {
	return atomic.LoadUint32(&r.header().Block_status)&unix.TP_STATUS_USER != 0
}

// header is that of the next block.
func (r *ring) header() *unix.TpacketHdrV1 {
	description := (*unix.TpacketBlockDesc)(unsafe.Pointer(&r.memory[r.next*blockSize]))
	return (*unix.TpacketHdrV1)(unsafe.Pointer(&description.Hdr))
}

// takeBlocks takes the blocks that are ready. There are no more when packets are younger than the end.
func (r *ring) takeBlocks(take func(pcap.Packet) error) (more bool, err error) {
	for r.ready() {
		h := r.header()
		more, err = r.takeBlock(h, take)
		atomic.StoreUint32(&h.Block_status, unix.TP_STATUS_KERNEL)
		r.next = (r.next + 1) % (len(r.memory) / blockSize)
		if err != nil || !more {
			return more, err
		}
	}
	return true, nil
}

func (r *ring) takeBlock(h *unix.TpacketHdrV1, take func(pcap.Packet) error) (more bool, err error) {
	block := r.memory[r.next*blockSize:][:blockSize]
	at := h.Offset_to_first_pkt
	for range h.Num_pkts {
		packet := (*unix.Tpacket3Hdr)(unsafe.Pointer(&block[at]))
		when := int64(packet.Sec)*int64(time.Second) + int64(packet.Nsec)
		if ended := r.ended.Load(); ended != 0 && when > ended {
			return false, nil
		}
		start := at + uint32(packet.Mac)
		if r.kind == pcap.LinkRaw {
			start = at + uint32(packet.Net)
		}
		data := block[start:][:packet.Snaplen]
		length := int(packet.Len)
		if packet.Status&unix.TP_STATUS_VLAN_VALID != 0 && r.kind == pcap.LinkEthernet {
			data, length = r.withTag(data, packet), length+4
		}
		if err := take(pcap.Packet{Time: when, Data: data, Length: length}); err != nil {
			return true, err
		}
		at += packet.Next_offset
	}
	return true, nil
}

// withTag puts back the VLAN tag that the kernel has taken out of a packet.
func (r *ring) withTag(data []byte, packet *unix.Tpacket3Hdr) []byte {
	const addresses = 12
	if len(data) < addresses {
		return data
	}
	kind := uint16(0x8100)
	if packet.Status&unix.TP_STATUS_VLAN_TPID_VALID != 0 {
		kind = packet.Hv1.Vlan_tpid
	}
	r.tagged = append(r.tagged[:0], data[:addresses]...)
	r.tagged = binary.BigEndian.AppendUint16(r.tagged, kind)
	r.tagged = binary.BigEndian.AppendUint16(r.tagged, uint16(packet.Hv1.Vlan_tci))
	r.tagged = append(r.tagged, data[addresses:]...)
	return r.tagged
}

// rest takes what had come before the end: the kernel hands over a block that has packets before long, so when none
// comes for some time there are none.
func (r *ring) rest(take func(pcap.Packet) error) error {
	const patience = 5 * handOver // milliseconds
	for {
		n, failed := 0, error(nil)
		err := r.conn.Control(func(fd uintptr) {
			n, failed = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, patience)
		})
		if errors.Is(failed, unix.EINTR) {
			continue
		}
		if err = errors.Join(err, failed); err != nil || n == 0 || !r.ready() {
			return err
		}
		if more, err := r.takeBlocks(take); err != nil || !more {
			return err
		}
	}
}

func (r *ring) stop() {
	if r.ended.CompareAndSwap(0, time.Now().UnixNano()) {
		_ = r.file.SetReadDeadline(time.Unix(1, 0))
	}
}

// counts adds up: the kernel begins anew each time it is asked.
func (r *ring) counts() (received, dropped uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.conn.Control(func(fd uintptr) { // fails when it is closed
		if s, err := unix.GetsockoptTpacketStatsV3(int(fd), unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
			r.received += uint64(s.Packets)
			r.dropped += uint64(s.Drops)
		}
	})
	return r.received, r.dropped
}

func (r *ring) close() {
	if r.memory != nil {
		_ = unix.Munmap(r.memory)
		r.memory = nil
	}
	_ = r.file.Close()
}

// linkOf says what packets of an interface begin with. What is neither Ethernet nor looks like it is taken from the IP
// header on.
func linkOf(i Interface) pcap.LinkType {
	switch hardwareOf(i.Name) {
	case unix.ARPHRD_ETHER, unix.ARPHRD_LOOPBACK:
		return pcap.LinkEthernet
	}
	return pcap.LinkRaw
}

// refused words why an interface cannot be captured on.
func refused(name string, err error) error {
	switch {
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		return parley.Wrap(parley.CodeForbidden, err, howToBeAllowed())
	case errors.Is(err, unix.EAFNOSUPPORT):
		return parley.Wrap(parley.CodeUnsupported, err, "this system has no packet sockets, so it cannot capture")
	}
	return fmt.Errorf("cannot capture on %s: %w", parley.CleanLine(name), err)
}

// Allowed fails with an *parley.Error of CodeForbidden, whose sentence says what to do, where this program may not
// capture.
func Allowed() error {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return refused("this system", err)
	}
	return unix.Close(fd)
}

// howToBeAllowed says how this very program gets the right.
func howToBeAllowed() string {
	return "capturing needs the right CAP_NET_RAW, which this program does not have. Give it once: sudo setcap cap_net_raw+ep " +
		executable() + " (on Debian setcap is in the package libcap2-bin), or run this command with sudo; in a container, " +
		"start it with --cap-add NET_RAW"
}

// system names the operating system.
func system() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return "Linux"
	}
	return unix.ByteSliceToString(name.Sysname[:]) + " " + unix.ByteSliceToString(name.Release[:])
}
