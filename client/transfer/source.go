package transfer

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"parley"
)

// Source is something to send: a file, or a folder as an archive. It is read by one goroutine, and closed by who opened it.
type Source struct {
	Path    string          // as it was given
	Name    parley.FileName // to send it by
	Size    int64           // bytes
	Skipped []string        // what is in the folder and cannot be sent: links, devices, sockets

	absolute string
	mark     string // another one when what is there has changed
	open     func(path string) (*os.File, error)
	root     *os.Root // of a folder
	parts    []part
	current  *os.File // that of the part at
	at       int
	sum      hash.Hash
	summed   int64 // bytes that are in sum
}

// part is some bytes of a Source: its own, or those of a file.
type part struct {
	offset  int64
	size    int64
	bytes   []byte
	path    string // "" for bytes
	changed time.Time
}

// errChanged tells that a file is not what it was when sending began.
func errChanged(path string) error {
	return parley.Errorf(parley.CodeInvalid, "%s has changed while it was sent: send it again", parley.CleanLine(path))
}

// Open looks at what is to be sent, all of it: what cannot be read is told before anything is sent. The error is an
// *parley.Error: CodeNoSuchFile, CodeNameInvalid for names that others could not have, CodeInvalid.
func Open(path string) (*Source, error) {
	s := &Source{Path: path, open: os.Open, sum: sha256.New(), at: -1}
	info, err := os.Stat(path)
	if err == nil {
		s.absolute, err = filepath.Abs(path)
	}
	if err == nil {
		switch {
		case info.IsDir():
			err = s.addFolder()
		case info.Mode().IsRegular():
			err = s.addFile(path, info)
		default:
			err = errors.New("neither a file nor a folder") // opening a pipe would wait for its other end
		}
	}
	if err != nil {
		_ = s.Close()
		return nil, notSent(path, err)
	}
	return s, nil
}

// addFile makes a file the whole of it.
func (s *Source) addFile(path string, info fs.FileInfo) (err error) {
	if s.Name, err = parley.ParseFileName(filepath.Base(s.absolute)); err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	s.mark = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
	s.add(part{size: info.Size(), path: path, changed: info.ModTime()})
	return file.Close()
}

// add adds a part at the end.
func (s *Source) add(p part) {
	p.offset = s.Size
	if p.size > 0 {
		s.parts = append(s.parts, p)
	}
	s.Size += p.size
}

// ReadAt gives the bytes at an offset. It fails when a file is not what it was.
func (s *Source) ReadAt(p []byte, offset int64) (int, error) {
	if offset > s.summed { // it goes on in the middle, and what is before belongs to the digest
		if err := s.catchUp(offset); err != nil {
			return 0, err
		}
	}
	n, err := s.readAt(p, offset)
	if fresh := offset + int64(n) - s.summed; fresh > 0 {
		_, _ = s.sum.Write(p[int64(n)-fresh : n]) // a hash never fails
		s.summed += fresh
	}
	return n, err
}

// catchUp reads up to an offset for the digest.
func (s *Source) catchUp(to int64) error {
	buffer := make([]byte, 256<<10)
	for s.summed < to {
		n, err := s.readAt(buffer[:min(int64(len(buffer)), to-s.summed)], s.summed)
		_, _ = s.sum.Write(buffer[:n])
		s.summed += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}

// Digest gives the digest of all that there is, and reads what was not read yet for it.
func (s *Source) Digest() (parley.Digest, error) {
	if err := s.catchUp(s.Size); err != nil {
		return parley.Digest{}, err
	}
	return parley.Digest(s.sum.Sum(nil)), nil
}

// readAt gives the bytes at an offset, over as many parts as it takes.
func (s *Source) readAt(p []byte, offset int64) (n int, err error) {
	i := sort.Search(len(s.parts), func(i int) bool { return s.parts[i].offset+s.parts[i].size > offset })
	for ; n < len(p) && err == nil; i++ {
		if i == len(s.parts) {
			return n, io.EOF
		}
		from := offset + int64(n) - s.parts[i].offset
		want := p[n:min(int64(len(p)), int64(n)+s.parts[i].size-from)]
		if s.parts[i].path == "" {
			n += copy(want, s.parts[i].bytes[from:])
			continue
		}
		var got int
		got, err = s.readFile(i, want, from)
		n += got
	}
	return n, err
}

// readFile gives bytes of the file of a part.
func (s *Source) readFile(i int, p []byte, offset int64) (int, error) {
	if s.at != i {
		s.closeCurrent()
		file, err := s.open(s.parts[i].path)
		if err != nil {
			return 0, notSent(s.parts[i].path, err)
		}
		s.current, s.at = file, i
	}
	n, err := s.current.ReadAt(p, offset)
	info, failed := s.current.Stat()
	switch {
	case n < len(p) && err == io.EOF, failed == nil && (info.Size() != s.parts[i].size || !info.ModTime().Equal(s.parts[i].changed)):
		return n, errChanged(s.parts[i].path)
	case err != nil && err != io.EOF:
		return n, notSent(s.parts[i].path, err)
	}
	return n, nil
}

func (s *Source) closeCurrent() {
	if s.current != nil {
		_ = s.current.Close() // it was only read
	}
	s.current, s.at = nil, -1
}

// Close gives back what is open.
func (s *Source) Close() error {
	s.closeCurrent()
	if s.root != nil {
		return s.root.Close()
	}
	return nil
}

// notSent makes the error about something that cannot be sent.
func notSent(path string, err error) error {
	if coded, ok := errors.AsType[*parley.Error](err); ok {
		return coded
	}
	path = parley.CleanLine(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return parley.Wrap(parley.CodeNoSuchFile, err, "there is no file "+path)
	case errors.Is(err, fs.ErrPermission):
		return parley.Wrap(parley.CodeInvalid, err, path+" cannot be sent: you may not read it")
	}
	reason := err.Error()
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		reason = inner.Err.Error()
	}
	return parley.Wrap(parley.CodeInvalid, err, path+" cannot be sent: "+strings.TrimSpace(parley.CleanLine(reason)))
}
