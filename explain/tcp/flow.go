package tcp

import (
	"time"

	"parley/explain/packet"
)

// Flow is a connection as its segments show it. Its zero value is one of which nothing is known. It is for one goroutine.
type Flow struct {
	sides [2]side
	syn   int64 // when the first SYN came, 0 for none
	rtt   int64 // nanoseconds from there until the handshake was over, 0 where that was not seen
}

// side is what is known of the segments of one direction.
type side struct {
	seen    bool
	next    uint32 // sequence number that is expected next
	moved   int64  // when next was reached
	acked   bool   // an acknowledgement was seen
	ack     uint32 // the last one
	ackTime int64  // when it came
	window  uint32 // the last one, scaled
	raw     uint16 // and as it stood there
	scaled  scaling
	shift   uint8
	dups    int     // acknowledgements like the last one
	last    Verdict // of the last segment
	top     uint32  // end of what was sent, of which an acknowledgement can tell
}

// scaling is whether a side's windows are scaled (RFC 7323, section 2).
type scaling uint8

const (
	scalingUnknown scaling = iota // the handshake was not seen
	scalingAbsent
	scalingOffered
)

const (
	fastWithin    = int64(20 * time.Millisecond) // of the last acknowledgement
	reorderWithin = int64(3 * time.Millisecond)  // where the round-trip time is not known
)

// before reports whether a comes before b on the circle of sequence numbers (RFC 9293, section 3.4).
func before(a, b uint32) bool { return int32(a-b) < 0 }

// Segment is one segment as Flow looks at it.
type Segment struct {
	*packet.Segment
	Length int   // bytes of data on the wire
	Time   int64 // nanoseconds since 1970
}

// end gives the sequence number after a segment.
func (s *Segment) end() uint32 {
	end := s.Seq + uint32(s.Length)
	if s.Flags.Any(packet.SYN | packet.FIN) {
		end++
	}
	return end
}

// bare reports whether a segment neither opens nor ends anything.
func (s *Segment) bare() bool { return !s.Flags.Any(packet.SYN | packet.FIN | packet.RST) }

// See gives what a segment is, that came from side 0 or 1, and the window that it offers, scaled.
func (f *Flow) See(from int, s *Segment) (Verdict, uint32) {
	own, other := &f.sides[from], &f.sides[1-from]
	f.learn(own, other, s)
	window := own.scale(s)
	v := own.judge(other, s, window, f.reorderTime())
	own.note(s, v, window)
	if v.Any(DuplicateAck) {
		own.dups++
	} else if s.Flags.Has(packet.ACK) && v&(WindowUpdate|KeepAliveAck) == 0 && !(own.acked && own.ack == s.Ack && s.Length > 0) {
		own.dups = 0
	}
	if v.Any(AckedUnseen) {
		other.top = s.Ack
	}
	own.acked, own.ack, own.ackTime = s.Flags.Has(packet.ACK), s.Ack, s.Time
	return v, window
}

// learn takes from the handshake what later segments are judged by.
func (f *Flow) learn(own, other *side, s *Segment) {
	if s.Flags.Has(packet.SYN) {
		answer := s.Flags.Has(packet.ACK)
		own.scaled, own.shift = scalingAbsent, 0
		if s.Options.Scale >= 0 && !(answer && other.scaled == scalingAbsent) {
			own.scaled, own.shift = scalingOffered, uint8(s.Options.Scale)
		} else if answer || other.scaled == scalingUnknown {
			other.scaled = scalingAbsent
		}
	}
	switch {
	case s.Flags&(packet.SYN|packet.ACK) == packet.SYN && f.syn == 0:
		f.syn = s.Time
	case s.Flags&(packet.SYN|packet.ACK) == packet.ACK && f.syn != 0 && f.rtt == 0:
		f.rtt = max(s.Time-f.syn, 1)
	}
}

// scale scales a segment's window, where both sides have agreed on that.
func (own *side) scale(s *Segment) uint32 {
	if !s.Flags.Has(packet.SYN) && own.scaled == scalingOffered {
		return uint32(s.Window) << own.shift
	}
	return uint32(s.Window)
}

// reorderTime is how long after a segment an older one can still come because it was overtaken.
func (f *Flow) reorderTime() int64 {
	if f.rtt > 0 {
		return f.rtt
	}
	return reorderWithin
}

// judge gives what a segment is, by what was seen before it.
func (own *side) judge(other *side, s *Segment, window uint32, reorder int64) (v Verdict) {
	if own.seen && other.acked && s.Length == 1 && s.Seq == own.next && other.window == 0 {
		return ZeroWindowProbe
	}
	if window == 0 && s.bare() {
		v |= ZeroWindow
	}
	if own.seen && before(own.next, s.Seq) && !s.Flags.Has(packet.RST) {
		v |= PreviousNotCaptured
	}
	if own.seen && s.Length <= 1 && s.Seq == own.next-1 && s.bare() {
		v |= KeepAlive
	}
	if s.Length > 0 && s.bare() && other.acked && other.scaled != scalingUnknown && s.end() == other.ack+other.window {
		v |= WindowFull
	}
	v |= own.judgeAck(other, s, window)
	if s.Flags.Has(packet.ACK) && other.seen && before(other.top, s.Ack) {
		v |= AckedUnseen
	}
	switch {
	case v&KeepAlive != 0:
	case s.Length > 0 && other.acked && !before(other.ack, s.Seq+uint32(s.Length)):
		v |= SpuriousRetransmission
	case own.seen && (s.Length > 0 || s.Flags.Any(packet.SYN|packet.FIN)) && before(s.Seq, own.next):
		v |= own.judgeAgain(other, s, reorder)
	}
	return v
}

// judgeAck gives what a segment without data says that was said before.
func (own *side) judgeAck(other *side, s *Segment, window uint32) Verdict {
	if s.Length > 0 || !s.bare() || !own.seen || !own.acked || s.Seq != own.next || s.Ack != own.ack {
		return 0
	}
	switch {
	case window == 0 && own.raw == 0 && other.last.Any(ZeroWindowProbe):
		return ZeroWindowProbeAck
	case window == 0:
		return 0
	case s.Window != own.raw:
		if s.Options.SACK {
			return DuplicateAck
		}
		return WindowUpdate
	case other.last.Any(KeepAlive):
		return KeepAliveAck
	}
	return DuplicateAck
}

// judgeAgain gives of which kind a segment is that comes before what is expected.
func (own *side) judgeAgain(other *side, s *Segment, reorder int64) Verdict {
	switch {
	case other.dups >= 2 && other.ack == s.Seq && s.Time-other.ackTime < fastWithin:
		return FastRetransmission
	case s.Time-own.moved < reorder && own.next != s.end():
		return OutOfOrder
	}
	return Retransmission
}

// note remembers what later segments are judged by.
func (own *side) note(s *Segment, v Verdict, window uint32) {
	end := s.end()
	if !own.seen || before(own.next, end) && v&(KeepAlive|ZeroWindowProbe) == 0 {
		own.next, own.moved = end, s.Time
	}
	if !own.seen || own.top == s.Seq && !v.Any(PreviousNotCaptured) {
		own.top = end
	}
	own.seen, own.window, own.raw, own.last = true, window, s.Window, v
}
