package explain

import (
	"slices"

	"parley/explain/packet"
)

// Reset is how a connection was broken off, as the first RST and what stands before it show.
type Reset struct {
	Mark
	By Direction

	// The last that the other end had said, and that this end had not followed by anything: what nobody may have read.
	Unread      Evidence
	UnreadBytes int64

	AfterFIN bool // this end had said before that it is done
	Late     bool // both ends had
}

// breakOff notes the first RST.
func (c *Connection) breakOff(from Direction, p *seen) {
	if c.Reset != nil {
		return
	}
	own, other := &c.Ends[from].Speech, &c.Ends[1-from].Speech
	c.Reset = &Reset{
		Mark: *p.mark(), By: from,
		Unread:      Evidence{other.Open.Count, slices.Clone(other.Open.First)},
		UnreadBytes: other.OpenBytes,
		AfterFIN:    own.FIN.Seen(),
		Late:        own.FIN.Seen() && other.FIN.Seen(),
	}
}

// Answers reports whether the RST answers a segment for which there is no socket: it then bears no acknowledgement, and the sequence
// number that the segment acknowledged (RFC 9293, section 3.5.2).
func (r *Reset) Answers() bool { return !r.Flags.Has(packet.ACK) }
