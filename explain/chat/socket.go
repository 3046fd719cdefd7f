package chat

import (
	"encoding/binary"

	"parley/web/frame"
	"parley/web/wire"
)

// maxSocketText is the longest text on a WebSocket, in bytes.
const maxSocketText = 1 << 20

// socketSide is one side of a WebSocket.
type socketSide struct {
	reader frame.Reader
	next   boundary
	parts  bool   // a text is under way in several frames
	lost   bool   // where a frame begins is not known: each segment is tried
	memory []byte // a copy of what came, since the reader unmasks it in place
}

// begin makes it ready for the first frame.
func (s *socketSide) begin(from Side) {
	s.reader = frame.Reader{Masked: from == Client, Limit: maxSocketText}
	s.next, s.parts = boundary{}, false
}

// resume takes the beginning of a segment for that of a frame, where nothing better is known.
func (s *socketSide) resume(from Side) {
	if s.lost {
		s.begin(from)
	}
}

// socketBytes takes what belongs to the frame under way, and gives how much that was.
func (r *httpReader) socketBytes(from Side, data []byte) int {
	side := &r.sides[from]
	s := &side.socket
	begins := s.next.between()
	n, ended := s.next.take(data)
	if begins && !s.parts {
		side.start = side.at
	}
	side.at += int64(n)
	s.memory = append(s.memory[:0], data[:n]...)
	s.reader.Feed(s.memory)
	for {
		m, ok, err := s.reader.Next()
		if err != nil {
			r.broken(from, err)
			return len(data)
		}
		if !ok {
			break
		}
		r.frame(from, m, int64(s.next.size))
	}
	if ended {
		s.parts = s.reader.Partial()
		s.next = boundary{}
	}
	return n
}

// broken says that what came is no WebSocket, and passes over the rest of the segment.
func (r *httpReader) broken(from Side, err error) {
	side := &r.sides[from]
	if !side.socket.lost {
		r.say(from, said(Notice, "", "no WebSocket that can be read: "+err.Error()), side.at)
	}
	side.socket.lost = true
	side.start = side.at
}

// frame tells a message of which the last frame, of size bytes, has just come.
func (r *httpReader) frame(from Side, m frame.Message, size int64) {
	side := &r.sides[from]
	s := &side.socket
	switch m.Kind {
	case frame.Text:
		s.lost = false
		r.say(from, socketText(from, m.Payload), side.at)
	case frame.Close:
		r.control(from, said(Notice, "", "close "+m.Reason), size)
	case frame.Ping:
		r.control(from, said(Frame, "", "ping"), size)
	case frame.Pong:
		r.control(from, said(Frame, "", "pong"), size)
	}
}

// control tells a control frame, which may stand between the frames of a text.
func (r *httpReader) control(from Side, m Message, size int64) {
	side := &r.sides[from]
	if !side.socket.parts {
		r.say(from, m, side.at)
		return
	}
	m.From, m.Start, m.End = from, side.at-size, side.at
	r.tell(m)
}

// socketText reads a message on a WebSocket.
func socketText(from Side, payload []byte) Message {
	if from == Client {
		if m, err := wire.DecodeClient(payload); err == nil {
			return clientMessage(m)
		}
	} else if m, err := wire.DecodeServer(payload); err == nil {
		return serverMessage(m)
	}
	if t := typeOf(payload); t != "" {
		return said(Frame, "", t)
	}
	return said(Frame, "", string(payload[:min(len(payload), 2*MaxText)]))
}

// boundary finds where a frame ends (RFC 6455, section 5.2).
type boundary struct {
	head [10]byte
	n    int
	size int   // bytes of the frame that have come
	left int64 // of it, once the header is known
	long bool  // it is
}

// between reports whether no frame is under way.
func (b *boundary) between() bool { return b.size == 0 }

// take gives how much of data belongs to the frame, and whether it ends there.
func (b *boundary) take(data []byte) (n int, ended bool) {
	for !b.long && n < len(data) {
		b.head[b.n] = data[n]
		b.n++
		n++
		b.header()
	}
	if b.long {
		k := min(b.left, int64(len(data)-n))
		b.left -= k
		n += int(k)
	}
	b.size += n
	return n, b.long && b.left == 0
}

// header reads how long the frame is, as soon as that is known.
func (b *boundary) header() {
	if b.n < 2 {
		return
	}
	want, length := 2, int64(b.head[1]&0x7f)
	switch length {
	case 126:
		want = 4
	case 127:
		want = 10
	}
	if b.n < want {
		return
	}
	switch want {
	case 4:
		length = int64(binary.BigEndian.Uint16(b.head[2:]))
	case 10:
		length = int64(binary.BigEndian.Uint64(b.head[2:]) & (1<<62 - 1))
	}
	if b.head[1]&0x80 != 0 {
		length += 4
	}
	b.left, b.long = length, true
}
