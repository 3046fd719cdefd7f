package frame

import (
	"encoding/binary"

	"github.com/gobwas/ws"
)

// maxHeader is the longest header of an unmasked frame.
const maxHeader = 10

// finalBit marks the last frame of a message; every message here has one frame (RFC 6455, section 5.2).
const finalBit = 0x80

// AppendHeader appends the header of a server's frame that holds all of a message of n bytes.
func AppendHeader(dst []byte, op ws.OpCode, n int) []byte {
	dst = append(dst, finalBit|byte(op))
	switch {
	case n <= 125:
		return append(dst, byte(n))
	case n <= 0xffff:
		return binary.BigEndian.AppendUint16(append(dst, 126), uint16(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, 127), uint64(n))
}

// AppendText appends a text as a server sends it. write appends the text itself to what it is given; where it appends
// nothing there is no frame. Nothing is copied but to close the gap that the length of the header left.
func AppendText(dst []byte, write func(dst []byte) []byte) []byte {
	start := len(dst)
	var gap [maxHeader]byte
	dst = write(append(dst, gap[:]...))
	n := len(dst) - start - maxHeader
	if n == 0 {
		return dst[:start]
	}
	header := AppendHeader(gap[:0], ws.OpText, n)
	copy(dst[start:], header)
	copy(dst[start+len(header):], dst[start+maxHeader:])
	return dst[:start+len(header)+n]
}

// AppendControl appends a ping or pong as a server sends it. Of a payload over 125 bytes the rest is left out.
func AppendControl(dst []byte, kind Kind, payload []byte) []byte {
	payload = payload[:min(len(payload), ws.MaxControlFramePayloadSize)]
	op := ws.OpPing
	if kind == Pong {
		op = ws.OpPong
	}
	return append(AppendHeader(dst, op, len(payload)), payload...)
}

// AppendClose appends a close frame as a server sends it. Of a long reason the rest is left out.
func AppendClose(dst []byte, code ws.StatusCode, reason string) []byte {
	for len(reason) > ws.MaxControlFramePayloadSize-2 {
		reason = reason[:lastRuneStart(reason[:ws.MaxControlFramePayloadSize-2])]
	}
	return append(AppendHeader(dst, ws.OpClose, 2+len(reason)), ws.NewCloseFrameBody(code, reason)...)
}

// AppendMasked appends a frame as a client sends it: masked, so that no proxy takes it for something else (RFC 6455, section
// 10.3). It changes nothing of payload. mask must be unpredictable.
func AppendMasked(dst []byte, op ws.OpCode, payload []byte, mask [4]byte) []byte {
	start := len(dst)
	dst = AppendHeader(dst, op, len(payload))
	dst[start+1] |= 0x80
	dst = append(dst, mask[:]...)
	body := len(dst)
	dst = append(dst, payload...)
	ws.Cipher(dst[body:], mask, 0)
	return dst
}

// lastRuneStart gives where the last character of s starts, so that s up to there is whole.
func lastRuneStart(s string) int {
	i := len(s)
	for i > 0 && s[i-1]&0xc0 == 0x80 {
		i--
	}
	return max(i-1, 0)
}
