package wire

import "encoding/binary"

// MaxFrameHeader is the most that AppendFrameHeader writes, in bytes.
const MaxFrameHeader = 10

// AppendFrameHeader writes what stands before a payload of size bytes in a frame from the server: final, text, unmasked (RFC
// 6455, sections 5.2 and 5.6).
func AppendFrameHeader(dst []byte, size int) []byte {
	const finalText = 0x80 | 0x1
	switch {
	case size < 126:
		return append(dst, finalText, byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, finalText, 126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(dst, finalText, 127), uint64(size))
}
