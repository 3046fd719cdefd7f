package packet

import (
	"net/netip"
	"slices"
	"time"
)

// fragmentKey is what the fragments of one packet have in common (RFC 791, section 3.2; RFC 8200, section 4.5).
type fragmentKey struct {
	src, dst netip.Addr
	id       uint32
	protocol Protocol
}

// fragments puts packets together.
type fragments struct {
	unfinished map[fragmentKey]*puzzle
	held       int // bytes
}

// puzzle is a packet of which some pieces have come.
type puzzle struct {
	began  int64
	pieces []piece // by their place, none of which overlap
	end    int     // where the last piece ends, -1 until it has come
	size   int     // bytes in the pieces
}

type piece struct {
	at   int
	data []byte
}

const (
	maxPuzzles  = 256
	maxHeld     = 4 << 20 // bytes, of all of them
	maxFragment = 65535   // where a packet ends at the latest
	forgetAfter = 30 * time.Second
)

// add adds a fragment, and gives the packet that it makes whole, if it does. Of one that was not captured whole nothing can be made,
// and of overlapping ones neither (RFC 8200, section 4.5, forbids them).
func (f *fragments) add(key fragmentKey, now int64, at int, more bool, data []byte, length int) []byte {
	if len(data) < length || length == 0 || at+length > maxFragment || more && length%8 != 0 {
		return nil
	}
	if f.unfinished == nil {
		f.unfinished = make(map[fragmentKey]*puzzle)
	}
	z := f.unfinished[key]
	if z != nil && now-z.began > int64(forgetAfter) {
		f.drop(key)
		z = nil
	}
	if z == nil {
		f.makeRoom()
		z = &puzzle{began: now, end: -1}
		f.unfinished[key] = z
	}
	if !z.put(at, more, data) {
		return nil
	}
	f.held += len(data)
	whole := z.whole()
	if whole != nil || f.held > maxHeld {
		f.drop(key)
	}
	return whole
}

// put adds a piece, unless it has come already or overlaps another.
func (z *puzzle) put(at int, more bool, data []byte) bool {
	i, _ := slices.BinarySearchFunc(z.pieces, at, func(p piece, at int) int { return p.at - at })
	if i > 0 && z.pieces[i-1].at+len(z.pieces[i-1].data) > at || i < len(z.pieces) && z.pieces[i].at < at+len(data) {
		return false
	}
	if !more {
		z.end = at + len(data)
	}
	z.pieces = slices.Insert(z.pieces, i, piece{at, slices.Clone(data)})
	z.size += len(data)
	return true
}

// whole gives the packet, once all of it has come. As no pieces overlap, it has when they have as many bytes as it.
func (z *puzzle) whole() []byte {
	if z.size != z.end {
		return nil
	}
	packet := make([]byte, 0, z.size)
	for _, p := range z.pieces {
		packet = append(packet, p.data...)
	}
	return packet
}

// drop forgets a packet.
func (f *fragments) drop(key fragmentKey) {
	f.held -= f.unfinished[key].size
	delete(f.unfinished, key)
}

// makeRoom forgets the oldest packet where there are too many.
func (f *fragments) makeRoom() {
	if len(f.unfinished) < maxPuzzles {
		return
	}
	var oldest fragmentKey
	began := int64(1<<63 - 1)
	for key, z := range f.unfinished {
		if z.began < began {
			oldest, began = key, z.began
		}
	}
	f.drop(oldest)
}
