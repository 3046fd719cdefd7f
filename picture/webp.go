package picture

import (
	"encoding/binary"
	"image"
	"io"

	"golang.org/x/image/vp8"
)

// webpHeader reads the first chunk of a WebP file (RFC 9649, section 2).
func webpHeader(start []byte) (header, error) {
	if len(start) < 30 {
		return header{}, errDamaged
	}
	const perPixel = 2 // 1.5, and what is noted of each block
	content := start[20:]
	switch string(start[12:16]) {
	case "VP8 ": // with loss (section 2.5): a key frame of VP8 (RFC 6386, section 9.1)
		if content[0]&1 != 0 || string(content[3:6]) != "\x9d\x01\x2a" {
			return header{}, errDamaged
		}
		width, height := binary.LittleEndian.Uint16(content[6:]), binary.LittleEndian.Uint16(content[8:])
		return sized(formatWebP, uint32(width&0x3fff), uint32(height&0x3fff), perPixel)
	case "VP8L": // without (section 3.4)
		if content[0] != 0x2f {
			return header{}, errDamaged
		}
		bits := binary.LittleEndian.Uint32(content[1:])
		return sized(formatWebP, bits&0x3fff+1, bits>>14&0x3fff+1, perPixel)
	case "VP8X": // with more than pixels (section 2.7.1)
		return sized(formatWebP, uint24(content[4:])+1, uint24(content[7:])+1, perPixel)
	}
	return header{}, errDamaged
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }

// decodeWebP decodes a picture with loss and without transparency, of at most size bytes, which has to be as large as its
// header says. Others it refuses: how much the tables of the lossless format take, of which transparency makes use too, is
// seen only when they are there.
func decodeWebP(r io.Reader, h header, size int64) (image.Image, error) {
	var chunk [8]byte
	if _, err := io.CopyN(io.Discard, r, 12); err != nil {
		return nil, err
	}
	for {
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return nil, err
		}
		length := int64(binary.LittleEndian.Uint32(chunk[4:]))
		switch string(chunk[:4]) {
		case "VP8 ":
			if length > size {
				return nil, errDamaged
			}
			return decodeVP8(io.LimitReader(r, length), h, int(length))
		case "VP8L", "ALPH", "ANIM", "ANMF":
			return nil, errNoPreview
		}
		if _, err := io.CopyN(io.Discard, r, length+length&1); err != nil {
			return nil, err
		}
	}
}

// decodeVP8 decodes a key frame.
func decodeVP8(r io.Reader, h header, length int) (image.Image, error) {
	d := vp8.NewDecoder()
	d.Init(r, length)
	frame, err := d.DecodeFrameHeader()
	if err != nil {
		return nil, err
	}
	if !frame.KeyFrame || frame.Width != h.width || frame.Height != h.height {
		return nil, errDamaged
	}
	return d.DecodeFrame()
}
