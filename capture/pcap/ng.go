package pcap

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ng is pcapng: sections of blocks, each with its type and its length at both ends.
type ng struct {
	order binary.ByteOrder
	about Section
	known []*Interface // of the section, by their number
	all   []*Interface
}

// The types of blocks (draft-ietf-opsawg-pcapng, section 4) that are read; others are stepped over.
const (
	interfaceDescription = 1
	obsoletePacket       = 2
	simplePacket         = 3
	interfaceStatistics  = 5
	enhancedPacket       = 6
	sectionHeader        = 0x0a0d0d0a

	byteOrderMagic = 0x1a2b3c4d
)

// maxInterfaces is how many interfaces a file may name.
const maxInterfaces = 4096

func (n *ng) section() Section         { return n.about }
func (n *ng) interfaces() []*Interface { return n.all }

// next reads blocks up to a packet.
func (n *ng) next(r *Reader) (Packet, error) {
	for {
		kind, body, err := n.block(r)
		if err != nil {
			return Packet{}, err
		}
		switch kind {
		case sectionHeader:
			err = n.begin(body)
		case interfaceDescription:
			err = n.describe(body)
		case interfaceStatistics:
			n.count(body)
		case enhancedPacket:
			return n.packet(body, n.order.Uint32(body))
		case obsoletePacket:
			return n.packet(body, uint32(n.order.Uint16(body)))
		case simplePacket:
			return n.simple(body)
		}
		if err != nil {
			return Packet{}, err
		}
	}
}

// least is the shortest body that a type of block has, beside its options.
func least(kind uint32) int {
	switch kind {
	case sectionHeader:
		return 16
	case interfaceDescription:
		return 8
	case simplePacket:
		return 4
	case enhancedPacket, obsoletePacket:
		return 20
	case interfaceStatistics:
		return 12
	}
	return 0
}

// block reads a block, and gives its type and what it holds.
func (n *ng) block(r *Reader) (kind uint32, body []byte, err error) {
	r.step()
	head, err := r.in.Peek(12)
	if len(head) == 0 && err == io.EOF {
		return 0, nil, io.EOF
	}
	if len(head) < 12 {
		return 0, nil, io.ErrUnexpectedEOF
	}
	if binary.BigEndian.Uint32(head) == sectionHeader { // says itself in which order it is
		switch uint32(byteOrderMagic) {
		case binary.LittleEndian.Uint32(head[8:]):
			n.order = binary.LittleEndian
		case binary.BigEndian.Uint32(head[8:]):
			n.order = binary.BigEndian
		default:
			return 0, nil, errors.New("a section does not say in which byte order it is")
		}
	}
	kind = n.order.Uint32(head)
	length := n.order.Uint32(head[4:])
	if length > maxPacket || int(length) < 12+least(kind) || length%4 != 0 {
		return 0, nil, fmt.Errorf("a block claims to have %d bytes", length)
	}
	block, err := r.more(int(length))
	if err != nil {
		return 0, nil, err
	}
	if n.order.Uint32(block[length-4:]) != length {
		return 0, nil, errors.New("a block has two different lengths")
	}
	return kind, block[8 : length-4], nil
}

// begin begins a section.
func (n *ng) begin(body []byte) error {
	if major := n.order.Uint16(body[4:]); major != 1 {
		return fmt.Errorf("this is version %d of the format, and only 1 is known", major)
	}
	n.about, n.known = Section{}, nil
	for code, value := range n.options(body[16:]) {
		switch code {
		case optComment:
			n.about.Comment = text(value)
		case optHardware:
			n.about.Hardware = text(value)
		case optOS:
			n.about.OS = text(value)
		case optApplication:
			n.about.Application = text(value)
		}
	}
	return nil
}

// describe adds an interface.
func (n *ng) describe(body []byte) error {
	if len(n.all) >= maxInterfaces {
		return fmt.Errorf("the file names more than %d interfaces", maxInterfaces)
	}
	i := &Interface{Link: LinkType(n.order.Uint16(body)), SnapLen: n.order.Uint32(body[4:])}
	resolution, offset := byte(6), int64(0)
	for code, value := range n.options(body[8:]) {
		switch {
		case code == optName:
			i.Name = text(value)
		case code == optDescription:
			i.Description = text(value)
		case code == optResolution && len(value) == 1:
			resolution = value[0]
		case code == optOffset && len(value) == 8:
			offset = int64(n.order.Uint64(value))
		}
	}
	if offset > 1<<32 || offset < -1<<32 {
		return errors.New("an interface's clock is too far off")
	}
	var err error
	if i.clock, err = newClock(resolution, offset); err != nil {
		return err
	}
	n.known, n.all = append(n.known, i), append(n.all, i)
	return nil
}

// count notes what the system counted on an interface.
func (n *ng) count(body []byte) {
	number := n.order.Uint32(body)
	if uint64(number) >= uint64(len(n.known)) {
		return
	}
	i := n.known[number]
	for code, value := range n.options(body[12:]) {
		switch {
		case len(value) != 8:
		case code == optReceived:
			i.Received = n.order.Uint64(value)
		case code == optIfDropped, code == optOSDropped:
			i.Dropped = max(i.Dropped, n.order.Uint64(value))
		}
	}
}

// packet reads a packet of an interface: an Enhanced Packet Block, or an old Packet Block, which has the same shape.
func (n *ng) packet(body []byte, number uint32) (Packet, error) {
	if uint64(number) >= uint64(len(n.known)) {
		return Packet{}, fmt.Errorf("it is of interface %d, which the file does not describe", number)
	}
	from := n.known[number]
	ticks := uint64(n.order.Uint32(body[4:]))<<32 | uint64(n.order.Uint32(body[8:]))
	rest := body[20:]
	claimed, length := n.order.Uint32(body[12:]), n.order.Uint32(body[16:])
	if uint64(claimed) > uint64(len(rest)) || length > maxLength {
		return Packet{}, fmt.Errorf("it claims to have %d bytes", max(claimed, length))
	}
	captured := int(claimed)
	p := Packet{Time: from.clock.time(ticks), Interface: from, Data: rest[:captured:captured], Length: max(captured, int(length))}
	if padded := (captured + 3) &^ 3; padded < len(rest) {
		for code, value := range n.options(rest[padded:]) {
			if code == optComment {
				p.Comment = text(value)
				break
			}
		}
	}
	return p, nil
}

// simple reads a packet of the first interface that has no time.
func (n *ng) simple(body []byte) (Packet, error) {
	if len(n.known) == 0 {
		return Packet{}, errors.New("it is of an interface that the file does not describe")
	}
	from := n.known[0]
	length := n.order.Uint32(body)
	if length > maxLength {
		return Packet{}, fmt.Errorf("it claims to have %d bytes", length)
	}
	captured := min(int(length), len(body)-4)
	if from.SnapLen > 0 && from.SnapLen < uint32(captured) {
		captured = int(from.SnapLen)
	}
	return Packet{Interface: from, Data: body[4 : 4+captured : 4+captured], Length: int(length)}, nil
}
