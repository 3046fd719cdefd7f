package pcap

import "iter"

// The options of blocks (draft-ietf-opsawg-pcapng, sections 3.5 and 4) that are read or written. Their numbers mean something else
// in each type of block.
const (
	optEnd     = 0
	optComment = 1

	optHardware    = 2 // of a section
	optOS          = 3
	optApplication = 4

	optName        = 2 // of an interface
	optDescription = 3
	optResolution  = 9
	optFilter      = 11
	optOffset      = 14

	optReceived  = 4 // of an interface's statistics
	optIfDropped = 5
	optOSDropped = 7
)

// options gives the options of a block, up to the first that makes no sense.
func (n *ng) options(b []byte) iter.Seq2[uint16, []byte] {
	return func(yield func(uint16, []byte) bool) {
		for len(b) >= 4 {
			code, length := n.order.Uint16(b), int(n.order.Uint16(b[2:]))
			if code == optEnd || length > len(b)-4 {
				return
			}
			if !yield(code, b[4:4+length]) {
				return
			}
			b = b[min(4+(length+3)&^3, len(b)):]
		}
	}
}
