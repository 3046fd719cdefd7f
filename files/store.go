package files

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"parley"
	"parley/disk"
)

// DefaultReserve is what is kept free on the disk, in bytes.
const DefaultReserve = 64 << 20

// Options limits what a Store takes.
type Options struct {
	FileLimit int64        // bytes in one file; 0 for no limit
	Quota     int64        // bytes in all files together, those under way included; 0 for no limit
	Reserve   int64        // bytes kept free on the disk; 0 means DefaultReserve, a negative number none
	Log       *slog.Logger // nil for none

	Now   func() time.Time                  // time.Now when nil
	Named func(parley.Digest) (bool, error) // whether an event names a content; needed by Begin and what follows it
}

// Store keeps contents by their SHA-256: DIR/blobs/ab/abcd…, in DIR/tmp what is not complete, and in DIR/pieces what comes in
// pieces. Its methods may be called from any goroutine. No other process may use DIR.
type Store struct {
	blobs   string
	tmp     string
	pieces  string
	options Options
	log     *slog.Logger
	free    func(path string) (int64, error)

	mu        sync.Mutex
	files     int   // blobs
	kept      int64 // bytes in all blobs
	promised  int64 // bytes that uploads under way have been given room for
	unwritten int64 // those of them that are not on the disk yet
	held      map[parley.Digest]*holders
	uploads   map[parley.UploadID]*pieces
}

// Open opens the store in dir, which it makes if need be, and removes what uploads left that were under way when the
// last process ended. It looks at every blob once, for the quota. The error is an *parley.Error of CodeStore.
func Open(dir string, o Options) (*Store, error) { return open(dir, o, disk.Free) }

// open is Open with a disk whose free space can be made up.
func open(dir string, o Options, free func(string) (int64, error)) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Reserve == 0 {
		o.Reserve = DefaultReserve
	}
	o.Reserve = max(o.Reserve, 0)
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{
		blobs:   filepath.Join(dir, "blobs"),
		tmp:     filepath.Join(dir, "tmp"),
		options: o,
		log:     o.Log,
		free:    free,
		held:    make(map[parley.Digest]*holders),
		pieces:  filepath.Join(dir, "pieces"),
		uploads: make(map[parley.UploadID]*pieces),
	}
	err := errors.Join(os.MkdirAll(s.blobs, 0o700), os.MkdirAll(s.tmp, 0o700), os.MkdirAll(s.pieces, 0o700))
	if err == nil {
		err = errors.Join(s.clear(), s.count(), s.restore())
	}
	if err != nil {
		return nil, parley.Errorf(parley.CodeStore, "cannot keep files in %s: %w", parley.CleanLine(dir), reason(err))
	}
	return s, nil
}

// clear removes what is in tmp.
func (s *Store) clear() error {
	debris, err := os.ReadDir(s.tmp)
	if err != nil {
		return err
	}
	if len(debris) > 0 {
		s.log.Info("removing unfinished uploads", "count", len(debris))
	}
	for _, d := range debris {
		err = errors.Join(err, os.RemoveAll(filepath.Join(s.tmp, d.Name())))
	}
	return err
}

// count adds up the blobs.
func (s *Store) count() error {
	return filepath.WalkDir(s.blobs, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			s.files++
			s.kept += info.Size()
		}
		return err
	})
}

// Create begins an upload of exactly size bytes, for which there is room now. Nothing is read or written
// when it is refused, with an *parley.Error: CodeInvalid for a negative size, CodeTooLarge over the limit for one
// file or for all, CodeDiskFull when the disk has not enough room besides its reserve and the other uploads under
// way.
func (s *Store) Create(size int64) (*Upload, error) {
	if err := s.allows(size); err != nil {
		return nil, err
	}
	if err := s.promise(size, min(size, step)); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(s.tmp, "upload-*")
	if err != nil {
		s.release(min(size, step), min(size, step))
		return nil, failure(err)
	}
	return newUpload(s, f, size), nil
}

// allows tells why no file may have that size.
func (s *Store) allows(size int64) error {
	if size < 0 {
		return parley.Errorf(parley.CodeInvalid, "a file cannot have %d bytes", size)
	}
	if limit := s.options.FileLimit; limit > 0 && size > limit {
		return parley.Errorf(parley.CodeTooLarge, "a file may have at most %d bytes", limit)
	}
	return nil
}

// promise keeps room for the first of size bytes, now of them, if there is room for all.
func (s *Store) promise(size, now int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if quota := s.options.Quota; quota > 0 && size > quota-s.kept-s.promised {
		return parley.Errorf(parley.CodeTooLarge, "no room for %d bytes: all files together may have %d", size, quota)
	}
	free, err := s.free(s.tmp) // a disk that does not tell is full when a write fails
	if err == nil && size > free-s.options.Reserve-s.unwritten {
		return parley.Errorf(parley.CodeDiskFull, "the disk has no room for %d bytes", size)
	}
	s.promised += now
	s.unwritten += now
	return nil
}

// wrote notes that so many of the promised bytes are on the disk, where they count as not free.
func (s *Store) wrote(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unwritten -= int64(n)
}

// release gives back what was promised, and that of it which was never written.
func (s *Store) release(promised, unwritten int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.promised -= promised
	s.unwritten -= unwritten
}

// Open opens a content for reading. The error is an *parley.Error, CodeNoSuchFile when it is not here.
func (s *Store) Open(d parley.Digest) (*os.File, error) {
	_, path := s.place(d)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, parley.Wrap(parley.CodeNoSuchFile, err, "this file is not kept any more")
	}
	if err != nil {
		return nil, parley.Wrap(parley.CodeStore, err, "the file could not be read")
	}
	return f, nil
}

// place gives where a content is: its folder and its path.
func (s *Store) place(d parley.Digest) (folder, path string) {
	name := d.String()
	folder = filepath.Join(s.blobs, name[:2])
	return folder, filepath.Join(folder, name)
}

// adopt gives the complete file at path, which is synced and closed, its place among the blobs, or drops it when that content is
// here already. Either way the content is held then, unless there is an error. It reports whether the content was not
// here before; then what was promised for it has become what is kept.
func (s *Store) adopt(path string, size int64, d parley.Digest) (added bool, err error) {
	folder, place := s.place(d)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return false, err
	}
	if added, err = s.move(path, size, d, place); err != nil {
		return false, err
	}
	// Whoever brought this content first may not have got so far yet, so this is not left out for a content that was
	// here.
	if err := errors.Join(syncFolder(folder), syncFolder(s.blobs)); err != nil {
		return added, errors.Join(err, s.letGo(d, !added))
	}
	return added, nil
}

// move is the step of adopt that only one upload takes at a time. It reports whether the content was not here before;
// then what was promised becomes what is kept.
func (s *Store) move(path string, size int64, d parley.Digest, place string) (added bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, damaged := 1, int64(0) // more files, and bytes of what is replaced
	if info, err := os.Stat(place); err == nil {
		if info.Size() == size {
			if err := os.Remove(path); err != nil {
				return false, err
			}
			s.hold(d)
			return false, nil
		}
		one, damaged = 0, info.Size()
	}
	if err := os.Rename(path, place); err != nil {
		return false, err
	}
	s.hold(d)
	s.files += one
	s.kept += size - damaged
	s.promised -= size
	return true, nil
}

// reason gives what the system says of an error, without the path, which the sentence has already.
func reason(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

// failure gives what the sender of a file is told when the disk failed.
func failure(err error) *parley.Error {
	if disk.IsFull(err) {
		return parley.Wrap(parley.CodeDiskFull, err, "the disk is full")
	}
	return parley.Wrap(parley.CodeStore, err, "the file could not be stored")
}
