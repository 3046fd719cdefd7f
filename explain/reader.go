package explain

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"parley/capture/pcap"
	"parley/explain/chat"
	"parley/explain/packet"
)

// Lab is what one capture shows, or several together.
type Lab struct {
	Files       []File
	Packets     int64         // one that stands in several files counts once
	Others      int64         // of them, those that belong to no connection and no datagrams
	Began       int64         // when the first packet was captured, in nanoseconds since 1970; 0 where there is none
	Ended       int64         // and the last
	Tap         bool          // every file is a tap
	Connections []*Connection // in the order of their first packets
	Datagrams   []*Datagrams  // the same
	Hosts       []Host

	options     Options
	connections map[pair]*Connection
	datagrams   map[pair]*Datagrams
	twins       twins
	room        room
}

// File is one capture.
type File struct {
	Name       string
	Packets    int64
	Section    pcap.Section
	Interfaces []*pcap.Interface
	Broken     error // why it could not be read to its end, nil where it could
	Tap        bool  // made from what a program sent and received, not captured
}

// TapDescription is how the description of an interface begins, whose packets were made from what a program sent and received.
const TapDescription = "made from what Parley sent and received"

// tap reports whether all interfaces are such.
func tap(interfaces []*pcap.Interface) bool {
	return len(interfaces) > 0 && !slices.ContainsFunc(interfaces, func(i *pcap.Interface) bool { return !madeUp(i) })
}

// madeUp reports whether the packets of an interface were.
func madeUp(i *pcap.Interface) bool { return strings.HasPrefix(i.Description, TapDescription) }

// Source is a capture that is to be read.
type Source struct {
	Name    string
	Content io.Reader
}

// Options say how much is to be found out.
type Options struct {
	Detail bool   // what pictures need too, of the first MaxDetailed connections
	As     string // the protocol in which people chat, one of chat.Protocols; "" to find out
}

// Read reads captures as one lab, in the order of their packets' times. A file that breaks off counts up to there, and says so. The
// error is that of a file that is no capture, or of a protocol that is not known.
func Read(o Options, sources ...Source) (*Lab, error) {
	if o.As != "" && !slices.Contains(chat.Protocols(), o.As) {
		return nil, fmt.Errorf("there is no protocol %q to read: %s", o.As, strings.Join(chat.Protocols(), ", "))
	}
	l := &Lab{options: o, connections: make(map[pair]*Connection), datagrams: make(map[pair]*Datagrams)}
	var queues []*queue
	for i, s := range sources {
		r, err := pcap.NewReader(s.Content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		l.Files = append(l.Files, File{Name: s.Name})
		queues = append(queues, &queue{file: i, reader: r})
	}
	l.twins.on = len(sources) > 1
	for {
		next := earliest(queues)
		if next == nil {
			break
		}
		l.add(next)
		next.filled = false
	}
	l.Tap = len(queues) > 0
	for i, q := range queues {
		l.Files[i].Section, l.Files[i].Interfaces = q.reader.Section(), q.reader.Interfaces()
		l.Files[i].Tap = tap(l.Files[i].Interfaces)
		l.Tap = l.Tap && l.Files[i].Tap
		if !errors.Is(q.err, io.EOF) || errors.Is(q.err, io.ErrUnexpectedEOF) {
			l.Files[i].Broken = q.err
		}
	}
	for _, c := range l.Connections {
		c.finish()
	}
	l.Hosts = l.hosts()
	return l, nil
}

// queue is a file of which the next packet has been read.
type queue struct {
	file    int
	reader  *pcap.Reader
	decoder packet.Decoder
	head    pcap.Packet
	filled  bool
	err     error // after which nothing comes

	from *pcap.Interface // of head
	tap  bool            // its packets are made up
}

// next reads the next packet, if there is one.
func (q *queue) next() {
	q.head, q.err = q.reader.Next()
	if q.filled = q.err == nil; q.filled && q.head.Interface != q.from {
		q.from, q.tap = q.head.Interface, madeUp(q.head.Interface)
	}
}

// earliest gives the file whose next packet is the oldest, nil when all are at their end.
func earliest(queues []*queue) (first *queue) {
	for _, q := range queues {
		if !q.filled && q.err == nil {
			q.next()
		}
		if q.filled && (first == nil || q.head.Time < first.head.Time) {
			first = q
		}
	}
	return first
}

// add adds a packet.
func (l *Lab) add(q *queue) {
	l.Files[q.file].Packets++
	var p packet.Packet
	if !q.decoder.Decode(&q.head, &p) {
		l.count(q.head.Time)
		l.Others++
		return
	}
	s := &seen{Packet: &p, ref: Ref{q.file, q.head.Frame}, time: q.head.Time}
	if q.tap {
		s.tap = q.file + 1
	} else if l.twins.seen(q.file, q.head.Time, &p) {
		return
	}
	l.count(q.head.Time)
	switch p.Protocol {
	case packet.TCP:
		l.segment(s)
	case packet.UDP:
		l.datagram(s)
	case packet.ICMP, packet.ICMPv6:
		l.Others++
		l.quoted(s)
	default:
		l.Others++
	}
}

// count counts a packet.
func (l *Lab) count(at int64) {
	if l.Packets == 0 {
		l.Began, l.Ended = at, at
	}
	l.Packets++
	l.Began, l.Ended = min(l.Began, at), max(l.Ended, at)
}

// pair are two sockets. Of a connection, the smaller one comes first. What a tap tells of them stands by itself: two taps make two
// different handshakes up, and what one says cannot be put together with what another says, or a capture.
type pair struct {
	a, b netip.AddrPort
	tap  int // the file, counted from 1; 0 for packets that were captured
}

// segment adds a segment to its connection, or begins one.
func (l *Lab) segment(p *seen) {
	src, dst := netip.AddrPortFrom(p.Src, p.Segment.SrcPort), netip.AddrPortFrom(p.Dst, p.Segment.DstPort)
	key, side := pair{src, dst, p.tap}, 0
	if dst.Compare(src) < 0 {
		key, side = pair{dst, src, p.tap}, 1
	}
	c := l.connections[key]
	if c == nil || c.reused(&p.Segment) {
		c.finish()
		c = begin(key, side, p)
		if l.options.Detail && len(l.Connections) < MaxDetailed {
			c.Detail = &Detail{}
		}
		l.connections[key] = c
		l.Connections = append(l.Connections, c)
	}
	from := Direction(side)
	if c.flipped {
		from = 1 - from
	}
	c.follow(from, p)
	l.hear(c, from, p)
}

// begin begins a connection with its first segment, and decides who is the client: who asked for it, else who has the higher port.
func begin(key pair, side int, p *seen) *Connection {
	c := &Connection{Client: key.a, Server: key.b, First: p.ref, Began: p.time, Ended: p.time}
	switch {
	case p.Segment.Flags.Has(packet.SYN | packet.ACK):
		c.flipped = side == 0
	case p.Segment.Flags.Has(packet.SYN):
		c.flipped = side == 1
	default:
		c.flipped = key.a.Port() < key.b.Port()
	}
	if c.flipped {
		c.Client, c.Server = key.b, key.a
	}
	return c
}

// reused reports whether a segment begins another connection between the same sockets.
func (c *Connection) reused(s *packet.Segment) bool {
	return s.Flags&(packet.SYN|packet.ACK) == packet.SYN && c.SYN != nil && c.SYN.Seq != s.Seq
}

// datagram adds a datagram to its conversation.
func (l *Lab) datagram(p *seen) {
	key := pair{netip.AddrPortFrom(p.Src, p.Datagram.SrcPort), netip.AddrPortFrom(p.Dst, p.Datagram.DstPort), p.tap}
	d := l.datagrams[key]
	if d == nil {
		d = &Datagrams{From: key.a, To: key.b}
		l.datagrams[key] = d
		l.Datagrams = append(l.Datagrams, d)
	}
	d.follow(p, &l.room)
}

// quoted ties an ICMP message to the datagrams that caused it.
func (l *Lab) quoted(p *seen) {
	q := p.Quoted
	if !q.Unreachable(p.Protocol) || q.Protocol != packet.UDP {
		return
	}
	if d := l.datagrams[pair{netip.AddrPortFrom(q.Src, q.SrcPort), netip.AddrPortFrom(q.Dst, q.DstPort), p.tap}]; d != nil {
		d.Unreachable.add(p.ref)
	}
}
