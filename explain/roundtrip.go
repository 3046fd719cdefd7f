package explain

import (
	"parley/explain/packet"
	"parley/explain/tcp"
)

// RoundTrip is how long it took until what an end sent was acknowledged, in nanoseconds. What was sent twice is left out, as nobody
// knows what of it was acknowledged (RFC 6298, section 3).
type RoundTrip struct {
	Min, Max, Sum int64
	Count         int64
}

// Mean is the mean, 0 where there is none.
func (r *RoundTrip) Mean() int64 {
	if r.Count == 0 {
		return 0
	}
	return r.Sum / r.Count
}

// add adds a time.
func (r *RoundTrip) add(took int64) {
	if r.Count == 0 {
		r.Min, r.Max = took, took
	}
	r.Min, r.Max, r.Sum = min(r.Min, took), max(r.Max, took), r.Sum+took
	r.Count++
}

// measure follows what is acknowledged. It gives how long that took, and false where a segment tells nothing of it.
func (c *Connection) measure(from Direction, p *seen, v tcp.Verdict) (took int64, ok bool) {
	s, own, other := &p.Segment, &c.Ends[from], &c.Ends[1-from]
	if s.Flags.Has(packet.ACK) {
		var sent int64
		if sent, ok = other.open.acknowledge(s.Ack); ok {
			took = max(p.time-sent, 0)
			other.RoundTrip.add(took)
		}
	}
	end := s.Seq + uint32(p.Length)
	if s.Flags.Any(packet.SYN | packet.FIN) {
		end++
	}
	switch {
	case end == s.Seq || s.Flags.Has(packet.RST):
	case v.Any(tcp.AnyRetransmission | tcp.OutOfOrder | tcp.KeepAlive | tcp.ZeroWindowProbe):
		own.open.forget()
	default:
		own.open.send(end, p.time)
	}
	return took, ok
}

// outstanding are segments that have not been acknowledged.
type outstanding struct {
	sent []sentAt
}

// sentAt is where a segment ends, and when it was sent.
type sentAt struct {
	end  uint32
	time int64
}

// maxOutstanding is how many segments are waited for; of more, the later ones give no round-trip time.
const maxOutstanding = 32

// send notes a segment that was sent for the first time.
func (o *outstanding) send(end uint32, at int64) {
	if len(o.sent) < maxOutstanding {
		o.sent = append(o.sent, sentAt{end, at})
	}
}

// forget drops all of them.
func (o *outstanding) forget() { o.sent = o.sent[:0] }

// acknowledge gives the time of the last segment that an acknowledgement covers, and whether there is one.
func (o *outstanding) acknowledge(ack uint32) (sent int64, ok bool) {
	n := 0
	for n < len(o.sent) && int32(o.sent[n].end-ack) <= 0 {
		sent = o.sent[n].time
		n++
	}
	if n > 0 {
		o.sent = append(o.sent[:0], o.sent[n:]...)
	}
	return sent, n > 0
}
