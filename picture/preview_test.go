package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"testing"
)

// preview makes a preview of a content.
func preview(t testing.TB, content []byte) (Preview, error) {
	t.Helper()
	r := bytes.NewReader(content)
	h, err := read(r, int64(len(content)))
	if err != nil {
		return Preview{}, err
	}
	return render(t.Context(), r, h, int64(len(content)))
}

// look decodes a preview.
func look(t testing.TB, p Preview) image.Image {
	t.Helper()
	decode := map[string]func(*bytes.Reader) (image.Image, error){
		"image/jpeg": func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
		"image/png":  func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
	}[p.Media]
	if decode == nil {
		t.Fatalf("a preview of type %q", p.Media)
	}
	m, err := decode(bytes.NewReader(p.Content))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// near reports whether two colours look the same.
func near(a, b color.Color) bool {
	r1, g1, b1, a1 := a.RGBA()
	r2, g2, b2, a2 := b.RGBA()
	differ := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x1000 }
	return !differ(r1, r2) && !differ(g1, g2) && !differ(b1, b2) && !differ(a1, a2)
}

// looksLike compares a preview with a picture in the middle of each of its quarters.
func looksLike(t *testing.T, name string, got, want image.Image) {
	t.Helper()
	if got.Bounds() != want.Bounds() {
		t.Errorf("%s: %v, not %v", name, got.Bounds(), want.Bounds())
		return
	}
	size := got.Bounds().Size()
	for i := range 4 {
		x, y := size.X*(1+i%2*2)/4, size.Y*(1+i/2*2)/4
		if !near(got.At(x, y), want.At(x, y)) {
			t.Errorf("%s: %v at %d,%d, not %v", name, got.At(x, y), x, y, want.At(x, y))
		}
	}
}

func TestPreviewsOfEveryKind(t *testing.T) {
	for name, s := range samples(t) {
		p, err := preview(t, s.content)
		if s.media == "" {
			if err == nil {
				t.Errorf("%s: %s", name, p.Media)
			}
			continue
		}
		if err != nil || p.Media != s.media {
			t.Errorf("%s: %q, %v", name, p.Media, err)
			continue
		}
		if got := look(t, p).Bounds().Size(); got != image.Pt(40, 20) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAPreviewIsSmallAndLooksTheSame(t *testing.T) {
	for size, want := range map[image.Point]image.Point{
		{1, 1}: {1, 1}, {320, 320}: {320, 320}, {319, 200}: {319, 200}, {321, 100}: {320, 100}, {640, 480}: {320, 240},
		{480, 640}: {240, 320}, {1000, 10}: {320, 3}, {3, 5000}: {1, 320}, {65535, 1}: {320, 1}, {333, 332}: {320, 319},
	} {
		p, err := preview(t, pngFile(t, quarters(size.X, size.Y)))
		if err != nil {
			t.Errorf("%v: %v", size, err)
			continue
		}
		got := look(t, p)
		if got.Bounds().Size() != want {
			t.Errorf("%v: %v", size, got.Bounds())
		}
		if want.X >= 100 && want.Y >= 100 {
			looksLike(t, size.String(), got, quarters(want.X, want.Y))
		}
	}
}

// Nothing is lost and nothing is added: what is averaged has the colour that it had.
func TestShrinkingKeepsColours(t *testing.T) {
	grey := color.RGBA{90, 60, 30, 100}
	for width := 1; width < 40; width++ {
		m := image.NewRGBA(image.Rect(-3, 5, width-3, 12))
		draw.Draw(m, m.Rect, image.NewUniform(grey), image.Point{}, draw.Src)
		for small := 1; small <= width; small++ {
			got, err := shrink(t.Context(), m, m.Rect, small, 3)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.Pix {
				if got.Pix[i] != []uint8{grey.R, grey.G, grey.B, grey.A}[i%4] {
					t.Fatalf("%d to %d: %v", width, small, got.Pix)
				}
			}
		}
	}
}

// Each orientation as Exif defines it: on which side the first row is to be, and on which the first column.
func TestAPhotographIsTurnedAsItsCameraNoted(t *testing.T) {
	sides := [][2]string{{"top", "left"}, {"top", "right"}, {"bottom", "right"}, {"bottom", "left"},
		{"left", "top"}, {"right", "top"}, {"right", "bottom"}, {"left", "bottom"}}
	for width, height := range map[int]int{64: 32, 320: 640} {
		shown := quarters(width, height)
		for i, side := range sides {
			photo := insert(jpegFile(t, stored(shown, side[0], side[1])), exif(binary.BigEndian, uint16(i+1)))
			name := fmt.Sprintf("%d×%d with its first row at the %s", width, height, side[0])
			if w, h := Measure(bytes.NewReader(photo)); w != width || h != height {
				t.Errorf("%s measures %d×%d", name, w, h)
			}
			p, err := preview(t, photo)
			if err != nil {
				t.Fatal(err)
			}
			want := quarters(fit(width, height, Side))
			looksLike(t, name, look(t, p), want)
		}
	}
}

// stored turns a picture so that its first row and column are on the sides where they are not to be shown.
func stored(shown *image.RGBA, row, column string) *image.RGBA {
	size := shown.Rect.Size()
	if row == "left" || row == "right" {
		size.X, size.Y = size.Y, size.X
	}
	m := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			var at image.Point
			for side, distance := range map[string]int{row: y, column: x} {
				switch side {
				case "top":
					at.Y = distance
				case "bottom":
					at.Y = shown.Rect.Dy() - 1 - distance
				case "left":
					at.X = distance
				case "right":
					at.X = shown.Rect.Dx() - 1 - distance
				}
			}
			m.Set(x, y, shown.At(at.X, at.Y))
		}
	}
	return m
}

// Where a photograph was taken is nobody's business but its sender's.
func TestAPreviewTellsNothingButPixels(t *testing.T) {
	secret := []byte("secret place")
	photo := insert(jpegFile(t, quarters(400, 200)), exif(binary.BigEndian, 1), segment(0xfe, secret))
	drawing := pngFile(t, quarters(400, 200))
	drawing = append(append(bytes.Clone(drawing[:33]), pngChunk("tEXt", secret)...), drawing[33:]...)
	for _, content := range [][]byte{photo, drawing} {
		p, err := preview(t, content)
		if err != nil || bytes.Contains(p.Content, secret) || bytes.Contains(p.Content, []byte("Exif")) {
			t.Errorf("%v in %q", err, p.Content)
		}
	}
}

// A moving picture is shown as it begins. What its first frame does not cover can be seen through.
func TestTheFirstFrameIsShown(t *testing.T) {
	p, err := preview(t, moving(t))
	if err != nil {
		t.Fatal(err)
	}
	m := look(t, p)
	if !near(m.At(10, 10), red) || !near(m.At(30, 10), color.Transparent) {
		t.Errorf("%v and %v", m.At(10, 10), m.At(30, 10))
	}
}

// Making a preview stops when nobody waits for it any more, wherever it is.
func TestAPreviewThatNobodyWaitsFor(t *testing.T) {
	for name, s := range samples(t) {
		if s.media == "" {
			continue
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		r := bytes.NewReader(s.content)
		h, err := read(r, int64(r.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := render(ctx, r, h, int64(len(s.content))); err == nil {
			t.Errorf("%s was made all the same", name)
		}
	}
}
