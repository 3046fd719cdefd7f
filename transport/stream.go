package transport

import (
	"crypto/tls"
	"errors"
	"net"
)

// stream is the portable link, over any net.Conn: TLS, one end of net.Pipe, and TCP where socket is not to be had.
//
// An ordinary Read needs its buffer while it waits, so an idle stream holds a small one. An ordinary Write may wait, so
// try hands over nothing, and everything goes through the queue.
type stream struct {
	net.Conn
	ahead int // bytes that await has read and read has not given
}

func (s *stream) await(in *intake) {
	if s.ahead > 0 {
		return
	}
	n, _ := s.Read(in.space()) // an error comes again
	if s.ahead = n; n == 0 {
		in.giveBack()
	}
}

func (s *stream) read(in *intake) (int, error) {
	if n := s.ahead; n > 0 {
		s.ahead = 0
		return n, nil
	}
	n, err := s.Read(in.space())
	if n > 0 {
		return n, nil // an error that came with bytes comes again without
	}
	in.giveBack()
	return 0, err
}

func (s *stream) try([][]byte) (int, error) { return 0, nil }

// write joins small parts into one Write, so that TLS makes one record of them. It does not write more than largeBuffer
// at once, since it does not see how far a Write that waits has come.
func (s *stream) write(parts [][]byte) (int, error) {
	if first := parts[0]; len(parts) == 1 || len(first) >= largeBuffer/2 {
		return s.Write(first[:min(len(first), largeBuffer)])
	}
	joined := make([]byte, 0, min(totalLen(parts), largeBuffer))
	for _, p := range parts {
		if len(joined)+len(p) > largeBuffer {
			break
		}
		joined = append(joined, p...)
	}
	return s.Write(joined)
}

func (s *stream) unacknowledged() int { return unacknowledged(s.bare()) }

func (s *stream) tcpInfo() (TCPInfo, bool) { return tcpInfo(s.bare()) }

func (s *stream) closeWrite() error {
	half, ok := s.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// abort closes what lies under TLS: closing TLS itself would wait to say so to a peer that may not be reading.
func (s *stream) abort() { _ = s.bare().Close() }

// bare gives the connection without TLS, or what lies under it.
func (s *stream) bare() net.Conn {
	if t, ok := s.Conn.(*tls.Conn); ok {
		return t.NetConn()
	}
	return s.Conn
}
