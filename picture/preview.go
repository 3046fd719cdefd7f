package picture

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

// What a preview is made of at most. Each bound is checked before anything is decoded.
const (
	maxSize   = 64 << 20   // bytes of the file
	maxPixels = 40_000_000 // of the picture
	maxSide   = 1<<16 - 1  // pixels
	maxMemory = 160 << 20  // bytes that decoding takes, by the header
)

// Side is how many pixels the longer side of a preview has at most.
const Side = 320

const (
	quality   = 80  // of a preview in JPEG, of 100
	readSteps = 512 // bytes; a few of them can make a decoder go through the whole picture, so it is asked between them whether to go on
)

// Preview is a small picture. It is not changed once it was made.
type Preview struct {
	Media   string // image/jpeg; image/png where something can be seen through
	Content []byte
}

var (
	errNoPreview = errors.New("no preview is made of such a picture")
	errTooLarge  = errors.New("too large for a preview")
)

// read reads the header of a picture that is not too large to be decoded.
func read(content io.ReadSeeker, size int64) (header, error) {
	h, err := readHeader(content)
	if err != nil {
		return h, err
	}
	if size > maxSize || h.tooManyPixels() || max(h.width, h.height) > maxSide || h.memory > maxMemory {
		return h, errTooLarge
	}
	_, err = content.Seek(0, io.SeekStart)
	return h, err
}

// render makes the preview of a picture whose header has been read, until ctx ends. Of several frames it shows the first.
func render(ctx context.Context, content io.Reader, h header, size int64) (Preview, error) {
	full, err := decode(patient{ctx, bufio.NewReaderSize(content, 64<<10)}, h, size)
	if err != nil {
		return Preview{}, err
	}
	screen := full.Bounds()
	if h.format == formatGIF {
		screen = image.Rect(0, 0, h.width, h.height)
	}
	if screen.Dx() != h.width || screen.Dy() != h.height {
		return Preview{}, errDamaged
	}
	source, ok := full.(image.RGBA64Image)
	if !ok {
		return Preview{}, errNoPreview
	}
	width, height := fit(h.width, h.height, Side)
	small, err := shrink(ctx, source, screen, width, height)
	if err != nil {
		return Preview{}, err
	}
	return encode(turn(small, h.orientation))
}

// decode decodes a picture of a format that its header tells.
func decode(r io.Reader, h header, size int64) (image.Image, error) {
	switch h.format {
	case formatPNG:
		return png.Decode(r)
	case formatJPEG:
		return jpeg.Decode(r)
	case formatGIF:
		return gif.Decode(r)
	}
	return decodeWebP(r, h, size)
}

// encode writes a preview.
func encode(small *image.RGBA) (Preview, error) {
	var content bytes.Buffer
	if small.Opaque() {
		err := jpeg.Encode(&content, small, &jpeg.Options{Quality: quality})
		return Preview{"image/jpeg", content.Bytes()}, err
	}
	err := png.Encode(&content, small)
	return Preview{"image/png", content.Bytes()}, err
}

// patient reads in small steps, until ctx ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

// Read reads a little.
func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b[:min(len(b), readSteps)])
}
