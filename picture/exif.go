package picture

import (
	"bytes"
	"encoding/binary"
)

// orientation is where the first row and the first column of a picture are to be shown, as Exif has it (CIPA DC-008,
// section 4.6.4, tag Orientation).
type orientation uint16

// The first and the last orientation. From sideways on rows are shown as columns.
const (
	upright      orientation = 1
	sideways     orientation = 5
	orientation8 orientation = 8
)

// orientationIn reads the orientation out of an APP1 segment of a JPEG file; upright where it says nothing that makes sense.
// Within it is a TIFF file, of whose first directory the tag is (TIFF 6.0, section 2). Nothing else is looked at.
func orientationIn(segment []byte) orientation {
	tiff, found := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !found || len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	switch string(tiff[:4]) {
	case "MM\x00*":
	case "II*\x00":
		order = binary.LittleEndian
	default:
		return upright
	}
	at := order.Uint32(tiff[4:])
	if int64(at) > int64(len(tiff))-2 {
		return upright
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			break
		}
		const tag, short = 0x0112, 3
		if order.Uint16(entries) == tag {
			value := orientation(order.Uint16(entries[8:]))
			if order.Uint16(entries[2:]) == short && value >= upright && value <= orientation8 {
				return value
			}
			break
		}
		entries = entries[12:]
	}
	return upright
}
