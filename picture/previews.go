package picture

import (
	"container/list"
	"context"
	"errors"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"parley"
)

const (
	keepBytes = 16 << 20         // bytes of previews that are kept
	keepCost  = 256              // bytes that one more takes besides its content
	waitTime  = 30 * time.Second // for others' previews to be made
	makeTime  = 10 * time.Second // to make one
	largeCost = 16 << 20         // bytes; what decoding took of more is given back at once
)

// Previews makes previews, one at a time, and keeps those that were asked for last: together as many as 16 MiB hold. Its
// methods may be called from any goroutine.
type Previews struct {
	making chan struct{} // has room for whoever makes one

	wait, work time.Duration // how long may be waited for that, and how long it may take

	mu    sync.Mutex
	known map[parley.Digest]*list.Element
	order *list.List // of *made, the one that was asked for last in front
	bytes int        // what all of them take
}

// made is what came of making a preview: it, or why there is none.
type made struct {
	digest  parley.Digest
	preview Preview
	err     error
}

// NewPreviews makes Previews that keep nothing yet.
func NewPreviews() *Previews {
	return &Previews{
		making: make(chan struct{}, 1), wait: waitTime, work: makeTime,
		known: make(map[parley.Digest]*list.Element), order: list.New(),
	}
}

// Of gives the preview of a file, whose content open opens if need be. The error is an *parley.Error: CodeNoSuchFile where
// there is none, which its sentence explains; CodeThrottled when too many others are to be made before it; CodeClosed when
// ctx ends first; CodeStore when the content cannot be read; or open's.
func (p *Previews) Of(
	ctx context.Context, file parley.File, open func(parley.Digest) (io.ReadSeekCloser, error),
) (Preview, error) {
	if m := p.lookUp(file.Digest); m != nil {
		return m.preview, m.err
	}
	if err := p.await(ctx); err != nil {
		return Preview{}, err
	}
	defer func() { <-p.making }()
	if m := p.lookUp(file.Digest); m != nil { // whoever was waited for has made it
		return m.preview, m.err
	}
	content, err := open(file.Digest)
	if err != nil {
		return Preview{}, err
	}
	defer content.Close()
	from := &source{ReadSeeker: content}
	preview, err := p.make(ctx, from, file.Size)
	switch {
	case err != nil && ctx.Err() != nil:
		return Preview{}, errGaveUp
	case from.err != nil:
		return Preview{}, parley.Wrap(parley.CodeStore, from.err, "the picture could not be read")
	}
	m := &made{file.Digest, preview, explain(err)}
	p.keep(m)
	return m.preview, m.err
}

// await waits for the turn to make a preview.
func (p *Previews) await(ctx context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, p.wait)
	defer cancel()
	select {
	case p.making <- struct{}{}:
		return nil
	case <-waiting.Done():
		if ctx.Err() != nil {
			return errGaveUp
		}
		return errBusy
	}
}

// make makes one preview. What decoding took is given back to the system at once where it was much: the collector would
// let as much again come together before it looked.
func (p *Previews) make(ctx context.Context, content io.ReadSeeker, size int64) (Preview, error) {
	ctx, cancel := context.WithTimeout(ctx, p.work)
	defer cancel()
	h, err := read(content, size)
	if err != nil {
		return Preview{}, err
	}
	if h.memory > largeCost {
		defer debug.FreeOSMemory()
	}
	preview, err := render(ctx, content, h, size)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // a decoder need not hand on why it could not read
	}
	return preview, err
}

// source is a content that remembers that it could not be read, which is not the picture's fault.
type source struct {
	io.ReadSeeker
	err error
}

// Read reads what comes next.
func (s *source) Read(b []byte) (int, error) {
	n, err := s.ReadSeeker.Read(b)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// lookUp gives what is known of a content, nil for nothing.
func (p *Previews) lookUp(d parley.Digest) *made {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.known[d]
	if e == nil {
		return nil
	}
	p.order.MoveToFront(e)
	return e.Value.(*made)
}

// keep keeps what was made, and forgets what nobody has asked for the longest. That there is no preview is kept too, or
// somebody could have the same damaged picture decoded again and again.
func (p *Previews) keep(m *made) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[m.digest] = p.order.PushFront(m)
	p.bytes += m.cost()
	for p.bytes > keepBytes {
		last := p.order.Remove(p.order.Back()).(*made)
		delete(p.known, last.digest)
		p.bytes -= last.cost()
	}
}

// cost is what it takes to keep m, in bytes.
func (m *made) cost() int { return cap(m.preview.Content) + keepCost }

// explain gives the error for whoever asked for a preview that there is not.
func explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errNoPicture):
		return parley.Wrap(parley.CodeNoSuchFile, err, "this file is no picture of a known format")
	case errors.Is(err, errTooLarge):
		return parley.Wrap(parley.CodeNoSuchFile, err, "this picture is too large for a preview")
	case errors.Is(err, errNoPreview):
		return parley.Wrap(parley.CodeNoSuchFile, err, "there are no previews of this kind of picture")
	case errors.Is(err, context.DeadlineExceeded):
		return parley.Wrap(parley.CodeNoSuchFile, err, "a preview of this picture would take too long")
	}
	return parley.Wrap(parley.CodeNoSuchFile, err, "there is no preview: the picture is damaged")
}

var (
	errGaveUp = parley.Errorf(parley.CodeClosed, "nobody waits for the preview any more")
	errBusy   = parley.Errorf(parley.CodeThrottled, "many previews are being made: ask again in a moment")
)
