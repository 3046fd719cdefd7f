package picture

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"testing"
)

// palettedSquare is a picture by a palette.
func palettedSquare(side int) *image.Paletted {
	return image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{red, green, blue, white})
}

// progressive is a progressive JPEG file of one colour in so many scans. Each says in a few bytes that nothing changes in
// any block, and has a decoder go through all of them.
func progressive(width, height uint16, scans int) []byte {
	b := jpegClaiming(width, height, 0xc2, 0x11)
	b = append(b, segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...))...)
	// Two codes of one bit each: 0 for a run of 16384 blocks and more, whose number follows in 14 bits, and 10 for one block.
	b = append(b, segment(0xc4, append([]byte{0x10, 1, 1}, append(make([]byte, 14), 0xe0, 0x00)...))...)
	b = append(b, segment(0xc4, append([]byte{0x00, 1}, append(make([]byte, 15), 0x00)...))...)
	blocks := (int(width) + 7) / 8 * ((int(height) + 7) / 8)
	first := append(segment(0xda, []byte{1, 1, 0, 0, 0, 0}), make([]byte, (blocks+7)/8)...) // a bit a block: no difference
	b = append(b, first...)
	for range scans {
		b = append(b, segment(0xda, []byte{1, 1, 0, 1, 63, 0})...)
		b = append(b, runs(blocks)...)
	}
	return append(b, 0xff, 0xd9)
}

// runs says for so many blocks that there is nothing in them.
func runs(blocks int) (b []byte) {
	bits, n := uint32(0), 0
	put := func(value uint32, width int) {
		for i := width - 1; i >= 0; i-- {
			bits, n = bits<<1|value>>i&1, n+1
			if n == 8 {
				if b = append(b, byte(bits)); byte(bits) == 0xff {
					b = append(b, 0)
				}
				bits, n = 0, 0
			}
		}
	}
	for blocks >= 1<<14 {
		run := min(blocks, 1<<15-1)
		put(0, 1)
		put(uint32(run-1<<14), 14)
		blocks -= run
	}
	for range blocks {
		put(2, 2)
	}
	for n != 0 {
		put(1, 1)
	}
	return b
}

// A file of a few kilobytes that has a decoder go through a large picture many times is left as soon as its time is over,
// in the middle of it.
func TestEndlessScansComeToAnEnd(t *testing.T) {
	content := progressive(512, 512, 300)
	if p, err := preview(t, content); err != nil || p.Media != "image/jpeg" {
		t.Fatalf("it is a picture: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	r := bytes.NewReader(content)
	h, err := read(r, int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	// Its time is over when half of it was read.
	half := &ending{r: r, after: len(content) / 2, end: func() { cancel(errors.New("over")) }}
	_, err = render(ctx, half, h, int64(len(content)))
	if err == nil || ctx.Err() == nil {
		t.Errorf("it went on: %v", err)
	}
}

// ending calls end when so many bytes have been read.
type ending struct {
	r     *bytes.Reader
	after int
	end   func()
}

func (e *ending) Read(b []byte) (int, error) {
	n, err := e.r.Read(b[:min(len(b), 256)])
	if e.after -= n; e.after <= 0 {
		e.end()
	}
	return n, err
}
