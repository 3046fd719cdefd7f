package explain

import (
	"parley/explain/packet"
	"parley/explain/tcp"
)

// Speech is what an end said, and what became of it.
type Speech struct {
	Frames      Evidence // the segments with data
	First, Last Moment   // of them; what was sent again aside
	Acked       Moment   // the segment by which the other end first acknowledged data
	FIN         Moment   // by which this end said that it is done
	FINAcked    Moment   // by which the other end acknowledged that

	// What this end sent since the other end last sent data.
	Open      Evidence
	OpenBytes int64

	firstEnd, finEnd uint32 // the sequence numbers after First and FIN
}

// notOurs are segments with a byte that is not meant as data, or was sent before.
const notOurs = tcp.AnyRetransmission | tcp.KeepAlive | tcp.ZeroWindowProbe

// speak notes what a segment says and acknowledges.
func (c *Connection) speak(from Direction, p *seen, v tcp.Verdict) {
	s, own, other := &p.Segment, &c.Ends[from].Speech, &c.Ends[1-from].Speech
	if p.Length > 0 {
		own.Frames.add(p.ref)
	}
	if p.Length > 0 && !v.Any(notOurs) {
		own.say(p)
		other.Open.clear()
		other.OpenBytes = 0
	}
	if s.Flags.Has(packet.FIN) && !own.FIN.Seen() {
		own.FIN, own.finEnd = p.moment(), s.Seq+uint32(p.Length)+1
	}
	if s.Flags.Has(packet.ACK) && !s.Flags.Has(packet.RST) {
		other.acknowledge(p)
	}
}

// say notes new data.
func (t *Speech) say(p *seen) {
	t.Last = p.moment()
	if !t.First.Seen() {
		t.First, t.firstEnd = t.Last, p.Segment.Seq+uint32(p.Length)
	}
	t.Open.add(p.ref)
	t.OpenBytes += int64(p.Length)
}

// acknowledge notes what a segment of the other end acknowledges.
func (t *Speech) acknowledge(p *seen) {
	ack := p.Segment.Ack
	if t.First.Seen() && !t.Acked.Seen() && int32(ack-t.firstEnd) >= 0 {
		t.Acked = p.moment()
	}
	if t.FIN.Seen() && !t.FINAcked.Seen() && int32(ack-t.finEnd) >= 0 {
		t.FINAcked = p.moment()
	}
}
