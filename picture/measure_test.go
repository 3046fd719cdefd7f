package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestAPictureIsMeasuredByItsContent(t *testing.T) {
	for name, s := range samples(t) {
		for how, r := range map[string]io.Reader{
			"at once": bytes.NewReader(s.content), "in pieces": iotest.OneByteReader(bytes.NewReader(s.content)),
		} {
			if width, height := Measure(r); width != 40 || height != 20 {
				t.Errorf("%s, %s: %d×%d", name, how, width, height)
			}
		}
	}
}

func TestWhatIsNoPictureHasNoSize(t *testing.T) {
	for name, content := range strangers(t) {
		if width, height := Measure(bytes.NewReader(content)); width != 0 || height != 0 {
			t.Errorf("%s: %d×%d", name, width, height)
		}
	}
	if width, height := Measure(iotest.ErrReader(errors.New("the disk is gone"))); width != 0 || height != 0 {
		t.Errorf("what cannot be read: %d×%d", width, height)
	}
}

// A picture that ends after any byte has a size or none, and never another.
func TestAPictureThatIsCutIsMeasuredOrNot(t *testing.T) {
	for name, s := range samples(t) {
		known := false
		for cut := range min(len(s.content), 4000) {
			width, height := Measure(bytes.NewReader(s.content[:cut]))
			is := width == 40 && height == 20
			if !is && (width != 0 || height != 0) || known && !is {
				t.Fatalf("%s cut after %d: %d×%d", name, cut, width, height)
			}
			known = is
		}
	}
}

// However large a file is, only its beginning is read.
func TestMeasuringReadsLittle(t *testing.T) {
	for name, s := range samples(t) {
		r := &counting{r: io.MultiReader(bytes.NewReader(s.content), zeros{})}
		if Measure(r); r.n > 2*headerLimit || name == "png" && r.n > 8<<10 {
			t.Errorf("%s: %d bytes were read", name, r.n)
		}
	}
	for name, content := range strangers(t) {
		r := &counting{r: io.MultiReader(bytes.NewReader(content), zeros{})}
		if Measure(r); r.n > 2*headerLimit {
			t.Errorf("%s: %d bytes were read", name, r.n)
		}
	}
}

// zeros never end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// counting counts what is read.
type counting struct {
	r io.Reader
	n int
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += n
	return n, err
}

// Both byte orders, and notes of a camera that make no sense.
func TestAnOrientationIsReadOrLeft(t *testing.T) {
	for o := range uint16(10) {
		want := orientation(o)
		if o < 1 || o > 8 {
			want = upright
		}
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			if got := orientationIn(exif(order, o)[4:]); got != want {
				t.Errorf("%d in %v: %d", o, order, got)
			}
		}
	}
	whole := exif(binary.BigEndian, 6)[4:]
	for i := range len(whole) {
		if got := orientationIn(whole[:i]); got != upright && got != 6 {
			t.Errorf("cut after %d: %d", i, got)
		}
		for _, b := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			damaged := bytes.Clone(whole)
			damaged[i] = b
			if got := orientationIn(damaged); got < upright || got > orientation8 {
				t.Errorf("%d at %d: %d", b, i, got)
			}
		}
	}
}
