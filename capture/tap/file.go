package tap

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// File is a Tap with its file.
type File struct {
	*Tap
	path string
	file *os.File
}

// Create begins a file at path, which its owner alone may read: there is text of people in it. A capture that is there is
// replaced; another file is not. The error is a sentence.
func Create(path string, o Options) (*File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot write what is sent and received: %w", err)
	}
	f := &File{path: path, file: file}
	if err := f.replace(); err != nil {
		_ = file.Close()
		return nil, err
	}
	if f.Tap, err = New(file, o); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("cannot write what is sent and received: %w", err)
	}
	return f, nil
}

// magics is how captures begin, in the byte order of this machine or the other.
var magics = []uint32{0x0a0d0d0a, 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1}

// replace empties a file that may be.
func (f *File) replace() error {
	info, err := f.file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err // into a pipe there is nothing to be emptied
	}
	var head [4]byte
	switch _, err := f.file.ReadAt(head[:], 0); {
	case info.Size() == 0:
		return nil
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case !slices.Contains(magics, binary.LittleEndian.Uint32(head[:])):
		return fmt.Errorf("%s is there already and is no capture: name another file", f.path)
	}
	return f.file.Truncate(0)
}

// Close ends the file and closes it. It gives a sentence on what is in it and what is not, and an error, also a sentence, when the
// file could not be written to its end. It is idempotent.
func (f *File) Close() (string, error) {
	s, err := f.Tap.Close()
	if closed := f.file.Close(); err == nil && !errors.Is(closed, os.ErrClosed) {
		err = closed
	}
	said := fmt.Sprintf("%s: %s, made from what was sent and received", f.path, count(s.Packets))
	switch {
	case err != nil:
		err = fmt.Errorf("%s ends early, without the last %s: %w", f.path, count(s.Dropped), err)
	case s.Dropped > 0:
		said += fmt.Sprintf("; %s had to be dropped, since the disk was slower than the chat", count(s.Dropped))
	}
	return said, err
}

// count says how many packets.
func count(n int64) string {
	if n == 1 {
		return "1 packet"
	}
	return fmt.Sprintf("%d packets", n)
}
