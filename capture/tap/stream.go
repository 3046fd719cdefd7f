package tap

import (
	"errors"
	"io"
	"net/netip"
	"syscall"
)

// Role says what a program is on a connection.
type Role struct {
	Accepted bool // it is the server; else it has connected
	TLS      bool // the connection is encrypted, and what is told here is not
}

const (
	// ackEvery is after how many bytes without an answer an acknowledgement is made: the window may not seem to be full.
	ackEvery = 1 << 28
	// pieceSize is how many bytes are queued, or dropped, together.
	pieceSize = 64 << 10
)

// Stream is one connection. It is told what goes over it, in each direction in its order. Its methods may be called from any
// goroutine. The nil Stream takes everything and writes nothing.
type Stream struct {
	tap        *Tap
	ends       [2]end // we, and the peer
	role       Role
	sent, came string // comments

	gone bool // nothing can come any more; the tap's mutex guards it, as what follows
}

// end is one end of a connection, as the packets made of it show it.
type end struct {
	address netip.AddrPort
	next    uint32 // sequence number of what it sends next
	acked   uint32 // how far the other end has acknowledged
	over    bool   // its FIN is there
}

// Which end.
const (
	we = iota
	peer
)

// Begin tells of a connection that stands. Where the addresses are not those of IP, or not of one kind, it gives nil.
func (t *Tap) Begin(local, remote netip.AddrPort, role Role) *Stream {
	local, remote = plainAddress(local), plainAddress(remote)
	if !local.IsValid() || !remote.IsValid() || local.Addr().Is4() != remote.Addr().Is4() {
		return nil
	}
	s := &Stream{tap: t, role: role, sent: commentSent, came: commentReceived}
	if role.TLS {
		s.sent += commentTLS
		s.came += commentTLS
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.streams++
	s.ends = [2]end{{address: local, next: t.streams}, {address: remote, next: t.streams}}
	s.shake()
	return s
}

// shake makes a handshake: who begins a connection sends the first segment.
func (s *Stream) shake() {
	client, server := we, peer
	if s.role.Accepted {
		client, server = peer, we
	}
	s.make(client, flagSYN, nil, commentMade)
	s.make(server, flagSYN|flagACK, nil, commentMade)
	s.make(client, flagACK, nil, commentMade)
}

// Received tells what has come, and how reading ended: err is nil, io.EOF when the peer has sent everything, or what failed.
func (s *Stream) Received(p []byte, err error) { s.tell(peer, p, s.comment(peer), err) }

// Sent tells what the system has taken to send, and how sending ended: err is nil, io.EOF when nothing more will be sent, or what
// failed.
func (s *Stream) Sent(p []byte, err error) { s.tell(we, p, s.comment(we), err) }

// Closed tells that the program is done with the connection. Where it had not said that it sends no more, that is its end.
func (s *Stream) Closed() {
	if s == nil {
		return
	}
	s.tap.mu.Lock()
	defer s.tap.mu.Unlock()
	s.finish(we)
	s.gone = true
}

// comment says what data from an end is.
func (s *Stream) comment(from int) string {
	switch {
	case s == nil:
		return ""
	case from == we:
		return s.sent
	}
	return s.came
}

// tell tells of bytes and of an end.
func (s *Stream) tell(from int, p []byte, comment string, err error) {
	if s == nil || len(p) == 0 && err == nil {
		return
	}
	s.tap.mu.Lock()
	defer s.tap.mu.Unlock()
	if s.gone || s.ends[from].over {
		return
	}
	for len(p) > 0 {
		piece := p[:min(len(p), pieceSize)]
		p = p[len(piece):]
		s.make(from, flagPSH|flagACK, piece, comment)
		if e := &s.ends[from]; e.next-e.acked > ackEvery {
			s.make(1-from, flagACK, nil, commentMade)
		}
	}
	switch {
	case err == io.EOF:
		s.finish(from)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		s.make(peer, flagRST|flagACK, nil, commentReceived)
		s.gone = true
	}
}

// finish makes the FIN of an end that has none.
func (s *Stream) finish(from int) {
	if !s.gone && !s.ends[from].over {
		s.make(from, flagFIN|flagACK, nil, s.comment(from))
		s.ends[from].over = true
	}
}

// make queues a segment of an end, which acknowledges all that the other has sent. The mutex is held.
func (s *Stream) make(from int, flags byte, data []byte, comment string) {
	e, other := &s.ends[from], &s.ends[1-from]
	seg := segment{seq: e.next, flags: flags}
	if flags&flagACK != 0 {
		seg.ack = other.next
		other.acked = other.next
	}
	e.next += uint32(len(data))
	if flags&(flagSYN|flagFIN) != 0 {
		e.next++
	}
	s.tap.add(event{
		at: s.tap.stamp(), from: e.address, to: other.address, protocol: protocolTCP, segment: seg, data: data, comment: comment,
	})
}

// plainAddress gives an address without a zone, and that of IPv4 as such.
func plainAddress(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}
