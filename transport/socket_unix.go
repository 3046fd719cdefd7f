//go:build linux || darwin || openbsd

package transport

import (
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// fileStep is how many bytes of a file one call sends before it looks round.
const fileStep = 1 << 20

// socket is a TCP connection whose descriptor is used directly, inside the callbacks of its syscall.RawConn: they hold
// it open meanwhile, so that its number is never used after it may have become somebody else's.
//
// The callbacks are made once, and what they work on is kept in the struct: a closure for each call would be an
// allocation for each message.
type socket struct {
	*net.TCPConn
	raw syscall.RawConn

	onRead, onWrite func(fd uintptr) (done bool)

	in    *intake // where to read into; nil while await waits
	asked bool    // await has looked whether there is anything
	got   int
	inErr error

	parts  [][]byte // set while writing
	handed int
	outErr error
}

// newLink gives the best link for nc.
func newLink(nc net.Conn) link {
	tcp, ok := nc.(*net.TCPConn)
	if !ok {
		return &stream{Conn: nc}
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return &stream{Conn: nc}
	}
	s := &socket{TCPConn: tcp, raw: raw}
	s.onRead, s.onWrite = s.readNow, s.writeNow
	return s
}

func (s *socket) await(in *intake) {
	in.giveBack()
	s.in, s.asked = nil, false
	_ = s.raw.Read(s.onRead) // an error comes again with read
}

func (s *socket) read(in *intake) (int, error) {
	s.in = in
	if err := s.raw.Read(s.onRead); err != nil {
		return 0, err
	}
	if s.got == 0 && s.inErr == nil {
		return 0, io.EOF
	}
	return s.got, s.inErr
}

// readNow reads what is there; for await it only looks. It borrows a buffer for the attempt alone and gives it back when
// there is nothing, so that nothing is held during the wait that follows. It must try before it waits: the poller
// reports changes only, and sleeps on bytes that came before.
func (s *socket) readNow(fd uintptr) bool {
	if s.in == nil {
		return s.isReadable(fd)
	}
	for {
		s.got, s.inErr = unix.Read(int(fd), s.in.space())
		switch s.inErr {
		case unix.EINTR:
		case unix.EAGAIN:
			s.in.giveBack()
			return false
		default:
			return true
		}
	}
}

// isReadable reports whether a read would give something now. The poller, when it has been waited for, has said so.
func (s *socket) isReadable(fd uintptr) bool {
	if s.asked {
		return true
	}
	s.asked = true
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
	return n > 0 || err != nil
}

func (s *socket) try(parts [][]byte) (int, error) {
	s.parts = parts
	err := s.raw.Write(s.onWrite)
	s.parts = nil // the caller's slice is its own again
	if err != nil {
		return 0, err
	}
	return s.handed, s.outErr
}

// writeNow writes once and is done, whatever came of it, so that try never waits.
func (s *socket) writeNow(fd uintptr) bool {
	s.handed, s.outErr = writeOnce(int(fd), s.parts)
	if s.outErr == unix.EAGAIN {
		s.outErr = nil
	}
	return true
}

func (s *socket) write(parts [][]byte) (n int, err error) {
	waited := s.raw.Write(func(fd uintptr) bool {
		n, err = writeOnce(int(fd), parts)
		return err != unix.EAGAIN
	})
	if waited != nil {
		return 0, waited
	}
	return n, err
}

// writeOnce hands as much of parts to the kernel as it takes at once. With an error, it took nothing.
func writeOnce(fd int, parts [][]byte) (n int, err error) {
	for {
		if len(parts) == 1 {
			n, err = unix.Write(fd, parts[0])
		} else {
			n, err = unix.Writev(fd, parts[:min(len(parts), maxParts)])
		}
		if err != unix.EINTR {
			return max(n, 0), err
		}
	}
}

// interject writes as much of p as the socket takes at once, even while a write is waiting.
func (s *socket) interject(p []byte) (n int) {
	// Control, unlike Write, does not queue behind a write that waits.
	_ = s.raw.Control(func(fd uintptr) { n, _ = writeOnce(int(fd), [][]byte{p}) })
	return n
}

// sendFile sends up to n bytes of f, from where it stands, without bringing them into this process. It gives less than
// n only with an error, at the end of f, or after fileStep bytes.
func (s *socket) sendFile(f *os.File, n int64) (int64, error) {
	return s.ReadFrom(&io.LimitedReader{R: f, N: min(n, fileStep)})
}

func (s *socket) unacknowledged() int { return unacknowledged(s.TCPConn) }

func (s *socket) tcpInfo() (TCPInfo, bool) { return tcpInfo(s.TCPConn) }

func (s *socket) closeWrite() error { return s.CloseWrite() }

func (s *socket) abort() { _ = s.Close() }
