package picture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"sync"
	"testing"
	"testing/iotest"

	"parley"
)

// shelf has contents, and counts how often they are opened.
type shelf struct {
	contents map[parley.Digest][]byte
	mu       sync.Mutex
	opened   int
}

// put lays a content on the shelf.
func (s *shelf) put(content []byte) parley.File {
	if s.contents == nil {
		s.contents = make(map[parley.Digest][]byte)
	}
	d := parley.Digest(sha256.Sum256(content))
	s.contents[d] = content
	return parley.File{Name: "x", Size: int64(len(content)), Digest: d}
}

func (s *shelf) open(d parley.Digest) (io.ReadSeekCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened++
	content, ok := s.contents[d]
	if !ok {
		return nil, parley.Errorf(parley.CodeNoSuchFile, "this file is not kept any more")
	}
	return closable{bytes.NewReader(content)}, nil
}

type closable struct{ io.ReadSeeker }

func (closable) Close() error { return nil }

// Many who look at once have it made once, and so do those who come later.
func TestAPreviewIsMadeOnce(t *testing.T) {
	s, p := &shelf{}, NewPreviews()
	file := s.put(pngFile(t, quarters(400, 300)))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if got, err := p.Of(t.Context(), file, s.open); err != nil || got.Media != "image/jpeg" {
				t.Errorf("%q, %v", got.Media, err)
			}
		})
	}
	all.Wait()
	if s.opened != 1 {
		t.Errorf("it was opened %d times", s.opened)
	}
}

// That there is none is remembered too, with the reason; so nobody can have the same decoded again and again.
func TestThatThereIsNoPreviewIsRemembered(t *testing.T) {
	for sentence, content := range map[string][]byte{
		"this file is no picture of a known format":     []byte("hello"),
		"this picture is too large for a preview":       pngClaiming(65535, 65535, 8, 2, 0),
		"there are no previews of this kind of picture": webp(lossless(40, 20)),
		"there is no preview: the picture is damaged":   pngFile(t, quarters(40, 20))[:60],
	} {
		s, p := &shelf{}, NewPreviews()
		file := s.put(content)
		for range 3 {
			_, err := p.Of(t.Context(), file, s.open)
			if parley.CodeOf(err) != parley.CodeNoSuchFile || parley.Sentence(err) != sentence {
				t.Errorf("%q: %v", sentence, err)
			}
		}
		if s.opened != 1 {
			t.Errorf("%q: it was opened %d times", sentence, s.opened)
		}
	}
}

// What is no fault of the picture is not held against it.
func TestAPreviewIsTriedAgain(t *testing.T) {
	s, p := &shelf{}, NewPreviews()
	file := s.put(pngFile(t, quarters(40, 20)))
	content := s.contents[file.Digest]
	failing := func(parley.Digest) (io.ReadSeekCloser, error) {
		broken := io.MultiReader(bytes.NewReader(content[:50]), iotest.ErrReader(errors.New("the disk is gone")))
		return closable{seekable{broken}}, nil
	}
	if _, err := p.Of(t.Context(), file, failing); parley.CodeOf(err) != parley.CodeStore {
		t.Errorf("a disk that fails: %v", err)
	}
	missing := func(parley.Digest) (io.ReadSeekCloser, error) {
		return nil, parley.Errorf(parley.CodeNoSuchFile, "gone")
	}
	if _, err := p.Of(t.Context(), file, missing); parley.CodeOf(err) != parley.CodeNoSuchFile {
		t.Errorf("a content that is gone: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	leaving := func(d parley.Digest) (io.ReadSeekCloser, error) { cancel(); return s.open(d) }
	if _, err := p.Of(gone, file, leaving); parley.CodeOf(err) != parley.CodeClosed {
		t.Errorf("somebody who left: %v", err)
	}
	if got, err := p.Of(t.Context(), file, s.open); err != nil || got.Media != "image/jpeg" {
		t.Errorf("%q, %v", got.Media, err)
	}
}

// seekable is read from its beginning only once.
type seekable struct{ io.Reader }

func (seekable) Seek(int64, int) (int64, error) { return 0, nil }

// One picture that takes too long is given up, and that is remembered; whoever waits for it too long is told so.
func TestPreviewsDoNotTakeForever(t *testing.T) {
	s, p := &shelf{}, NewPreviews()
	slow, other := s.put(progressive(64, 64, 3)), s.put(pngFile(t, quarters(40, 20)))
	p.work = 0
	for range 2 {
		if _, err := p.Of(t.Context(), slow, s.open); parley.Sentence(err) != "a preview of this picture would take too long" {
			t.Errorf("%v", err)
		}
	}
	if s.opened != 1 {
		t.Errorf("it was opened %d times", s.opened)
	}
	p.work, p.wait = makeTime, 0
	p.making <- struct{}{} // another one is being made
	if _, err := p.Of(t.Context(), other, s.open); parley.CodeOf(err) != parley.CodeThrottled {
		t.Errorf("while another is made: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Of(gone, other, s.open); parley.CodeOf(err) != parley.CodeClosed {
		t.Errorf("somebody who does not wait: %v", err)
	}
	<-p.making
	p.wait = waitTime
	if _, err := p.Of(t.Context(), other, s.open); err != nil {
		t.Error(err)
	}
}

// What is kept is bounded, whatever is asked for, and what was asked for last stays.
func TestKeptPreviewsAreBounded(t *testing.T) {
	p := NewPreviews()
	content := make([]byte, 100<<10)
	digest := func(i int) (d parley.Digest) { binary.BigEndian.PutUint32(d[:], uint32(i)); return d }
	favourite := digest(0)
	p.keep(&made{digest: favourite, preview: Preview{"image/jpeg", content}})
	for i := 1; i < 1000; i++ {
		p.keep(&made{digest: digest(i), preview: Preview{"image/jpeg", content}})
		if p.lookUp(favourite) == nil {
			t.Fatalf("what was just asked for is gone after %d", i)
		}
	}
	for i := range 200_000 {
		p.keep(&made{digest: digest(1000 + i), err: errDamaged})
	}
	if p.bytes > keepBytes || len(p.known) != p.order.Len() || p.order.Len() > keepBytes/keepCost {
		t.Errorf("%d bytes, %d of %d", p.bytes, len(p.known), p.order.Len())
	}
}

func BenchmarkPreview(b *testing.B) {
	for name, content := range map[string][]byte{
		"photograph of 12 megapixels": jpegFile(b, quarters(4000, 3000)),
		"screenshot":                  pngFile(b, quarters(1920, 1080)),
		"screenshot by a palette":     pngFile(b, image.NewPaletted(image.Rect(0, 0, 1920, 1080), palettedSquare(1).Palette)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := preview(b, content); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMeasure(b *testing.B) {
	photo := insert(jpegFile(b, quarters(400, 300)), exif(binary.LittleEndian, 6))
	b.ReportAllocs()
	for b.Loop() {
		Measure(bytes.NewReader(photo))
	}
}
