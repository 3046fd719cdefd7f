package picture

import (
	"bytes"
	"testing"
)

// Whatever comes, nothing breaks, and a size is given or none.
func FuzzMeasure(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.content)
	}
	for _, content := range strangers(f) {
		if len(content) < 10_000 {
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		width, height := Measure(bytes.NewReader(content))
		if (width == 0) != (height == 0) || width < 0 || height < 0 {
			t.Errorf("%d×%d", width, height)
		}
	})
}

// Whatever comes, nothing breaks; a preview that there is can be looked at, and is as small as it should be.
func FuzzPreview(f *testing.F) {
	for _, s := range samples(f) {
		if len(s.content) < 10_000 {
			f.Add(s.content)
		}
	}
	f.Add(progressive(64, 64, 3))
	f.Fuzz(func(t *testing.T, content []byte) {
		if h, err := readHeader(bytes.NewReader(content)); err != nil || h.memory > 4<<20 {
			return // it would only take long
		}
		p, err := preview(t, content)
		if err != nil {
			return
		}
		width, height := Measure(bytes.NewReader(content))
		width, height = fit(width, height, Side)
		if got := look(t, p).Bounds().Size(); got.X != width || got.Y != height {
			t.Errorf("a preview of %v, not %d×%d", got, width, height)
		}
	})
}

// An orientation is one of the eight, whatever a camera writes.
func FuzzOrientation(f *testing.F) {
	f.Add([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"))
	f.Add([]byte("Exif\x00\x00MM\x00*\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, segment []byte) {
		if o := orientationIn(segment); o < upright || o > orientation8 {
			t.Errorf("%d", o)
		}
	})
}
