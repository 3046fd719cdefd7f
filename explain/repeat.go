package explain

import (
	"parley/explain/packet"
	"parley/explain/tcp"
)

// Repeat is a segment that was sent again.
type Repeat struct {
	Moment
	Original Moment // the segment that had carried this before; not Seen where it is not in the capture, or too far back
	Kind     tcp.Verdict
	Seq      uint32 // raw
	Bytes    int
}

// Wait is how long after the original it came, in nanoseconds; 0 where that is not known.
func (r *Repeat) Wait() int64 {
	if !r.Original.Seen() {
		return 0
	}
	return max(r.Time-r.Original.Time, 0)
}

// recent are the last segments of an end that took room among the sequence numbers.
type recent struct {
	list []stretch
	next int // of a full list, the one to be forgotten
}

// stretch is which sequence numbers a segment had.
type stretch struct {
	seq, end uint32
	Moment
}

// maxRecent is how far back an original is looked for.
const maxRecent = 32

// note remembers a segment.
func (r *recent) note(s stretch) {
	if len(r.list) < maxRecent {
		r.list = append(r.list, s)
		return
	}
	r.list[r.next] = s
	r.next = (r.next + 1) % maxRecent
}

// find gives the last segment that carried a sequence number.
func (r *recent) find(seq uint32) (found Moment) {
	for _, s := range r.list {
		if int32(seq-s.seq) >= 0 && int32(seq-s.end) < 0 && s.Time >= found.Time {
			found = s.Moment
		}
	}
	return found
}

// repeat remembers what an end sent, and ties what it sends again to that.
func (e *End) repeat(p *seen, v tcp.Verdict) {
	s := &p.Segment
	length := uint32(p.Length)
	if s.Flags.Any(packet.SYN | packet.FIN) {
		length++
	}
	if length == 0 || v.Any(tcp.KeepAlive|tcp.ZeroWindowProbe) {
		return
	}
	if v.Any(tcp.AnyRetransmission) && len(e.Repeats) < maxEvidence {
		e.Repeats = append(e.Repeats, Repeat{p.moment(), e.recent.find(s.Seq), v & tcp.AnyRetransmission, s.Seq, p.Length})
	}
	e.recent.note(stretch{s.Seq, s.Seq + length, p.moment()})
}
