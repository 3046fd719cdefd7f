package capture

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/windows"

	"parley"
	"parley/capture/pcap"
)

// npcap is an interface opened by Npcap, whose functions are those of libpcap (pcap(3PCAP)).
type npcap struct {
	library npcapLibrary
	handle  uintptr
	kind    pcap.LinkType
	using   sync.Mutex   // held while a function works on the handle, which takes one at a time
	ended   atomic.Int64 // when stop was called, in nanoseconds since 1970; 0 before
}

// npcapLibrary are the functions of Npcap that are needed.
type npcapLibrary struct {
	openLive, setFilter, nextEx, dataLink, stats, close *windows.LazyProc
}

// readTime is how long Npcap waits for packets at most, in milliseconds.
const readTime = 20

// loadNpcap finds Npcap where its installer puts it, and nowhere else.
func loadNpcap() (npcapLibrary, error) {
	folder, err := windows.GetSystemDirectory()
	if err != nil {
		return npcapLibrary{}, err
	}
	folder = filepath.Join(folder, "Npcap")
	path := filepath.Join(folder, "wpcap.dll")
	if _, err := os.Stat(path); err != nil {
		return npcapLibrary{}, parley.Wrap(parley.CodeForbidden, err, howToBeAllowed())
	}
	// It needs packet.dll, which lies beside it: that is looked for in the folder of the one that needs it.
	module, err := windows.LoadLibraryEx(path, 0,
		windows.LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR|windows.LOAD_LIBRARY_SEARCH_SYSTEM32)
	if err != nil {
		return npcapLibrary{}, parley.Wrap(parley.CodeForbidden, err, howToBeAllowed())
	}
	_ = module // it stays loaded, and is what the name below then means
	dll := windows.NewLazyDLL(path)
	l := npcapLibrary{
		openLive: dll.NewProc("pcap_open_live"), setFilter: dll.NewProc("pcap_setfilter"), nextEx: dll.NewProc("pcap_next_ex"),
		dataLink: dll.NewProc("pcap_datalink"), stats: dll.NewProc("pcap_stats"), close: dll.NewProc("pcap_close"),
	}
	for _, f := range []*windows.LazyProc{l.openLive, l.setFilter, l.nextEx, l.dataLink, l.stats, l.close} {
		if err := f.Find(); err != nil {
			return l, parley.Wrap(parley.CodeUnsupported, err, "this version of Npcap cannot be used: install a newer one")
		}
	}
	return l, nil
}

// openSource opens an interface.
func openSource(i Interface, f Filter) (source, error) {
	library, err := loadNpcap()
	if err != nil {
		return nil, err
	}
	name, err := deviceOf(i)
	if err != nil {
		return nil, err
	}
	device, err := windows.BytePtrFromString(name)
	if err != nil {
		return nil, err
	}
	failure := make([]byte, 256) // PCAP_ERRBUF_SIZE
	handle, _, _ := library.openLive.Call(uintptr(unsafe.Pointer(device)), snapLen, 0, readTime,
		uintptr(unsafe.Pointer(&failure[0])))
	if handle == 0 {
		why := windows.ByteSliceToString(failure)
		return nil, fmt.Errorf("cannot capture on %s: %s", parley.CleanLine(i.Name), parley.CleanLine(why))
	}
	n := &npcap{library: library, handle: handle}
	if err := n.choose(f); err != nil {
		n.close()
		return nil, fmt.Errorf("cannot capture on %s: %w", parley.CleanLine(i.Name), err)
	}
	return n, nil
}

// deviceOf gives Npcap's name for an interface: by the GUID that Windows gives its adapter.
func deviceOf(i Interface) (string, error) {
	const prefix = `\Device\NPF_`
	if i.Loopback {
		return prefix + "Loopback", nil
	}
	size := uint32(16 << 10)
	for {
		buffer := make([]uint64, size/8+1) // aligned
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buffer[0]))
		err := windows.GetAdaptersAddresses(syscall.AF_UNSPEC, 0, 0, first, &size)
		if errors.Is(err, windows.ERROR_BUFFER_OVERFLOW) {
			continue // size is what it takes
		}
		if err != nil {
			return "", err
		}
		for a := first; a != nil; a = a.Next {
			if int(a.IfIndex) == i.Index || int(a.Ipv6IfIndex) == i.Index {
				return prefix + windows.BytePtrToString(a.AdapterName), nil
			}
		}
		return "", fmt.Errorf("there is no adapter for the interface %s", parley.CleanLine(i.Name))
	}
}

// choose finds out what packets begin with, and sets the filter.
func (n *npcap) choose(f Filter) error {
	kind, _, _ := n.library.dataLink.Call(n.handle)
	switch kind {
	case 0:
		n.kind = pcap.LinkNull
	case 1:
		n.kind = pcap.LinkEthernet
	case 12, 14: // DLT_RAW has two numbers
		n.kind = pcap.LinkRaw
	default:
		return parley.Errorf(parley.CodeUnsupported, "its packets begin with what parley does not know (DLT %d)", kind)
	}
	program, err := f.program(n.kind, false)
	if err != nil || len(program) == 0 {
		return err
	}
	filter := struct { // struct bpf_program
		length       uint32
		instructions *bpf.RawInstruction // of the same layout as struct bpf_insn
	}{uint32(len(program)), &program[0]}
	failed, _, _ := n.library.setFilter.Call(n.handle, uintptr(unsafe.Pointer(&filter)))
	runtime.KeepAlive(program)
	if int32(failed) != 0 {
		return errors.New("Npcap does not take the filter")
	}
	return nil
}

func (n *npcap) link() pcap.LinkType { return n.kind }

// npcapHeader is struct pcap_pkthdr.
type npcapHeader struct {
	seconds, microseconds int32 // long has 4 bytes on Windows
	captured, length      uint32
}

func (n *npcap) run(take func(pcap.Packet) error, pause func() error) error {
	for {
		ended := n.ended.Load() // a read behind the end gives what had come before it
		p, more, err := n.read()
		switch {
		case err != nil:
			return err
		case more && (ended == 0 || p.Time <= ended):
			if err := take(p); err != nil {
				return err
			}
			continue
		}
		if err := pause(); err != nil {
			return err
		}
		if ended != 0 {
			return nil
		}
	}
}

// read gives a packet, or none after readTime.
func (n *npcap) read() (p pcap.Packet, more bool, err error) {
	n.using.Lock()
	defer n.using.Unlock()
	var h *npcapHeader
	var data *byte
	result, _, _ := n.library.nextEx.Call(n.handle, uintptr(unsafe.Pointer(&h)), uintptr(unsafe.Pointer(&data)))
	switch int32(result) {
	case 0:
		return p, false, nil
	case 1:
	default:
		return p, false, errors.New("the interface is gone or down")
	}
	p.Time = int64(h.seconds)*int64(time.Second) + int64(h.microseconds)*int64(time.Microsecond)
	p.Length = int(h.length)
	if h.captured > 0 {
		p.Data = unsafe.Slice(data, h.captured)
	}
	return p, true, nil
}

func (n *npcap) stop() { n.ended.CompareAndSwap(0, time.Now().UnixNano()) }

func (n *npcap) counts() (received, dropped uint64) {
	n.using.Lock()
	defer n.using.Unlock()
	var s [8]uint32 // struct pcap_stat has 3 to 6 numbers: received, dropped and, of the interface, dropped
	if failed, _, _ := n.library.stats.Call(n.handle, uintptr(unsafe.Pointer(&s))); int32(failed) != 0 {
		return 0, 0
	}
	return uint64(s[0]), uint64(s[1])
}

func (n *npcap) close() { _, _, _ = n.library.close.Call(n.handle) }

// Allowed fails with an *parley.Error of CodeForbidden, whose sentence says what to do, where this program may not
// capture.
func Allowed() error {
	_, err := loadNpcap()
	return err
}

// howToBeAllowed says what is missing.
func howToBeAllowed() string {
	return "capturing on Windows needs Npcap: install it from https://npcap.com, with its loopback adapter; where it was " +
		"restricted to administrators, run this as administrator"
}

// system names the operating system.
func system() string {
	v := windows.RtlGetVersion()
	return strings.TrimSpace(fmt.Sprintf("Windows %d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber))
}
