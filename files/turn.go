package files

import (
	"errors"
	"hash"
	"io"
	"os"

	"parley"
)

// Turn is somebody's turn at an upload in pieces. It belongs to one goroutine, which ends it with End.
type Turn struct {
	pieces  *pieces
	file    *os.File // nil when the content is whole
	hash    hash.Hash
	written int64      // bytes, noted or not
	noting  *noteInWay // nil where nothing is being noted
}

// noteInWay is a note that is being written while more content comes.
type noteInWay struct {
	mark mark
	done chan error // gets one value
}

// maxAhead is how many bytes may have come that are not noted, while a note is being written.
const maxAhead = 32 << 20

// open opens the upload where it was left: what was written and not noted does not count.
func (p *pieces) open() (*Turn, error) {
	t := &Turn{pieces: p, written: p.offset}
	if p.held != nil || p.posted {
		return t, nil
	}
	var err error
	if t.hash, err = p.hash(); err != nil {
		return nil, err
	}
	if t.file, err = os.OpenFile(p.data(), os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	if err = t.file.Truncate(p.offset); err == nil {
		_, err = t.file.Seek(p.offset, io.SeekStart)
	}
	if err != nil {
		_ = t.file.Close() // nothing was written
		return nil, err
	}
	return t, nil
}

// About is the upload.
func (t *Turn) About() parley.Upload { return t.pieces.about }

// Offset is how many bytes have come and will be there whatever happens.
func (t *Turn) Offset() int64 { return t.pieces.offset }

// Write adds b. More than was announced is refused whole, with an *parley.Error of CodeInvalid; a disk that fails is
// CodeDiskFull or CodeStore. It counts with the next Note only.
func (t *Turn) Write(b []byte) (int, error) {
	if int64(len(b)) > t.pieces.about.Size-t.written {
		return 0, parley.Errorf(parley.CodeInvalid, "more than the %d bytes that were announced", t.pieces.about.Size)
	}
	if len(b) == 0 || t.file == nil {
		return 0, nil
	}
	n, err := t.file.Write(b)
	_, _ = t.hash.Write(b[:n]) // a hash never fails
	t.written += int64(n)
	t.pieces.store.wrote(n)
	if err != nil {
		return n, failure(err)
	}
	return n, nil
}

// Note makes all that was written last: when it returns, it is on the disk. The error is an *parley.Error of CodeDiskFull or
// CodeStore.
func (t *Turn) Note() error {
	err := t.settle()
	if err == nil && t.ahead() > 0 {
		if err = t.beginNote(); err == nil {
			err = t.settle()
		}
	}
	if err != nil {
		return failure(err)
	}
	return nil
}

// NoteSoon is Note, but goes on at once where the disk keeps up more or less: what was written lasts a little later. That it
// failed is told by the next call.
func (t *Turn) NoteSoon() error {
	if t.noting != nil && len(t.noting.done) == 0 && t.ahead() < maxAhead {
		return nil
	}
	err := t.settle()
	if err == nil && t.ahead() > 0 {
		err = t.beginNote()
	}
	if err != nil {
		return failure(err)
	}
	return nil
}

// ahead is how many bytes were written that are not noted.
func (t *Turn) ahead() int64 {
	if t.file == nil {
		return 0
	}
	return t.written - t.pieces.offset
}

// beginNote has all that was written noted in the background.
func (t *Turn) beginNote() error {
	m, err := markOf(t.hash, t.written)
	if err != nil {
		return err
	}
	n := &noteInWay{mark: m, done: make(chan error, 1)}
	t.noting = n
	file, pieces := t.file, t.pieces
	go func() {
		err := file.Sync()
		if err == nil {
			err = pieces.write(n.mark)
		}
		n.done <- err
	}()
	return nil
}

// settle waits for the note that is being written, if one is. What it has noted counts.
func (t *Turn) settle() error {
	n := t.noting
	if n == nil {
		return nil
	}
	t.noting = nil
	if err := <-n.done; err != nil {
		return err
	}
	t.pieces.mark = n.mark
	return nil
}

// Finish gives a content that has come whole its place, and has post say so. It is durable when post is called. Once it was
// posted, Finish does nothing. When post refuses it for good, nothing is left of the upload; when trying again can help, it waits
// for that as it is. The error is an *parley.Error, or post's.
func (t *Turn) Finish(post func(parley.File) error) error {
	p := t.pieces
	if p.posted {
		return nil
	}
	if p.offset != p.about.Size {
		return parley.Errorf(parley.CodeInvalid, "%d of %d bytes arrived", p.offset, p.about.Size)
	}
	if p.held == nil {
		if err := t.adopt(); err != nil {
			return failure(err)
		}
	}
	err := post(parley.File{Name: p.about.Name, Size: p.about.Size, Digest: p.held.Digest()})
	if err != nil {
		if !parley.CodeOf(err).Retry() {
			p.remove()
		}
		return err
	}
	p.held.Keep()
	p.held = nil
	p.store.mu.Lock()
	p.posted = true
	p.store.mu.Unlock()
	if err := os.Rename(p.note(), p.done()); err != nil {
		p.store.log.Warn("that an upload was posted is forgotten at the next start, and it is posted again", "err", err)
	}
	p.store.forget(p.about.By)
	return nil
}

// adopt gives the content its place, where it is held.
func (t *Turn) adopt() error {
	p := t.pieces
	var d parley.Digest
	t.hash.Sum(d[:0])
	if err := errors.Join(t.file.Sync(), t.file.Close()); err != nil {
		return err
	}
	t.file = nil
	added, err := p.store.adopt(p.data(), p.about.Size, d)
	if err != nil {
		if _, there := os.Stat(p.data()); errors.Is(there, os.ErrNotExist) {
			p.spent = added
			p.remove() // it had its place already, and was taken back
		}
		return err
	}
	if !added {
		p.store.release(p.about.Size, 0)
	}
	p.held = &Held{store: p.store, digest: d}
	return nil
}

// Remove ends the upload and leaves nothing of it. What was posted stays.
func (t *Turn) Remove() {
	_ = t.settle() // whatever came of it
	t.pieces.remove()
}

// End gives the turn to whoever waits for it. What was written and not noted is gone.
func (t *Turn) End() {
	p := t.pieces
	if err := t.settle(); err != nil {
		p.store.log.Warn("the end of a piece is not noted", "err", err)
	}
	if t.file != nil {
		_ = t.file.Close() // what counts was synced
	}
	p.store.wrote(int(p.offset - t.written)) // room for it is needed again
	p.release()
}
