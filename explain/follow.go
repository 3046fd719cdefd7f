package explain

import (
	"parley/explain/packet"
	"parley/explain/tcp"
)

// seen is a packet as it is followed.
type seen struct {
	*packet.Packet
	ref  Ref
	time int64
	tap  int // the file where a tap made it up, counted from 1; 0 where it was captured
}

// giant is more than a packet on an Ethernet can carry, jumbo frames included.
const giant = 9000

// largest is the most that a segment to an end can have on its way: what it asked for in its SYN, else what is no giant.
func (e *End) largest() int {
	if e.mss > 0 {
		return int(e.mss)
	}
	return giant
}

// follow adds a segment that came from one end.
func (c *Connection) follow(from Direction, p *seen) {
	s := &p.Segment
	verdict, window := c.flow.See(int(from), &tcp.Segment{Segment: s, Length: p.Length, Time: p.time})
	c.Packets++
	c.Ended = max(c.Ended, p.time)
	c.Ends[from].add(p, verdict, window, c.Ends[1-from].largest())
	took, measured := c.measure(from, p, verdict)
	if c.Detail != nil {
		c.Detail.add(from, p, verdict, window)
		if measured {
			c.Detail.RoundTrip[1-from].add(p.time, took)
		}
	}
	c.speak(from, p, verdict)
	c.hold(from, p, verdict, window)
	c.Ends[from].repeat(p, verdict)
	c.shake(from, p)
	switch {
	case s.Flags.Has(packet.RST):
		c.Resets.add(p.ref)
		c.breakOff(from, p)
		c.reset(from)
	case s.Flags.Has(packet.FIN):
		c.finished |= 1 << from
	}
	if s.Flags.Has(packet.FIN) {
		c.FINs.add(p.ref)
	}
	c.Close = c.close()
}

// shake notes the three segments of the handshake.
func (c *Connection) shake(from Direction, p *seen) {
	s := &p.Segment
	switch flags := s.Flags & (packet.SYN | packet.ACK | packet.RST); {
	case flags == packet.SYN && c.SYN == nil && from == FromClient:
		c.SYN = p.mark()
	case flags == packet.SYN|packet.ACK && c.SYNACK == nil && from == FromServer:
		c.SYNACK = p.mark()
	case flags == packet.ACK && c.ACK == nil && c.SYNACK != nil && from == FromClient && s.Ack == c.SYNACK.Seq+1:
		c.ACK = p.mark()
	}
}

// mark copies what matters of a segment.
func (p *seen) mark() *Mark {
	s := &p.Segment
	return &Mark{Ref: p.ref, Time: p.time, Seq: s.Seq, Ack: s.Ack, Window: s.Window, Flags: s.Flags, Options: s.Options}
}

// reset notes that one end broke the connection off.
func (c *Connection) reset(from Direction) {
	switch {
	case c.SYN != nil && c.SYNACK == nil && from == FromServer && c.Ends[FromServer].Segments == 1:
		c.refused = true
	case c.finished != 3:
		c.wasReset = true
	}
}

// close gives how the connection ended, as far as it has come.
func (c *Connection) close() Close {
	switch {
	case c.refused:
		return CloseRefused
	case c.wasReset:
		return CloseReset
	case c.finished == 3:
		return CloseFIN
	case c.SYN != nil && c.Ends[FromServer].Segments == 0:
		return CloseUnanswered
	}
	return CloseOpen
}

// add adds a segment to what an end has sent, to another that takes so many bytes in one.
func (e *End) add(p *seen, v tcp.Verdict, window uint32, largest int) {
	s := &p.Segment
	if s.Flags.Has(packet.SYN) {
		e.mss = s.Options.MSS
	}
	e.Segments++
	if p.Length > 0 {
		e.Data++
		e.Bytes += int64(p.Length)
	}
	if p.Length > largest {
		e.Giant.add(p.ref)
	}
	if s.Offloaded {
		e.Offloaded.add(p.ref)
	}
	if v != 0 {
		e.judge(p.ref, v)
	}
	if !s.Flags.Any(packet.SYN|packet.RST) && (e.MinWindow == nil || window < e.MinWindow.Bytes) {
		e.MinWindow = &Window{p.ref, window}
	}
}

// judge counts what a segment is.
func (e *End) judge(r Ref, v tcp.Verdict) {
	for _, count := range []struct {
		verdict  tcp.Verdict
		evidence *Evidence
	}{
		{tcp.AnyRetransmission, &e.Retransmissions},
		{tcp.FastRetransmission, &e.Fast},
		{tcp.SpuriousRetransmission, &e.Spurious},
		{tcp.OutOfOrder, &e.OutOfOrder},
		{tcp.PreviousNotCaptured, &e.Missing},
		{tcp.DuplicateAck, &e.DuplicateAcks},
		{tcp.KeepAlive, &e.KeepAlives},
		{tcp.ZeroWindow, &e.ZeroWindows},
		{tcp.WindowFull, &e.WindowFull},
		{tcp.ZeroWindowProbe, &e.Probes},
	} {
		if v.Any(count.verdict) {
			count.evidence.add(r)
		}
	}
}
