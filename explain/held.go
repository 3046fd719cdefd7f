package explain

import (
	"parley/explain/packet"
	"parley/explain/tcp"
)

// Held is when the other end's window held an end back.
type Held struct {
	Count int64
	First []Stretch // at most 20

	total int64  // nanoseconds of the stretches that are over
	now   bool   // it goes on
	edge  uint32 // the sequence number up to which it may send meanwhile
	last  Stretch
}

// Stretch is a time in which an end was not allowed to send anything new.
type Stretch struct {
	Began Moment // the segment that filled the window, or the one that offered none
	Ended Moment // the one that opened it; not Seen where none did
	Full  bool   // it began with a window that was full, not with one of zero
}

// Total is the time of all stretches, in nanoseconds. One that has not ended counts up to until.
func (h *Held) Total(until int64) int64 {
	if h.now {
		return h.total + max(until-h.last.Began.Time, 0)
	}
	return h.total
}

// hold follows the windows: who filled one, and who offers none or a larger one.
func (c *Connection) hold(from Direction, p *seen, v tcp.Verdict, window uint32) {
	s := &p.Segment
	own, other := &c.Ends[from].Held, &c.Ends[1-from].Held
	if v.Any(tcp.WindowFull) {
		own.begin(p, true, s.Seq+uint32(p.Length))
	}
	switch {
	case v.Any(tcp.ZeroWindow):
		other.begin(p, false, s.Ack)
	case other.now && window > 0 && s.Flags.Has(packet.ACK) && !s.Flags.Any(packet.SYN|packet.RST) && int32(s.Ack+window-other.edge) > 0:
		other.end(p)
	}
}

// begin begins a stretch, unless one goes on.
func (h *Held) begin(p *seen, full bool, edge uint32) {
	if h.now {
		return
	}
	h.now, h.edge, h.last = true, edge, Stretch{Began: p.moment(), Full: full}
	h.Count++
	if len(h.First) < maxEvidence {
		h.First = append(h.First, h.last)
	}
}

// end ends the stretch that goes on.
func (h *Held) end(p *seen) {
	h.now = false
	h.total += max(p.time-h.last.Began.Time, 0)
	if h.Count == int64(len(h.First)) {
		h.First[len(h.First)-1].Ended = p.moment()
	}
}
