package pcap

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxPacket is the most that a packet, or a block of a file, may have: what is larger is damage, not a packet. The longest IPv6
// jumbogram that Linux hands over is shorter.
const maxPacket = 16 << 20

// maxLength is the most that a packet may claim to have had on the wire.
const maxLength = 1 << 30

// Reader reads packets one after the other. It is for one goroutine.
type Reader struct {
	in     *bufio.Reader
	large  []byte // for what does not fit into in's buffer
	skip   int    // bytes of in that were handed out last
	frames int64
	format format
}

// format is one of the two kinds of files.
type format interface {
	// next reads a packet, all but its Frame. The error is io.EOF at the end, io.ErrUnexpectedEOF in the middle of something.
	next(r *Reader) (Packet, error)
	// section is what the file has said of itself so far.
	section() Section
	// interfaces are those that the file has named so far.
	interfaces() []*Interface
}

// NewReader makes a Reader of a file. It fails where that is no file of packets.
func NewReader(file io.Reader) (*Reader, error) {
	r := &Reader{in: bufio.NewReaderSize(file, 1<<20)}
	magic, err := r.in.Peek(4)
	if err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		unpacked, err := gzip.NewReader(r.in)
		if err != nil {
			return nil, fmt.Errorf("the gzip file is damaged: %w", err)
		}
		r.in = bufio.NewReaderSize(unpacked, 1<<20)
		magic, _ = r.in.Peek(4) // fails below
	}
	if len(magic) < 4 {
		return nil, errors.New("the file is too short to hold packets")
	}
	if binary.BigEndian.Uint32(magic) == sectionHeader {
		r.format = &ng{}
		return r, nil
	}
	if r.format, err = newClassic(r); err != nil {
		return nil, err
	}
	return r, nil
}

// Next gives the next packet. The error is io.EOF at the end. Anything else tells in which packet the file breaks off or is damaged;
// nothing comes after it.
func (r *Reader) Next() (Packet, error) {
	p, err := r.format.next(r)
	switch {
	case err == nil:
		r.frames++
		p.Frame = r.frames
		return p, nil
	case err == io.EOF:
		return p, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return p, fmt.Errorf("the file ends in the middle of packet %d: %w", r.frames+1, err)
	}
	return p, fmt.Errorf("packet %d cannot be read: %w", r.frames+1, err)
}

// Section is what the file has said of itself up to the last packet.
func (r *Reader) Section() Section { return r.format.section() }

// Interfaces are those that the file has named up to the last packet.
func (r *Reader) Interfaces() []*Interface { return r.format.interfaces() }

// take gives the next n bytes, valid until the next take. The error is io.EOF where nothing is left, and io.ErrUnexpectedEOF where
// too little is.
func (r *Reader) take(n int) ([]byte, error) {
	r.step()
	if n <= r.in.Size() {
		b, err := r.in.Peek(n)
		if err == nil {
			r.skip = n
			return b, nil
		}
		if len(b) > 0 && err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if cap(r.large) < n {
		r.large = make([]byte, n)
	}
	_, err := io.ReadFull(r.in, r.large[:n])
	return r.large[:n], err
}

// step leaves behind what was handed out last.
func (r *Reader) step() {
	_, _ = r.in.Discard(r.skip) // it was there when it was peeked at
	r.skip = 0
}

// more is take where something must follow.
func (r *Reader) more(n int) ([]byte, error) {
	b, err := r.take(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// text reads a string of a file: without what ends it, and what is not UTF-8 replaced.
func text(b []byte) string {
	return strings.ToValidUTF8(strings.TrimRight(string(b), "\x00"), "\uFFFD")
}
