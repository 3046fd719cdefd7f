package picture

import (
	"bufio"
	"encoding/binary"
	"io"
)

// The markers of JPEG that matter here (ITU-T T.81, table B.1).
const (
	markerTEM  = 0x01
	markerSOF2 = 0xc2 // begins a progressive frame
	markerDHT  = 0xc4
	markerJPG  = 0xc8
	markerDAC  = 0xcc
	markerRST0 = 0xd0
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerAPP1 = 0xe1
)

// jpegHeader reads a JPEG file up to the header of its frame, and in passing how the picture has to be turned. Bytes that
// belong to no segment are passed over, as other programs do.
func jpegHeader(r *bufio.Reader) (header, error) {
	turned := upright
	for {
		marker, err := nextMarker(r)
		if err != nil {
			return header{}, err
		}
		switch {
		case marker == markerSOI, marker == markerTEM, marker >= markerRST0 && marker < markerSOI:
			continue // has no content
		case marker == markerEOI, marker == markerSOS:
			return header{}, errDamaged // pixels before their number
		}
		length, err := segmentLength(r)
		if err != nil {
			return header{}, err
		}
		switch {
		case beginsFrame(marker):
			return frameHeader(r, length, marker == markerSOF2, turned)
		case marker == markerAPP1 && turned == upright:
			segment := make([]byte, length)
			if _, err := io.ReadFull(r, segment); err != nil {
				return header{}, errDamaged
			}
			turned = orientationIn(segment)
		default:
			if _, err := r.Discard(length); err != nil {
				return header{}, errDamaged
			}
		}
	}
}

// beginsFrame reports whether a marker is a start of frame, of whatever kind.
func beginsFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != markerDHT && marker != markerJPG && marker != markerDAC
}

// nextMarker finds the next marker (T.81, section B.1.1.2).
func nextMarker(r *bufio.Reader) (byte, error) {
	for before := byte(0); ; {
		b, err := r.ReadByte()
		if err != nil {
			return 0, errDamaged
		}
		if before == 0xff && b != 0xff && b != 0 {
			return b, nil
		}
		before = b
	}
}

// segmentLength reads how many bytes a segment has from here on.
func segmentLength(r *bufio.Reader) (int, error) {
	var b [2]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, errDamaged
	}
	length := int(binary.BigEndian.Uint16(b[:])) - len(b)
	if length < 0 {
		return 0, errDamaged
	}
	return length, nil
}

// frameHeader reads the header of a frame (T.81, section B.2.2). What decoding takes is counted for the worst that may
// follow: a picture whose colours have to be converted all at once, for which a marker behind this one is enough.
func frameHeader(r *bufio.Reader, length int, progressive bool, turned orientation) (header, error) {
	var b [6 + 3*4]byte
	if length < 6 || length > len(b) {
		return header{}, errDamaged
	}
	if _, err := io.ReadFull(r, b[:length]); err != nil {
		return header{}, errDamaged
	}
	components := int(b[5])
	if components == 0 || length != 6+3*components {
		return header{}, errDamaged
	}
	samples, across, down := 0, 1, 1 // in one unit of the frame, and its size in blocks of 8 × 8
	for i := range components {
		h, v := int(b[7+3*i]>>4), int(b[7+3*i]&15)
		samples += h * v
		across, down = max(across, h), max(down, v)
	}
	h, err := sized(formatJPEG, uint32(binary.BigEndian.Uint16(b[3:])), uint32(binary.BigEndian.Uint16(b[1:])), 0)
	if err != nil {
		return header{}, err
	}
	h.orientation = turned
	perSample, perPixel := int64(1), int64(4)
	if progressive {
		perSample += 4 // the coefficients of all blocks are kept until the last scan
	}
	units := int64(unitsIn(h.width, 8*across)) * int64(unitsIn(h.height, 8*down))
	h.memory = 64 * units * (int64(samples)*perSample + int64(across*down)*perPixel)
	return h, nil
}

// unitsIn is how many units of a size it takes to cover a length.
func unitsIn(length, unit int) int { return (length + unit - 1) / unit }
