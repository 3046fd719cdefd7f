//go:build darwin || freebsd

package capture

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"parley"
	"parley/capture/pcap"
)

// device is a BPF device, bpf(4). A read gives all the packets that the kernel has gathered.
type device struct {
	fd     int
	kind   pcap.LinkType
	buffer []byte
	ended  atomic.Bool
}

const (
	deviceBuffer = 4 << 20 // bytes that are asked for; the kernel may give less

	// readTime is how long a read waits at most, in microseconds.
	readTime = 20_000
)

// openSource opens an interface.
func openSource(i Interface, f Filter) (source, error) {
	fd, err := openDevice()
	if err != nil {
		return nil, refused(i.Name, err)
	}
	d := &device{fd: fd}
	if err := d.open(i, f); err != nil {
		d.close()
		return nil, refused(i.Name, err)
	}
	return d, nil
}

// openDevice opens a device that nobody has.
func openDevice() (fd int, err error) {
	for n := range 256 {
		fd, err = syscall.Open("/dev/bpf"+strconv.Itoa(n), syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if !errors.Is(err, syscall.EBUSY) {
			return fd, err
		}
	}
	return -1, err
}

func (d *device) open(i Interface, f Filter) error {
	size, err := syscall.SetBpfBuflen(d.fd, deviceBuffer)
	if err != nil {
		return fmt.Errorf("asking for a buffer: %w", err)
	}
	d.buffer = make([]byte, size)
	if err := syscall.SetBpfInterface(d.fd, i.Name); err != nil {
		return err
	}
	kind, err := syscall.BpfDatalink(d.fd)
	if err != nil {
		return err
	}
	if d.kind, err = linkOf(kind); err != nil {
		return err
	}
	program, err := f.program(d.kind, false)
	if err != nil {
		return err
	}
	if err := attach(d.fd, program); err != nil {
		return fmt.Errorf("choosing packets: %w", err)
	}
	// What came before the filter was there is thrown away.
	if err := syscall.FlushBpf(d.fd); err != nil {
		return err
	}
	return syscall.SetBpfTimeout(d.fd, &syscall.Timeval{Usec: readTime})
}

// linkOf says what packets begin with, by the number that the system has for it.
func linkOf(kind int) (pcap.LinkType, error) {
	switch kind {
	case unix.DLT_NULL:
		return pcap.LinkNull, nil
	case unix.DLT_EN10MB:
		return pcap.LinkEthernet, nil
	case unix.DLT_RAW:
		return pcap.LinkRaw, nil
	case unix.DLT_LOOP:
		return pcap.LinkLoop, nil
	}
	return 0, parley.Errorf(parley.CodeUnsupported, "its packets begin with what parley does not know (DLT %d)", kind)
}

// attach gives a device its filter.
func attach(fd int, program []bpf.RawInstruction) error {
	if len(program) == 0 {
		return nil
	}
	filter := make([]syscall.BpfInsn, len(program))
	for n, i := range program {
		filter[n] = syscall.BpfInsn{Code: i.Op, Jt: i.Jt, Jf: i.Jf, K: i.K}
	}
	err := syscall.SetBpf(fd, filter)
	runtime.KeepAlive(filter)
	return err
}

func (d *device) link() pcap.LinkType { return d.kind }

func (d *device) run(take func(pcap.Packet) error, pause func() error) error {
	for {
		last := d.ended.Load() // a read behind the end gives what had come before it
		n, err := syscall.Read(d.fd, d.buffer)
		switch {
		case errors.Is(err, syscall.EINTR), errors.Is(err, syscall.EAGAIN):
			n = 0
		case err != nil:
			return fmt.Errorf("the interface is gone or down: %w", err)
		}
		if err := d.takeAll(d.buffer[:n], take); err != nil {
			return err
		}
		if err := pause(); err != nil {
			return err
		}
		if last {
			return nil
		}
	}
}

// takeAll takes the packets that a read has given, each behind a header and at a multiple of BPF_ALIGNMENT.
func (d *device) takeAll(b []byte, take func(pcap.Packet) error) error {
	for len(b) >= int(unsafe.Sizeof(unix.BpfHdr{})) {
		h := (*unix.BpfHdr)(unsafe.Pointer(&b[0]))
		begin, end := int(h.Hdrlen), int(h.Hdrlen)+int(h.Caplen)
		if end > len(b) {
			return errors.New("the system has given half a packet")
		}
		when := time.Unix(int64(h.Tstamp.Sec), int64(h.Tstamp.Usec)*int64(time.Microsecond)).UnixNano()
		if err := take(pcap.Packet{Time: when, Data: b[begin:end], Length: int(h.Datalen)}); err != nil {
			return err
		}
		b = b[min((end+unix.BPF_ALIGNMENT-1)&^(unix.BPF_ALIGNMENT-1), len(b)):]
	}
	return nil
}

func (d *device) stop() { d.ended.Store(true) }

func (d *device) counts() (received, dropped uint64) {
	s, err := syscall.BpfStats(d.fd)
	if err != nil {
		return 0, 0
	}
	return uint64(s.Recv), uint64(s.Drop)
}

func (d *device) close() { _ = syscall.Close(d.fd) }

// refused words why an interface cannot be captured on.
func refused(name string, err error) error {
	switch {
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return parley.Wrap(parley.CodeForbidden, err, howToBeAllowed())
	case parley.CodeOf(err) == parley.CodeUnsupported:
		return parley.Wrap(parley.CodeUnsupported, err, "cannot capture on "+parley.CleanLine(name)+": "+parley.Sentence(err))
	}
	return fmt.Errorf("cannot capture on %s: %w", parley.CleanLine(name), err)
}

// Allowed fails with an *parley.Error of CodeForbidden, whose sentence says what to do, where this program may not
// capture.
func Allowed() error {
	fd, err := openDevice()
	if err != nil {
		return refused("this system", err)
	}
	return syscall.Close(fd)
}

// howToBeAllowed says how this program gets the right.
func howToBeAllowed() string {
	if runtime.GOOS == "darwin" {
		return "capturing needs the right to read /dev/bpf*, which you do not have. Run this command with sudo; or become a " +
			"member of the group access_bpf, which Wireshark's installer makes for you (ChmodBPF)"
	}
	return "capturing needs the right to read /dev/bpf*, which you do not have. Run this command as root, or have a group " +
		"given the right in /etc/devfs.rules"
}

// system names the operating system.
func system() string {
	release, err := unix.Sysctl("kern.osrelease")
	if err != nil {
		return runtime.GOOS
	}
	return runtime.GOOS + " " + release
}
