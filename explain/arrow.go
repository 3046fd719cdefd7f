package explain

import (
	"parley/explain/packet"
	"parley/explain/tcp"
)

// Arrow is a segment as a ladder diagram shows it.
type Arrow struct {
	Ref
	Time     int64
	From     Direction
	Seq, Ack uint32 // counted from the first of each direction, as Wireshark's relative numbers
	Flags    packet.Flags
	Window   uint32 // scaled
	Length   int
	Verdict  tcp.Verdict
}

// maxArrows is how many a connection has at most: the first ones.
const maxArrows = 400

// MaxDetailed is of how many connections there is what pictures need: the first ones.
const MaxDetailed = 50

// Detail is what pictures of a connection need.
type Detail struct {
	Arrows     []Arrow    // at most 400, the first ones
	Sequence   [2]Series  // relative sequence number after each segment with data
	Window     [2]Series  // what each end offers
	RoundTrip  [2]Series  // nanoseconds until what this end sent was acknowledged
	Throughput [2]Buckets // of data

	base  [2]uint32
	based [2]bool
}

// add adds a segment.
func (d *Detail) add(from Direction, p *seen, v tcp.Verdict, window uint32) {
	s := &p.Segment
	if !d.based[from] {
		d.base[from], d.based[from] = s.Seq, true
	}
	if s.Flags.Has(packet.ACK) && !d.based[1-from] {
		d.base[1-from], d.based[1-from] = s.Ack, true
	}
	a := Arrow{Ref: p.ref, Time: p.time, From: from, Seq: s.Seq - d.base[from], Flags: s.Flags, Window: window, Length: p.Length, Verdict: v}
	if s.Flags.Has(packet.ACK) {
		a.Ack = s.Ack - d.base[1-from]
	}
	if len(d.Arrows) < maxArrows {
		d.Arrows = append(d.Arrows, a)
	}
	d.Window[from].add(p.time, int64(window))
	if p.Length == 0 {
		return
	}
	d.Sequence[from].add(p.time, int64(a.Seq)+int64(p.Length))
	d.Throughput[from].add(p.time, int64(p.Length))
}
