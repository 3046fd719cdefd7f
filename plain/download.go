package plain

import (
	"context"
	"io"

	"parley"
	"parley/plain/wire"
)

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
func (s *session) find(arg string) (parley.File, io.ReadCloser, error) {
	name, err := parley.ParseFileName(arg)
	if err != nil {
		return parley.File{}, nil, errNoSuchFile(arg)
	}
	file, content, err := s.server.files.Open(context.Background(), s.server.room.ID, name)
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
	s.conn.Send([][]byte{block})
	return s.conn.Flush(context.Background())
}
