package pcap

import (
	"encoding/binary"
	"fmt"
)

// classic is the format of libpcap: one interface, a header of 16 bytes for each packet.
type classic struct {
	order binary.ByteOrder
	from  Interface
}

const (
	magicMicro = 0xa1b2c3d4 // seconds and microseconds
	magicNano  = 0xa1b23c4d // seconds and nanoseconds

	fileHeader   = 24
	packetHeader = 16
)

// newClassic reads the header of a file.
func newClassic(r *Reader) (*classic, error) {
	magic, err := r.in.Peek(4)
	if err != nil {
		return nil, err
	}
	c := &classic{}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch order.Uint32(magic) {
		case magicMicro:
			c.order, c.from.clock = order, clock{perSecond: 1e6}
		case magicNano:
			c.order, c.from.clock = order, clock{perSecond: nanosecond}
		}
	}
	if c.order == nil {
		return nil, fmt.Errorf("this is no file of packets: it begins with % x", magic)
	}
	header, err := r.more(fileHeader)
	if err != nil {
		return nil, fmt.Errorf("the file ends in its header: %w", err)
	}
	if major := c.order.Uint16(header[4:]); major != 2 {
		return nil, fmt.Errorf("this is version %d of the format, and only 2 is known", major)
	}
	c.from.SnapLen = c.order.Uint32(header[16:])
	c.from.Link = LinkType(c.order.Uint32(header[20:]) & 0xffff) // above are the frame check sequence's bits
	return c, nil
}

func (c *classic) next(r *Reader) (Packet, error) {
	header, err := r.take(packetHeader)
	if err != nil {
		return Packet{}, err
	}
	seconds, fraction := c.order.Uint32(header), c.order.Uint32(header[4:])
	captured, length := c.order.Uint32(header[8:]), c.order.Uint32(header[12:])
	if captured > maxPacket || length > maxLength {
		return Packet{}, fmt.Errorf("it claims to have %d bytes", max(captured, length))
	}
	data, err := r.more(int(captured))
	return Packet{
		Time: int64(seconds)*nanosecond + c.from.clock.time(uint64(fraction)), Interface: &c.from,
		Data: data, Length: int(max(captured, length)),
	}, err
}

func (c *classic) section() Section         { return Section{} }
func (c *classic) interfaces() []*Interface { return []*Interface{&c.from} }
