package explain

import "slices"

// stream puts the bytes of one direction in order. What came before is passed over, what came too early is kept until the
// bytes before it have come, or nobody expects them any more.
type stream struct {
	begun bool
	next  uint32  // the sequence number of the byte that comes next
	early []piece // what came too early, by where it begins
	size  int     // of that, in bytes
	since int64   // when the gap before it was noticed
}

// piece is what a segment brought.
type piece struct {
	seq    uint32
	length int    // bytes on the wire
	data   []byte // as many of them as were captured
	ref    Ref
	time   int64
}

// What is kept at most of what came too early in one direction, and how long a gap is waited for after somebody has said
// that they have what is in it.
const (
	maxEarly  = 256 << 10     // bytes
	earlyCost = 64            // bytes, of a piece beside its data
	gapTime   = 1_000_000_000 // nanoseconds
)

// before reports whether a comes before b on the circle of sequence numbers (RFC 9293, section 3.4).
func before(a, b uint32) bool { return int32(a-b) < 0 }

// start notes where the bytes begin: with the first segment that is seen.
func (s *stream) start(seq uint32) {
	if !s.begun {
		s.begun, s.next = true, seq
	}
}

// add gives what of a piece comes next; false for one that came too early, which is kept, or brings nothing new. What is
// kept has its data cloned.
func (s *stream) add(p piece) (piece, bool) {
	if before(s.next, p.seq) {
		s.keep(p)
		return piece{}, false
	}
	return s.trim(p)
}

// trim cuts off what had come before, and counts what is left as come.
func (s *stream) trim(p piece) (piece, bool) {
	known := int(int32(s.next - p.seq))
	if known < 0 || known >= p.length {
		return piece{}, false
	}
	p.seq, p.length, p.data = s.next, p.length-known, p.data[min(known, len(p.data)):]
	s.next += uint32(p.length)
	return p, true
}

// keep keeps a piece that came too early, the longer of two that begin at the same place.
func (s *stream) keep(p piece) {
	if len(s.early) == 0 {
		s.since = p.time
	}
	i := len(s.early)
	for i > 0 && before(p.seq, s.early[i-1].seq) {
		i--
	}
	if i > 0 && s.early[i-1].seq == p.seq {
		if s.early[i-1].length >= p.length {
			return
		}
		i--
		s.size -= len(s.early[i].data) + earlyCost
		s.early = slices.Delete(s.early, i, i+1)
	}
	p.data = slices.Clone(p.data)
	s.early = slices.Insert(s.early, i, p)
	s.size += len(p.data) + earlyCost
}

// ready gives what was kept and comes next now.
func (s *stream) ready() (piece, bool) {
	for len(s.early) > 0 && !before(s.next, s.early[0].seq) {
		p := s.early[0]
		s.size -= len(p.data) + earlyCost
		s.early = slices.Delete(s.early, 0, 1)
		if p, ok := s.trim(p); ok {
			return p, true
		}
	}
	return piece{}, false
}

// hopeless reports whether the gap before what was kept will not be filled: so much has come behind it, or the other end
// has long since said that it has what is in it.
func (s *stream) hopeless(now int64, acked bool, ack uint32) bool {
	if len(s.early) == 0 {
		return false
	}
	return s.size > maxEarly || acked && !before(ack, s.early[0].seq) && now-s.since > gapTime
}

// skip goes past the gap before what was kept, and gives how many bytes are missing.
func (s *stream) skip(now int64) (missing int64) {
	missing = int64(s.early[0].seq - s.next)
	s.next, s.since = s.early[0].seq, now
	return missing
}
