package explain

import (
	"slices"

	"parley/explain/chat"
	"parley/explain/packet"
)

// How much of what was said is kept at most.
const (
	maxMessages    = 1000    // of a connection, or in datagrams from one socket to another
	maxFrames      = 64      // that carried a message: the first ones, and the last
	maxSaid        = 8 << 20 // bytes in a lab, all its messages together
	maxUnderWay    = 8 << 20 // bytes in a lab, of messages that are not whole and of segments that came too early
	messageCost    = 160     // bytes, of a message beside its text
	carrierCost    = 40      // bytes, of a segment that carried some of what is not whole
	maxSegmentsFor = 1024    // that may carry the message under way
)

// room is how much more may be kept in a lab.
type room struct {
	said     int // bytes of messages
	underWay int // bytes of what is not whole
	refs     []Ref
}

// list gives an empty list for n references, of memory that messages share.
func (r *room) list(n int) []Ref {
	const batch = 512
	if len(r.refs) < n {
		r.refs = make([]Ref, batch)
	}
	list := r.refs[:0:n]
	r.refs = r.refs[n:]
	return list
}

// talk is what is said on a connection.
type talk struct {
	connection   *Connection
	room         *room
	as           string
	whole        bool               // the connection was seen from its first byte
	conversation *chat.Conversation // nil while nothing was said
	ends         [2]talkEnd
	held         int // of room.underWay
}

// talkEnd is what one end says.
type talkEnd struct {
	stream
	acked   bool
	ack     uint32 // the last acknowledgement that came from this end
	carried []carrier
	recent  carrier // the last of them all
	offset  int64   // bytes given to the conversation
	last    int     // its last message, as an index of Messages; -1 for none that is kept
	lastRef Ref     // the last segment that carried it
}

// carrier is a segment with the bytes of its direction up to a place.
type carrier struct {
	end  int64
	ref  Ref
	time int64
}

// begin begins to read, with the first byte.
func (t *talk) begin() {
	t.ends[0].last, t.ends[1].last = -1, -1
	t.conversation = chat.New(t.as, t.whole, t.tell)
}

// hear takes a segment of a connection.
func (l *Lab) hear(c *Connection, from Direction, p *seen) {
	s := &p.Segment
	if s.Flags.Has(packet.RST) {
		return
	}
	if c.talk == nil {
		c.talk = &talk{connection: c, room: &l.room, as: l.options.As}
	}
	c.talk.hear(from, p)
}

// hear takes a segment.
func (t *talk) hear(from Direction, p *seen) {
	s, own := &p.Segment, &t.ends[from]
	seq := s.Seq
	if s.Flags.Has(packet.SYN) {
		seq++ // its data begins behind it (RFC 9293, section 3.4)
		t.whole = true
	}
	own.start(seq)
	if s.Flags.Has(packet.ACK) {
		own.acked, own.ack = true, s.Ack
	}
	if p.Length > 0 && !t.pass(from, seq, p) {
		if next, ok := own.add(piece{seq, p.Length, p.Payload, p.ref, p.time}); ok {
			t.give(from, &next)
		}
		if len(own.early) > 0 {
			t.goOn(from, p.time)
		}
		t.account()
	}
	if s.Flags.Has(packet.ACK) && len(t.ends[1-from].early) > 0 {
		t.goOn(1-from, p.time)
		t.account()
	}
}

// pass takes a segment whose messages are only counted, where it comes next and there is nothing else to do.
func (t *talk) pass(from Direction, seq uint32, p *seen) bool {
	own := &t.ends[from]
	if t.conversation == nil || !t.conversation.Quiet || seq != own.next || len(own.early) > 0 ||
		len(p.Payload) < p.Length {
		return false
	}
	n, ok := t.conversation.Pass(chat.Side(from), p.Payload[:p.Length])
	if !ok {
		return false
	}
	t.connection.Said += n
	own.next += uint32(p.Length)
	own.offset += int64(p.Length)
	own.recent = carrier{own.offset, p.ref, p.time}
	return true
}

// goOn gives what was kept and comes next now, and goes past gaps that nothing will fill.
func (t *talk) goOn(from Direction, now int64) {
	own, other := &t.ends[from], &t.ends[1-from]
	for {
		for p, ok := own.ready(); ok; p, ok = own.ready() {
			t.give(from, &p)
		}
		if !own.hopeless(now, other.acked, other.ack) {
			break
		}
		t.skip(from, now)
	}
}

// skip goes past a gap.
func (t *talk) skip(from Direction, now int64) {
	own := &t.ends[from]
	missing := own.stream.skip(now)
	if t.conversation == nil {
		t.begin()
	}
	own.offset += missing
	t.conversation.Lost(chat.Side(from), missing)
	t.prune(from)
}

// give gives a piece to the conversation.
func (t *talk) give(from Direction, p *piece) {
	own := &t.ends[from]
	side := chat.Side(from)
	if t.conversation == nil {
		t.begin()
	}
	data := p.data[:min(len(p.data), p.length)]
	own.offset += int64(len(data))
	own.recent = carrier{own.offset, p.ref, p.time}
	own.carried = append(own.carried, own.recent)
	t.conversation.Feed(side, data, p.time)
	if cut := int64(p.length - len(data)); cut > 0 { // by the capture
		own.offset += cut
		t.conversation.Lost(side, cut)
	}
	t.prune(Direction(from))
}

// prune forgets segments that carried nothing of what is still under way. Of very many, some in the middle are forgotten.
func (t *talk) prune(from Direction) {
	own := &t.ends[from]
	pending := t.conversation.Pending(chat.Side(from))
	if pending >= own.offset {
		own.carried = own.carried[:0]
		if cap(own.carried) > maxFrames {
			own.carried = nil
		}
		return
	}
	n := 0
	for n < len(own.carried) && own.carried[n].end <= pending {
		n++
	}
	own.carried = slices.Delete(own.carried, 0, n)
	if len(own.carried) > maxSegmentsFor {
		own.carried = slices.Delete(own.carried, maxFrames, maxSegmentsFor-maxFrames)
	}
}

// account counts what is kept of what is not whole. Where that is too much in the lab, this connection's is given up.
func (t *talk) account() {
	t.hold()
	if t.held == 0 || t.room.underWay <= maxUnderWay {
		return
	}
	t.flush()
	t.conversation.Forget()
	t.prune(FromClient)
	t.prune(FromServer)
	t.hold()
}

// hold notes how much is kept.
func (t *talk) hold() {
	held := 0
	for i := range t.ends {
		held += t.ends[i].size + carrierCost*len(t.ends[i].carried)
	}
	if t.conversation != nil {
		held += t.conversation.Held()
	}
	t.room.underWay += held - t.held
	t.held = held
}

// flush gives everything that was kept, past all gaps.
func (t *talk) flush() {
	for from := range t.ends {
		own := &t.ends[from]
		for len(own.early) > 0 {
			t.skip(Direction(from), own.early[0].time)
			for p, ok := own.ready(); ok; p, ok = own.ready() {
				t.give(Direction(from), &p)
			}
		}
	}
}

// finish says that nothing more comes. It may be called twice, and of no connection.
func (c *Connection) finish() {
	if c != nil && c.talk != nil {
		c.talk.end()
		c.talk = nil
	}
}

// end says that nothing more comes, and puts what was said in the order of its times.
func (t *talk) end() {
	t.flush()
	t.room.underWay -= t.held
	if t.conversation == nil {
		return
	}
	t.conversation.End()
	c := t.connection
	c.Protocol = t.conversation.Protocol()
	slices.SortStableFunc(c.Messages, func(a, b Message) int { return int(max(-1, min(1, a.Time-b.Time))) })
}

// tell takes a message from the conversation.
func (t *talk) tell(m chat.Message) {
	c, own := t.connection, &t.ends[m.From]
	carried := own.carriers(m.Start, m.End)
	if len(carried) == 0 {
		return // bytes are missing before all others
	}
	c.Said++
	glued := false
	if m.Start < m.End {
		glued = own.lastRef == carried[0].ref && own.lastRef.Frame != 0
		if glued && own.last >= 0 {
			c.Messages[own.last].Glued = true
		}
		own.lastRef, own.last = carried[len(carried)-1].ref, -1
	}
	if t.conversation.Quiet = len(c.Messages) >= maxMessages || t.room.said > maxSaid; t.conversation.Quiet {
		return
	}
	if m.Start < m.End {
		own.last = len(c.Messages)
	}
	message := Message{
		From: Direction(m.From), Kind: string(m.Kind), Speaker: m.Speaker, Text: m.Text,
		Time: carried[len(carried)-1].time, Frames: t.frames(carried), Glued: glued && len(carried) == 1,
	}
	t.room.said += messageCost + len(m.Speaker) + len(m.Text) + 16*len(message.Frames)
	c.Messages = append(c.Messages, message)
}

// carriers gives the segments with bytes from start to end. For no bytes, it is the last segment before them.
func (e *talkEnd) carriers(start, end int64) []carrier {
	if start == end {
		if e.recent.ref.Frame == 0 {
			return nil
		}
		return []carrier{e.recent}
	}
	last := len(e.carried) - 1
	for last > 0 && e.carried[last-1].end >= end {
		last--
	}
	first := 0
	for first < last && e.carried[first].end <= start {
		first++
	}
	return e.carried[first : last+1]
}

// frames names segments: of very many the first ones, and the last.
func (t *talk) frames(carried []carrier) []Ref {
	refs := t.room.list(min(len(carried), maxFrames))
	for i := range carried {
		if len(refs) == maxFrames-1 && i < len(carried)-1 {
			continue
		}
		refs = append(refs, carried[i].ref)
	}
	return refs
}
