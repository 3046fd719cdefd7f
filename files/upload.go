package files

import (
	"crypto/sha256"
	"errors"
	"hash"
	"os"

	"parley"
)

// Upload is a file on its way in. It belongs to one goroutine, which ends it with Commit or Abort.
type Upload struct {
	store    *Store
	file     *os.File // nil when it has ended
	hash     hash.Hash
	size     int64 // as announced
	written  int64
	promised int64 // of size, what room is kept for
	adopted  bool  // what was promised is kept now
}

// step is for how many bytes at a time room is kept for an upload. So those who announce much and send nothing keep
// little from others.
const step = 16 << 20

func newUpload(s *Store, f *os.File, size int64) *Upload {
	return &Upload{store: s, file: f, hash: sha256.New(), size: size, promised: min(size, step)}
}

// Write adds p to the file. More than was announced is refused whole, with an *parley.Error of CodeInvalid. When others
// have taken the room that there was at the beginning it is CodeTooLarge or CodeDiskFull; a disk that fails is CodeDiskFull
// or CodeStore. After an error only Abort makes sense.
func (u *Upload) Write(p []byte) (int, error) {
	if u.file == nil {
		return 0, errEnded
	}
	if int64(len(p)) > u.size-u.written {
		return 0, parley.Errorf(parley.CodeInvalid, "more than the %d bytes that were announced", u.size)
	}
	if err := u.makeRoom(u.written + int64(len(p))); err != nil {
		return 0, err
	}
	n, err := u.file.Write(p)
	_, _ = u.hash.Write(p[:n]) // a hash never fails
	u.written += int64(n)
	u.store.wrote(n)
	if err != nil {
		return n, failure(err)
	}
	return n, nil
}

// makeRoom has room kept for the file up to so many bytes.
func (u *Upload) makeRoom(upTo int64) error {
	if upTo <= u.promised {
		return nil
	}
	more := min(max(upTo-u.promised, step), u.size-u.promised)
	if err := u.store.promise(more, more); err != nil {
		return err
	}
	u.promised += more
	return nil
}

// Commit makes the file last, and holds it for whoever is to post the event that names it. When it returns, the content
// is on the disk and will be there after a power cut. Else the error is an *parley.Error: CodeInvalid when fewer bytes
// came than were announced, CodeDiskFull or CodeStore when the disk failed. Either way the upload has ended.
func (u *Upload) Commit() (*Held, error) {
	if u.file == nil {
		return nil, errEnded
	}
	if u.written != u.size {
		u.Abort()
		return nil, parley.Errorf(parley.CodeInvalid, "%d of %d bytes arrived", u.written, u.size)
	}
	var d parley.Digest
	u.hash.Sum(d[:0])
	if err := u.keep(d); err != nil {
		u.Abort()
		return nil, failure(err)
	}
	held := &Held{store: u.store, digest: d}
	u.end()
	return held, nil
}

// keep syncs the file, so that its place never holds anything but all of it, and moves it there.
func (u *Upload) keep(d parley.Digest) error {
	if err := u.file.Sync(); err != nil {
		return err
	}
	if err := u.file.Close(); err != nil {
		return err
	}
	var err error
	u.adopted, err = u.store.adopt(u.file.Name(), u.size, d)
	return err
}

// Abort ends the upload and leaves nothing of it. When it has ended already, that does nothing.
func (u *Upload) Abort() {
	if u.file == nil {
		return
	}
	_ = u.file.Close() // nobody will read it
	if err := os.Remove(u.file.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		u.store.log.Warn("an unfinished upload stays until the next start", "err", err)
	}
	u.end()
}

// end gives back what was promised and not used.
func (u *Upload) end() {
	promised := u.promised
	if u.adopted {
		promised = 0
	}
	u.store.release(promised, u.promised-u.written)
	u.file = nil
}

// errEnded is told to who goes on with an upload that has ended.
var errEnded = parley.Errorf(parley.CodeInvalid, "the upload has ended")
