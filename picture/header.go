package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
)

// headerLimit is how much of a file is read to find its size, in bytes. All but JPEG say it at once; there, a colour
// profile and what an editor has noted may come first.
const headerLimit = 1 << 20

// header is what the beginning of a picture says.
type header struct {
	format        format
	width, height int // pixels, as they are stored; more than 0
	orientation   orientation
	memory        int64 // bytes that decoding takes at most
}

// format is how a picture is stored.
type format int

const (
	formatPNG format = iota + 1
	formatJPEG
	formatGIF
	formatWebP
)

var (
	errNoPicture = errors.New("no picture of a format that is known here")
	errDamaged   = errors.New("a damaged picture")
)

// readHeader reads the header of a picture. Whether the rest is one too, it does not say.
func readHeader(r io.Reader) (header, error) {
	b := bufio.NewReader(io.LimitReader(r, headerLimit))
	start, err := b.Peek(33) // the longest header of those that have a fixed length, PNG's
	if err != nil && err != io.EOF {
		return header{}, err
	}
	switch {
	case bytes.HasPrefix(start, []byte("\x89PNG\r\n\x1a\n")):
		return pngHeader(start)
	case bytes.HasPrefix(start, []byte("GIF87a")), bytes.HasPrefix(start, []byte("GIF89a")):
		return gifHeader(start)
	case bytes.HasPrefix(start, []byte("\xff\xd8\xff")):
		return jpegHeader(b)
	case len(start) >= 12 && string(start[:4]) == "RIFF" && string(start[8:12]) == "WEBP":
		return webpHeader(start)
	}
	return header{}, errNoPicture
}

// pngHeader reads the first chunk of a PNG file (PNG, third edition, sections 5.3 and 11.2.1).
func pngHeader(start []byte) (header, error) {
	if len(start) < 33 {
		return header{}, errDamaged
	}
	chunk := start[12:29] // its name and its content
	if string(start[8:16]) != "\x00\x00\x00\rIHDR" || binary.BigEndian.Uint32(start[29:]) != crc32.ChecksumIEEE(chunk) {
		return header{}, errDamaged
	}
	depth, colour, interlaced := start[24], start[25], start[28] != 0
	perPixel := int64(4)
	switch {
	case depth == 16:
		perPixel = 8
	case colour == 3: // by a palette
		perPixel = 1
	}
	if interlaced {
		perPixel *= 2 // the seven passes are decoded into pictures of their own
	}
	return sized(formatPNG, binary.BigEndian.Uint32(start[16:]), binary.BigEndian.Uint32(start[20:]), perPixel)
}

// gifHeader reads the logical screen of a GIF file (GIF89a, section 18). Its frames lie within it.
func gifHeader(start []byte) (header, error) {
	if len(start) < 10 {
		return header{}, errDamaged
	}
	const perPixel = 2 // a frame whose rows are interlaced is copied
	width, height := binary.LittleEndian.Uint16(start[6:]), binary.LittleEndian.Uint16(start[8:])
	return sized(formatGIF, uint32(width), uint32(height), perPixel)
}

// sized makes the header of a picture that is shown as it is stored. There is none without pixels.
func sized(f format, width, height uint32, perPixel int64) (header, error) {
	if width == 0 || height == 0 || width > math.MaxInt32 || height > math.MaxInt32 {
		return header{}, errDamaged
	}
	h := header{format: f, width: int(width), height: int(height), orientation: upright}
	if !h.tooManyPixels() {
		h.memory = int64(width) * int64(height) * perPixel
	}
	return h, nil
}

// tooManyPixels reports whether a picture has more than maxPixels.
func (h header) tooManyPixels() bool { return int64(h.width) > maxPixels/int64(h.height) }
