package plain

import (
	"context"
	"io"
	"slices"

	"parley"
	"parley/plain/wire"
)

// maxSlice is how many bytes of what was missed are queued at a time: well under what a connection may have queued before
// its client counts as too slow.
const maxSlice = 256 << 10

// give sends a file that the client asked for. Nothing else is sent between its header and its last byte; what is said
// in the room meanwhile is read from history afterwards. An error is why the connection ends.
func (s *session) give(arg string) error {
	file, content, err := s.find(arg)
	if err != nil {
		s.fail(err)
		return nil
	}
	defer content.Close()
	s.send()
	s.place.Pause()
	if s.asked != nil {
		s.asked.hold(true)
		defer s.asked.hold(false)
	}
	s.conn.Send([][]byte{wire.AppendFileHeader(nil, file)})
	if err := s.conn.Copy(context.Background(), content, file.Size); err != nil {
		return err
	}
	if err := s.place.Resume(context.Background(), s.write); err != nil {
		s.fail(err)
		return err
	}
	return nil
}

// find opens the file that is meant by a name. A name that no file can have is that of a file that does not exist.
func (s *session) find(arg string) (parley.File, io.ReadSeekCloser, error) {
	name, err := parley.ParseFileName(arg)
	if err != nil {
		return parley.File{}, nil, errNoSuchFile(arg)
	}
	ctx, stop := s.whileConnected() // a shared file is read as a whole before it is given: not for somebody who has gone
	defer stop()
	file, content, err := s.server.files.Open(ctx, s.server.room.ID, name)
	if parley.CodeOf(err) == parley.CodeNoSuchFile {
		return parley.File{}, nil, errNoSuchFile(arg)
	}
	return file, content, err
}

func errNoSuchFile(name string) error {
	if len(name) > parley.MaxFileName {
		name = name[:parley.MaxFileName]
	}
	return parley.Errorf(parley.CodeNoSuchFile, "no such file: %s", parley.CleanLine(name))
}

// write sends a block of what was missed, at the pace at which the client reads.
func (s *session) write(block []byte) error {
	for slice := range slices.Chunk(block, maxSlice) {
		s.conn.Send([][]byte{slice})
		if err := s.conn.Flush(context.Background()); err != nil {
			return err
		}
	}
	return nil
}
