package capture

import (
	"encoding/binary"
	"strconv"

	"golang.org/x/net/bpf"

	"parley/capture/pcap"
)

// snapLen is how many bytes of a packet are kept at most: more than any packet has, but for some jumbograms.
const snapLen = 262144

// assembler makes a program of classic BPF with named places to jump to. All jumps go forward, as the kernel wants.
//
// By convention X holds where the header that is looked at begins. A load behind the end of the packet ends the program,
// and the packet is not taken.
type assembler struct {
	code   []bpf.Instruction
	places map[string]int
	jumps  map[int]string
	named  int // places that were named by number
}

const (
	accept = "accept"
	reject = "reject"
)

func newAssembler() *assembler {
	return &assembler{places: make(map[string]int), jumps: make(map[int]string)}
}

func (a *assembler) add(code ...bpf.Instruction) { a.code = append(a.code, code...) }

// mark names the place that comes next.
func (a *assembler) mark(place string) { a.places[place] = len(a.code) }

// newPlace gives a name that nothing has.
func (a *assembler) newPlace() string {
	a.named++
	return strconv.Itoa(a.named)
}

// jump goes to a place. The jumps of conditions reach 255 instructions only, so all that leave a few lines go through it.
func (a *assembler) jump(place string) {
	a.jumps[len(a.code)] = place
	a.add(bpf.Jump{})
}

// when goes to a place if A fulfils a condition.
func (a *assembler) when(test bpf.JumpTest, value uint32, place string) {
	a.add(bpf.JumpIf{Cond: test, Val: value, SkipFalse: 1})
	a.jump(place)
}

// load loads size bytes that are so far behind X into A.
func (a *assembler) load(offset uint32, size int) { a.add(bpf.LoadIndirect{Off: offset, Size: size}) }

// advance moves X on by what is in A.
func (a *assembler) advance() { a.add(bpf.ALUOpX{Op: bpf.ALUOpAdd}, bpf.TAX{}) }

// assemble ends the program.
func (a *assembler) assemble() ([]bpf.RawInstruction, error) {
	a.mark(accept)
	a.add(bpf.RetConstant{Val: snapLen})
	a.mark(reject)
	a.add(bpf.RetConstant{Val: 0})
	for at, place := range a.jumps {
		a.code[at] = bpf.Jump{Skip: uint32(a.places[place] - at - 1)}
	}
	return bpf.Assemble(a.code)
}

// outgoing is PACKET_OUTGOING, the type of packets that go out, in Linux's packet(7).
const outgoing = 4

// program makes the filter for packets of a link type. Where each packet passes twice, going out and coming in, as on
// Linux's loopback, once leaves the first out. It is nil where everything is taken.
func (f Filter) program(link pcap.LinkType, once bool) ([]bpf.RawInstruction, error) {
	all := len(f.Hosts) == 0 && len(f.Ports) == 0
	if all && !once {
		return nil, nil
	}
	a := newAssembler()
	if once {
		a.add(bpf.LoadExtension{Num: bpf.ExtType})
		a.when(bpf.JumpEqual, outgoing, reject)
	}
	if all {
		a.jump(accept)
		return a.assemble()
	}
	a.network(link)
	a.mark("ipv4")
	f.hosts4(a)
	a.mark("ports4")
	f.ports4(a)
	a.mark("ipv6")
	f.hosts6(a)
	a.mark("ports6")
	f.ports6(a)
	a.mark("ports")
	f.ports(a)
	return a.assemble()
}

// network goes to ipv4 or ipv6 with X at that header.
func (a *assembler) network(link pcap.LinkType) {
	if link != pcap.LinkEthernet {
		at := uint32(0)
		if link == pcap.LinkNull || link == pcap.LinkLoop {
			at = 4
		}
		a.add(bpf.LoadConstant{Dst: bpf.RegX, Val: at})
		a.load(0, 1)
		a.add(bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: 4})
		a.when(bpf.JumpEqual, 4, "ipv4")
		a.when(bpf.JumpEqual, 6, "ipv6")
		a.jump(reject)
		return
	}
	const tags = 2 // at most: IEEE 802.1ad puts one around that of 802.1Q
	for i := range uint32(tags + 1) {
		a.add(bpf.LoadConstant{Dst: bpf.RegX, Val: 14 + 4*i}, bpf.LoadAbsolute{Off: 12 + 4*i, Size: 2})
		a.when(bpf.JumpEqual, 0x0800, "ipv4")
		a.when(bpf.JumpEqual, 0x86dd, "ipv6")
		next := a.newPlace()
		a.when(bpf.JumpEqual, 0x8100, next)
		a.when(bpf.JumpEqual, 0x88a8, next)
		a.jump(reject)
		a.mark(next)
	}
	a.jump(reject) // more tags
}

// hosts4 goes on behind itself with packets of the hosts.
func (f Filter) hosts4(a *assembler) {
	if len(f.Hosts) == 0 {
		return
	}
	f.either4(a, 0, "ports4")
	// An error of ICMP comes from any router, and quotes the packet that it is about (RFC 792).
	a.load(9, 1)
	a.when(bpf.JumpNotEqual, 1, reject)
	a.load(6, 2)
	a.when(bpf.JumpBitsSet, 0x1fff, reject)
	a.header4()
	a.load(0, 1)
	for _, kind := range []uint32{3, 4, 5, 11, 12} {
		a.when(bpf.JumpEqual, kind, "quoted4")
	}
	a.jump(reject)
	a.mark("quoted4")
	f.either4(a, 8, accept)
	a.jump(reject)
}

// either4 goes to a place if the IPv4 header that is so far behind X has one of the hosts.
func (f Filter) either4(a *assembler, at uint32, place string) {
	for _, field := range []uint32{12, 16} { // source, destination: RFC 791, section 3.1
		a.load(at+field, 4)
		for _, h := range f.Hosts {
			if h.Is4() {
				b := h.As4()
				a.when(bpf.JumpEqual, binary.BigEndian.Uint32(b[:]), place)
			}
		}
	}
}

// header4 moves X behind the IPv4 header.
func (a *assembler) header4() {
	a.load(0, 1)
	a.add(bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0x0f}, bpf.ALUOpConstant{Op: bpf.ALUOpShiftLeft, Val: 2})
	a.advance()
}

// ports4 takes ICMP, fragments behind the first, and what has one of the ports.
func (f Filter) ports4(a *assembler) {
	if len(f.Ports) == 0 {
		a.jump(accept)
		return
	}
	a.load(9, 1)
	a.when(bpf.JumpEqual, 1, accept)
	transport := a.newPlace()
	a.when(bpf.JumpEqual, 6, transport)
	a.when(bpf.JumpEqual, 17, transport)
	a.jump(reject)
	a.mark(transport)
	a.load(6, 2)
	a.when(bpf.JumpBitsSet, 0x1fff, accept)
	a.header4()
	a.jump("ports")
}

// hosts6 goes on behind itself with packets of the hosts.
func (f Filter) hosts6(a *assembler) {
	if len(f.Hosts) == 0 {
		return
	}
	f.either6(a, 0, "ports6")
	// As for IPv4; errors are the types below 128 (RFC 4443, section 2.1).
	a.load(6, 1)
	a.when(bpf.JumpNotEqual, 58, reject)
	a.load(40, 1)
	a.when(bpf.JumpBitsSet, 0x80, reject)
	f.either6(a, 48, accept)
	a.jump(reject)
}

// either6 goes to a place if the IPv6 header that is so far behind X has one of the hosts.
func (f Filter) either6(a *assembler, at uint32, place string) {
	for _, h := range f.Hosts {
		if !h.Is6() {
			continue
		}
		b := h.As16()
		for _, field := range []uint32{8, 24} { // source, destination: RFC 8200, section 3
			other := a.newPlace()
			for i := uint32(0); i < 16; i += 4 {
				a.load(at+field+i, 4)
				a.when(bpf.JumpNotEqual, binary.BigEndian.Uint32(b[i:]), other)
			}
			a.jump(place)
			a.mark(other)
		}
	}
}

// extensions is how many extension headers are stepped over; what has more is taken, as it cannot be judged.
const extensions = 8

// ports6 takes ICMPv6, fragments behind the first, and what has one of the ports behind any extension headers.
func (f Filter) ports6(a *assembler) {
	if len(f.Ports) == 0 {
		a.jump(accept)
		return
	}
	next := bpf.StoreScratch{Src: bpf.RegA, N: 0} // the type of the next header
	a.load(6, 1)
	a.add(next, bpf.LoadConstant{Dst: bpf.RegA, Val: 40})
	a.advance()
	for range extensions {
		option, fragment, authentication, end := a.newPlace(), a.newPlace(), a.newPlace(), a.newPlace()
		a.add(bpf.LoadScratch{Dst: bpf.RegA, N: 0})
		a.when(bpf.JumpEqual, 6, "ports")
		a.when(bpf.JumpEqual, 17, "ports")
		a.when(bpf.JumpEqual, 58, accept)
		a.when(bpf.JumpEqual, 44, fragment)
		a.when(bpf.JumpEqual, 51, authentication)
		for _, kind := range []uint32{0, 43, 60, 135} {
			a.when(bpf.JumpEqual, kind, option)
		}
		a.jump(reject)
		a.mark(fragment) // RFC 8200, section 4.5
		a.load(2, 2)
		a.when(bpf.JumpBitsSet, 0xfff8, accept)
		a.load(0, 1)
		a.add(next, bpf.LoadConstant{Dst: bpf.RegA, Val: 8})
		a.jump(end)
		a.mark(authentication) // counts in words, without the first two: RFC 4302, section 2.2
		a.load(0, 1)
		a.add(next)
		a.load(1, 1)
		a.add(bpf.ALUOpConstant{Op: bpf.ALUOpAdd, Val: 2}, bpf.ALUOpConstant{Op: bpf.ALUOpShiftLeft, Val: 2})
		a.jump(end)
		a.mark(option) // counts in units of 8 bytes, without the first
		a.load(0, 1)
		a.add(next)
		a.load(1, 1)
		a.add(bpf.ALUOpConstant{Op: bpf.ALUOpAdd, Val: 1}, bpf.ALUOpConstant{Op: bpf.ALUOpShiftLeft, Val: 3})
		a.mark(end)
		a.advance()
	}
	a.jump(accept)
}

// ports takes what has one of the ports, X being at the header of TCP or UDP.
func (f Filter) ports(a *assembler) {
	for _, side := range []uint32{0, 2} {
		a.load(side, 2)
		for _, p := range f.Ports {
			a.when(bpf.JumpEqual, uint32(p), accept)
		}
	}
	a.jump(reject)
}
