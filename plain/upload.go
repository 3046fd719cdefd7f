package plain

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"parley"
	"parley/plain/wire"
)

const (
	// startTimeout is how long a client may be silent before the first byte of a file that it has announced. Space is kept
	// for the whole of it, and nothing has come yet that would be worth it.
	startTimeout = 10 * time.Second
	// stallTimeout is how long a client may be silent later.
	stallTimeout = time.Minute
	// discardLimit is how many bytes of a refused file are read and dropped, to keep the connection.
	discardLimit = 1 << 20
)

// receive takes a file, whose bytes follow. An error is why the connection ends.
func (s *session) receive(command wire.Command) error {
	if command.Size == wire.NoSize {
		s.fail(parley.Errorf(parley.CodeInvalid, "the size of a file is a number of bytes: send file:NAME SIZE"))
		return nil
	}
	s.send()
	u := &upload{session: s, left: command.Size, patience: startTimeout}
	file, err := s.keep(command, u)
	switch {
	case errors.Is(u.broken, io.EOF): // it has closed the side on which it sends, and may still read the other
		s.fail(parley.Errorf(parley.CodeInvalid,
			"the file did not arrive whole: %d of %d bytes came", command.Size-u.left, command.Size))
		return u.broken
	case u.broken != nil:
		return u.broken
	case err != nil:
		s.fail(err)
	default:
		s.out = wire.AppendStored(s.out, file)
	}
	return u.discard()
}

// keep stores the file that u brings, and says so in the room.
func (s *session) keep(command wire.Command, u *upload) (parley.File, error) {
	name, err := parley.ParseFileName(command.Arg)
	if err != nil {
		return parley.File{}, err
	}
	ctx := context.Background()
	return s.server.files.Receive(ctx, name, command.Size, u, func(file parley.File) error {
		return s.place.PostFile(ctx, file)
	})
}

// upload reads the content of a file off a connection: exactly as many bytes as were announced, then io.EOF.
type upload struct {
	session  *session
	left     int64         // bytes still to be read
	patience time.Duration // how long the client may be silent
	chunk    []byte        // of the bytes still to be read, those that have come
	broken   error         // why the connection ends before the file does
}

// Read gives the next bytes of the file. It fails with io.ErrUnexpectedEOF when they end too early.
func (u *upload) Read(p []byte) (int, error) {
	if u.left == 0 {
		return 0, io.EOF
	}
	if len(u.chunk) == 0 && u.broken == nil {
		u.chunk, u.broken = u.session.moreOf(u.left, u.patience)
	}
	if u.broken != nil {
		return 0, io.ErrUnexpectedEOF
	}
	u.patience = stallTimeout
	n := copy(p, u.chunk)
	u.chunk = u.chunk[n:]
	u.left -= int64(n)
	return n, nil
}

// moreOf waits for bytes of a file of which left are still to come, for as long as patience and idle= allow. What follows
// the file in the same read is left to the framer. An error is why the connection ends.
func (s *session) moreOf(left int64, patience time.Duration) ([]byte, error) {
	if chunk := s.raw(left); len(chunk) > 0 {
		return chunk, nil
	}
	if idle := s.server.options.Idle; idle > 0 {
		patience = min(idle, patience)
	}
	s.heard = time.Now()
	for {
		s.wakeAt(s.heard.Add(patience))
		p, err := s.conn.Next()
		switch {
		case err == nil:
			s.unpaid += len(p)
			s.frames.Feed(p, time.Now())
			return s.raw(left), nil
		case err != os.ErrDeadlineExceeded:
			return nil, parley.Wrap(parley.CodeClosed, err, "the client left while it sent a file")
		case time.Since(s.heard) >= patience:
			return nil, s.expire(patience)
		}
		s.deadline.passed = true
	}
}

// raw takes up to n bytes of a file from what has come. They are not paid for: a file takes what the network gives.
func (s *session) raw(n int64) []byte {
	chunk := s.frames.Raw(n)
	s.unpaid -= len(chunk)
	return chunk
}

// discard reads and drops what is left of a file that was refused, so that its bytes are not taken for messages. Where
// that is too much the connection ends instead.
func (u *upload) discard() error {
	if u.left > discardLimit {
		return parley.Errorf(parley.CodeTooLarge, "a file of %d bytes was refused", u.left)
	}
	u.session.send()
	u.patience = stallTimeout // no space is kept for it
	_, _ = io.Copy(io.Discard, u)
	return u.broken
}
