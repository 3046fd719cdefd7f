package tap

import (
	"bytes"

	"parley/capture/pcap"
)

// flushSize is how many bytes are gathered for a write at least, while there is more to come.
const flushSize = 64 << 10

// maker makes packets of events. One goroutine uses it at a time.
type maker struct {
	blocks bytes.Buffer // whole ones, that are not written yet
	writer *pcap.Writer // into blocks
	number uint32       // of the interface
	id     uint16       // of the last packet
	packet []byte

	fresh int64 // packets in blocks
	made  int64 // packets in the file
	lost  int64 // packets that are not in it
}

// take gives the blocks that were made. They are valid until the next is made.
func (m *maker) take() []byte { return m.blocks.Next(m.blocks.Len()) }

// make makes the packets of an event.
func (m *maker) make(e *event) {
	if e.protocol == protocolUDP {
		m.id++
		m.packet = appendUDP(m.packet[:0], e.from, e.to, m.id, e.data)
		m.put(e)
		return
	}
	s, size := e.segment, segmentSize(e.from.Addr())
	for rest := e.data; ; {
		data := rest[:min(len(rest), size)]
		rest = rest[len(data):]
		part := s
		if len(rest) > 0 {
			part.flags &^= flagPSH
		}
		m.id++
		m.packet = appendTCP(m.packet[:0], e.from, e.to, m.id, part, data)
		m.put(e)
		s.seq += uint32(len(data))
		if len(rest) == 0 {
			return
		}
	}
}

// put adds the packet. A buffer takes everything, so that there is no error.
func (m *maker) put(e *event) {
	_ = m.writer.Packet(m.number, pcap.Packet{Time: e.at, Data: m.packet, Length: len(m.packet), Comment: e.comment})
	m.fresh++
}
