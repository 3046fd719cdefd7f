//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"
)

// message is one message of the load: who sent it, which of theirs it is, and when it was due to be sent.
type message struct {
	sender uint16
	number uint32
	due    time.Duration // since the load's clock was started
}

// A message's text is a mark, its fields as hexadecimal digits, and padding.
const (
	mark       = "bench:"
	fieldBytes = 2 + 4 + 8
	minSize    = len(mark) + 2*fieldBytes
)

// appendText appends the message as a text of size bytes, at least minSize.
func (m message) appendText(dst []byte, size int) []byte {
	var fields [fieldBytes]byte
	binary.BigEndian.PutUint16(fields[0:], m.sender)
	binary.BigEndian.PutUint32(fields[2:], m.number)
	binary.BigEndian.PutUint64(fields[6:], uint64(m.due))
	dst = append(dst, mark...)
	dst = hex.AppendEncode(dst, fields[:])
	for range size - minSize {
		dst = append(dst, '.')
	}
	return dst
}

// parseLine reads a line as a plain:// server sends it, "<NAME> :TEXT", without its line break.
func parseLine(line []byte, size int) (message, error) {
	_, text, ok := bytes.Cut(line, []byte("> :"))
	if !ok || line[0] != '<' {
		return message{}, fmt.Errorf("not a message of this load: %.100q", line)
	}
	return parseMessage(text, size)
}

// parseMessage reads a message's text, which has to be of exactly size bytes.
func parseMessage(text []byte, size int) (message, error) {
	if len(text) != size || !bytes.HasPrefix(text, []byte(mark)) {
		return message{}, fmt.Errorf("not a message of this load: %.100q", text)
	}
	var fields [fieldBytes]byte
	if _, err := hex.Decode(fields[:], text[len(mark):minSize]); err != nil {
		return message{}, fmt.Errorf("not a message of this load: %.100q", text)
	}
	if rest := text[minSize:]; len(bytes.Trim(rest, ".")) != 0 {
		return message{}, fmt.Errorf("a message came changed: %.100q", text)
	}
	return message{
		sender: binary.BigEndian.Uint16(fields[0:]),
		number: binary.BigEndian.Uint32(fields[2:]),
		due:    time.Duration(binary.BigEndian.Uint64(fields[6:])),
	}, nil
}
