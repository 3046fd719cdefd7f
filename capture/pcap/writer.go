package pcap

import (
	"encoding/binary"
	"io"
)

// Writer writes pcapng, little-endian, with times in nanoseconds. Each call ends in one write, so that a file whose writer was
// killed breaks off between packets, or within one at most. It is for one goroutine.
type Writer struct {
	out        io.Writer
	buffer     []byte
	interfaces uint32
	optioned   bool // the block that is being made has options
}

// NewWriter begins a file.
func NewWriter(out io.Writer, about Section) (*Writer, error) {
	w := &Writer{out: out}
	w.start(sectionHeader)
	w.uint32(byteOrderMagic)
	w.buffer = append(w.buffer, 1, 0, 0, 0)                                     // version 1.0
	w.buffer = append(w.buffer, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff) // how long it gets is not known
	w.option(optHardware, about.Hardware)
	w.option(optOS, about.OS)
	w.option(optApplication, about.Application)
	w.option(optComment, about.Comment)
	return w, w.end()
}

// Interface adds an interface, with the expression by which packets were chosen, "" for all of them. It gives its number for
// Packet and Statistics.
func (w *Writer) Interface(i Interface, filter string) (number uint32, err error) {
	w.start(interfaceDescription)
	w.buffer = binary.LittleEndian.AppendUint16(w.buffer, uint16(i.Link))
	w.buffer = append(w.buffer, 0, 0)
	w.uint32(i.SnapLen)
	w.option(optName, i.Name)
	w.option(optDescription, i.Description)
	if filter != "" {
		w.option(optFilter, "\x00"+filter) // 0 says that it is libpcap's language
	}
	w.option(optResolution, "\x09")
	w.interfaces++
	return w.interfaces - 1, w.end()
}

// Packet adds a packet that was captured on an interface: its Time, Data, Length and Comment.
func (w *Writer) Packet(number uint32, p Packet) error {
	w.start(enhancedPacket)
	w.uint32(number)
	w.time(p.Time)
	w.uint32(uint32(len(p.Data)))
	w.uint32(uint32(p.Length))
	w.buffer = append(w.buffer, p.Data...)
	w.pad()
	w.option(optComment, p.Comment)
	return w.end()
}

// Statistics adds what the system counted on an interface up to some time, in nanoseconds since 1970.
func (w *Writer) Statistics(number uint32, at int64, received, dropped uint64) error {
	w.start(interfaceStatistics)
	w.uint32(number)
	w.time(at)
	w.option(optReceived, string(binary.LittleEndian.AppendUint64(nil, received)))
	w.option(optIfDropped, string(make([]byte, 8)))
	w.option(optOSDropped, string(binary.LittleEndian.AppendUint64(nil, dropped)))
	return w.end()
}

func (w *Writer) uint32(n uint32) { w.buffer = binary.LittleEndian.AppendUint32(w.buffer, n) }

// time adds a time as pcapng has it: the upper half first.
func (w *Writer) time(at int64) {
	w.uint32(uint32(uint64(at) >> 32))
	w.uint32(uint32(at))
}

// option adds an option, if there is something to say. It is cut where it does not fit.
func (w *Writer) option(code uint16, value string) {
	if value == "" {
		return
	}
	value = value[:min(len(value), 0xffff)]
	w.buffer = binary.LittleEndian.AppendUint16(w.buffer, code)
	w.buffer = binary.LittleEndian.AppendUint16(w.buffer, uint16(len(value)))
	w.buffer = append(w.buffer, value...)
	w.pad()
	w.optioned = true
}

// pad goes to the next multiple of 4.
func (w *Writer) pad() {
	for len(w.buffer)%4 != 0 {
		w.buffer = append(w.buffer, 0)
	}
}

// start begins a block, whose length follows at its end.
func (w *Writer) start(kind uint32) {
	w.buffer = w.buffer[:0]
	w.uint32(kind)
	w.uint32(0)
	w.optioned = false
}

// end ends the block, and writes it.
func (w *Writer) end() error {
	if w.optioned {
		w.uint32(optEnd)
	}
	length := uint32(len(w.buffer) + 4)
	w.uint32(length)
	binary.LittleEndian.PutUint32(w.buffer[4:], length)
	_, err := w.out.Write(w.buffer)
	return err
}
