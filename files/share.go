package files

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"parley"
)

// settled is how long a file must have been left alone before its digest is remembered: on some file systems two
// changes within this time leave the same time on the file. How long it was, the time on the file tells; where that lies
// in the future, because another clock made it, how long the file has been known as it is.
const settled = 2 * time.Second

// Share offers the files of one folder for reading. Its methods may be called from any goroutine.
type Share struct {
	root *os.Root
	now  func() time.Time

	mu    sync.Mutex
	known map[parley.FileName]*shared
}

// shared remembers the digest of one file.
type shared struct {
	turn   chan struct{} // has room for whoever reads the file, which happens once for all who ask; others can give up
	info   os.FileInfo   // what the file was like when it was last looked at; nil before that
	since  time.Time     // when it was first seen to be like that
	digest parley.Digest // what was in it then
	valid  bool          // digest is that of every file that is like info
}

// OpenShare offers the files in dir. The error is an *parley.Error of CodeInvalid when dir is no folder that can be
// read.
func OpenShare(dir string) (*Share, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "cannot share the folder %s: %w", parley.CleanLine(dir), reason(err))
	}
	return &Share{root: root, now: time.Now, known: make(map[parley.FileName]*shared)}, nil
}

// Open opens the file of that name, at its start, and tells its size and digest; the caller closes it. The first
// time, and when the file has changed, the whole file is read. The error is an *parley.Error: CodeNoSuchFile for
// everything that is no regular file directly in the folder, or that is being changed just now, and CodeClosed when ctx
// ends first.
func (sh *Share) Open(ctx context.Context, name parley.FileName) (*os.File, parley.File, error) {
	f, err := sh.open(name)
	if err != nil {
		return nil, parley.File{}, parley.Wrap(parley.CodeNoSuchFile, err,
			"no such file: "+parley.CleanLine(string(name)))
	}
	file, err := sh.describe(ctx, f, name)
	if err != nil {
		_ = f.Close() // it was only read
		return nil, parley.File{}, err
	}
	return f, file, nil
}

// Close ends the sharing. Files that are open stay so.
func (sh *Share) Close() error { return sh.root.Close() }

// open opens a regular file, and nothing else, without following a link and without waiting for the other end of a
// pipe.
func (sh *Share) open(name parley.FileName) (*os.File, error) {
	if _, err := parley.ParseFileName(string(name)); err != nil {
		return nil, err
	}
	info, err := sh.root.Lstat(string(name))
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", info.Mode())
	}
	f, err := sh.root.OpenFile(string(name), os.O_RDONLY|dontWait, 0)
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil && !os.SameFile(info, opened) { // somebody has put something else in its place since
		err = fs.ErrNotExist
	}
	if err != nil {
		_ = f.Close() // it was not even read
		return nil, err
	}
	return f, nil
}

// describe gives size and digest of f and leaves it at its start.
func (sh *Share) describe(ctx context.Context, f *os.File, name parley.FileName) (parley.File, error) {
	known := sh.remembered(name)
	select {
	case known.turn <- struct{}{}:
		defer func() { <-known.turn }()
	case <-ctx.Done():
		return parley.File{}, noLonger(ctx)
	}
	info, err := f.Stat()
	if err != nil {
		return parley.File{}, parley.Wrap(parley.CodeStore, err, "the file could not be read")
	}
	known.see(info, sh.now())
	if !known.valid {
		lasts := known.isSettled(sh.now()) // before it is read: it may change, and keep its time, meanwhile
		if err := known.read(ctx, f); err != nil {
			return parley.File{}, err
		}
		known.valid = lasts
	}
	return parley.File{Name: name, Size: info.Size(), Digest: known.digest}, nil
}

// remembered gives what is known of the file of a name.
func (sh *Share) remembered(name parley.FileName) *shared {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	known := sh.known[name]
	if known == nil {
		known = &shared{turn: make(chan struct{}, 1)}
		sh.known[name] = known
	}
	return known
}

// see notes what the file is like now. Whoever calls it has the turn.
func (k *shared) see(info os.FileInfo, now time.Time) {
	if k.info == nil || changed(k.info, info) {
		k.info, k.since, k.valid = info, now, false
	}
}

// isSettled reports whether whatever changes the file from now on leaves another time on it.
func (k *shared) isSettled(now time.Time) bool {
	return now.Sub(k.info.ModTime()) >= settled || now.Sub(k.since) >= settled
}

// read takes the digest of f, which was seen. A file that changes meanwhile has none. Whoever calls it has the turn.
func (k *shared) read(ctx context.Context, f *os.File) error {
	h := sha256.New()
	_, err := io.Copy(h, patient{ctx, f})
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	switch {
	case ctx.Err() != nil:
		return noLonger(ctx)
	case err != nil:
		return parley.Wrap(parley.CodeStore, err, "the file could not be read")
	}
	after, err := f.Stat()
	if err != nil || changed(k.info, after) {
		return parley.Wrap(parley.CodeNoSuchFile, err, "the file is being changed, ask again later")
	}
	h.Sum(k.digest[:0])
	return nil
}

// patient reads for as long as somebody waits: no read begins once ctx has ended.
type patient struct {
	ctx context.Context
	r   io.Reader
}

// Read reads on until the context ends, and then gives its error.
func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// noLonger is the error of reading for somebody who does not wait any more.
func noLonger(ctx context.Context) error {
	return parley.Wrap(parley.CodeClosed, context.Cause(ctx), "nobody waits for the file any more")
}

// changed reports whether two looks at a file may have seen different contents.
func changed(a, b os.FileInfo) bool {
	return !os.SameFile(a, b) || a.Size() != b.Size() || !a.ModTime().Equal(b.ModTime())
}
