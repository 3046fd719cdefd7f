package explain

import (
	"hash/maphash"
	"time"

	"parley/explain/packet"
)

// twins finds packets that stand in several files, because they were captured at both ends.
type twins struct {
	on   bool
	seed maphash.Seed
	last map[uint64]sighting
	old  map[uint64]sighting // as last was, before it was full
}

// sighting is where a packet was seen.
type sighting struct {
	file int
	time int64
}

const (
	twinMemory = 1 << 16                 // packets, twice
	twinWithin = int64(10 * time.Second) // between the captures' clocks, and on the way
)

// seen reports whether a packet was seen in another file before.
func (t *twins) seen(file int, at int64, p *packet.Packet) bool {
	if !t.on {
		return false
	}
	if t.last == nil {
		t.seed, t.last = maphash.MakeSeed(), make(map[uint64]sighting)
	}
	key := t.key(p)
	before, ok := t.last[key]
	if !ok {
		before, ok = t.old[key]
	}
	if ok && before.file != file && at-before.time < twinWithin {
		return true
	}
	if len(t.last) >= twinMemory {
		t.old, t.last = t.last, make(map[uint64]sighting)
	}
	t.last[key] = sighting{file, at}
	return false
}

// key sums up what is the same of a packet wherever it is captured.
func (t *twins) key(p *packet.Packet) uint64 {
	var h maphash.Hash
	h.SetSeed(t.seed)
	maphash.WriteComparable(&h, p.Src)
	maphash.WriteComparable(&h, p.Dst)
	maphash.WriteComparable(&h, [2]int{int(p.Protocol)<<16 | int(p.ID), p.Length})
	switch p.Protocol {
	case packet.TCP:
		s := p.Segment
		s.Offloaded = false
		maphash.WriteComparable(&h, s)
	case packet.UDP:
		g := p.Datagram
		g.Checksum = 0 // unfinished where it was sent
		maphash.WriteComparable(&h, g)
	}
	_, _ = h.Write(p.Payload[:min(len(p.Payload), 64)])
	return h.Sum64()
}
