//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// frameSpeech is the WebSocket of http://, one JSON object a frame (RFC 6455, section 5.2).
type frameSpeech struct{}

// What is looked for in what comes.
var (
	messageType = []byte(`{"type":"message",`)
	joinedType  = []byte(`{"type":"joined",`)
	byeType     = []byte(`{"type":"bye",`)
	textKey     = []byte(`"text":"`)
	endOfHead   = []byte("\r\n\r\n")
)

// The frames that are told apart, by their first byte: final, and an opcode.
const (
	textFrame  = 0x80 | 0x1
	closeFrame = 0x80 | 0x8
	pingFrame  = 0x80 | 0x9
	pongFrame  = 0x80 | 0xa
)

// appendHello asks for the WebSocket and, without waiting, says who is there: a guest, in the lobby from now on.
func appendHello(dst []byte) []byte {
	dst = append(dst, "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"...)
	return appendFrame(dst, textFrame, []byte(`{"type":"hello","rooms":[{"room":"lobby"}]}`))
}

// appendFrame appends a client's frame. Its mask is 0, which changes nothing and costs nothing: there is no proxy here that
// could be misled.
func appendFrame(dst []byte, first byte, payload []byte) []byte {
	const masked = 0x80
	dst = append(dst, first)
	if n := len(payload); n < 126 {
		dst = append(dst, masked|byte(n))
	} else {
		dst = binary.BigEndian.AppendUint16(append(dst, masked|126), uint16(n))
	}
	return append(append(dst, 0, 0, 0, 0), payload...)
}

func (frameSpeech) post(dst []byte, m message, size int) []byte {
	payload := fmt.Appendf(nil, `{"type":"post","id":"%d-%d","room":"lobby","text":"`, m.sender, m.number)
	return appendFrame(dst, textFrame, append(m.appendText(payload, size), `"}`...))
}

// count looks at the beginning of each frame.
func (frameSpeech) count(one *conn, data []byte) (n int, err error) {
	if len(one.rest) > 0 {
		one.rest = append(one.rest, data...)
		data = one.rest
	}
	for {
		k := min(one.skip, len(data))
		data, one.skip = data[k:], one.skip-k
		if one.skip > 0 {
			break
		}
		if one.due {
			one.due = false
			n++
		}
		head, size := frameHead(data)
		if head == 0 || len(data) < head+min(size, len(messageType)) {
			break
		}
		if err := one.control(data[0], data[head:]); err != nil {
			return n, err
		}
		one.skip, one.due = head+size, bytes.HasPrefix(data[head:], messageType)
	}
	one.rest = append(one.rest[:0], data...)
	return n, nil
}

func (frameSpeech) read(one *conn, data []byte, size int, each func(message) error) error {
	return one.frames(data, func(payload []byte) error {
		if !bytes.HasPrefix(payload, messageType) {
			return nil
		}
		_, text, _ := bytes.Cut(payload, textKey)
		text, _, _ = bytes.Cut(text, []byte{'"'})
		m, err := parseMessage(text, size)
		if err != nil {
			return err
		}
		return each(m)
	})
}

// frames calls each for the payload of every frame that data completes, and keeps what is left for the next time.
func (c *conn) frames(data []byte, each func(payload []byte) error) error {
	if len(c.rest) > 0 {
		c.rest = append(c.rest, data...)
		data = c.rest
	}
	for {
		head, size := frameHead(data)
		if head == 0 || len(data) < head+size {
			c.rest = append(c.rest[:0], data...)
			return nil
		}
		if err := c.control(data[0], data[head:head+size]); err != nil {
			return err
		}
		if err := each(data[head : head+size]); err != nil {
			return err
		}
		data = data[head+size:]
	}
}

// frameHead gives the sizes of the frame that data begins with: of its header, 0 where that has not come, and of its payload.
func frameHead(data []byte) (head, size int) {
	if len(data) < 2 {
		return 0, 0
	}
	switch size = int(data[1]); {
	case size < 126:
		return 2, size
	case size == 126 && len(data) >= 4:
		return 4, int(binary.BigEndian.Uint16(data[2:]))
	case size == 127 && len(data) >= 10:
		return 10, int(binary.BigEndian.Uint64(data[2:]))
	}
	return 0, 0
}

// control answers a ping, and makes an error of a goodbye. payload may be the beginning of a long one.
func (c *conn) control(first byte, payload []byte) error {
	switch {
	case first == pingFrame:
		return c.write(appendFrame(nil, pongFrame, nil)) // the server's pings say nothing
	case first == closeFrame, bytes.HasPrefix(payload, byeType):
		return fmt.Errorf("connection %d: the server says %.200q", c.index, payload)
	}
	return nil
}

// takeJoined looks for the answer to appendHello.
func takeJoined(one *conn, data []byte) error {
	if !one.upgraded {
		one.rest = append(one.rest, data...)
		head, after, whole := bytes.Cut(one.rest, endOfHead)
		if !whole {
			return nil
		}
		if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) {
			return fmt.Errorf("connection %d: no WebSocket: %.200q", one.index, one.rest)
		}
		one.upgraded, one.rest, data = true, nil, bytes.Clone(after)
	}
	return one.frames(data, func(payload []byte) error {
		one.joined = one.joined || bytes.HasPrefix(payload, joinedType)
		return nil
	})
}
