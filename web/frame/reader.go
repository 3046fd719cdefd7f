package frame

import (
	"bytes"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// Reader cuts what a connection brings into messages. Set the exported fields, Feed it each read, and take messages by Next
// until there is none. One goroutine at a time uses it.
type Reader struct {
	Masked bool // the frames come from a client (RFC 6455, section 5.1)
	Limit  int  // the longest text in bytes

	in   []byte // fed and not yet looked at; the feeder's memory
	head []byte // a frame header of which some has come
	err  *Error // what ended it

	count int // frames whose header has come, since Count was asked

	inFrame    bool // header is that of the frame whose payload is coming
	header     ws.Header
	came       int    // bytes of that payload
	fragmented bool   // a text is under way that needs further frames
	text       []byte // the text under way
	control    []byte // the payload of a control frame, which may come between the frames of a text
}

// Feed takes what one read brought. The Reader changes p and looks at it during the calls of Next that follow; everything
// fed before must have been taken by then.
func (r *Reader) Feed(p []byte) { r.in = p }

// Next gives the next message of what was fed; false means that it takes more bytes. An error is final.
func (r *Reader) Next() (Message, bool, error) {
	for r.err == nil {
		if !r.inFrame && !r.takeHeader() {
			break
		}
		if r.err = r.check(); r.err != nil {
			break
		}
		if !r.takePayload() {
			break
		}
		if m, ok := r.finish(); ok {
			return m, true, nil
		}
	}
	r.in = nil // an empty rest of it would keep all of the feeder's memory
	if r.err != nil {
		r.text = nil
		return Message{}, false, r.err
	}
	return Message{}, false, nil
}

// Count gives how many frames have begun since it was asked before: a message can be cut into any number of them.
func (r *Reader) Count() int {
	n := r.count
	r.count = 0
	return n
}

// Partial reports whether some of a message has come and not all of it.
func (r *Reader) Partial() bool { return r.fragmented || r.inFrame || len(r.head) > 0 }

// takeHeader takes bytes until the header of a frame is whole.
func (r *Reader) takeHeader() bool {
	for len(r.in) > 0 {
		want := headerSize(r.head)
		n := min(want-len(r.head), len(r.in))
		r.head = append(r.head, r.in[:n]...)
		r.in = r.in[n:]
		if len(r.head) >= 2 && len(r.head) == headerSize(r.head) {
			return r.openFrame()
		}
	}
	return false
}

// headerSize gives how long a header is of which head has come (RFC 6455, section 5.2); 2 while that cannot be known.
func headerSize(head []byte) int {
	if len(head) < 2 {
		return 2
	}
	size := 2
	switch head[1] & 0x7f {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if head[1]&0x80 != 0 {
		size += 4
	}
	return size
}

// openFrame reads the header that has come.
func (r *Reader) openFrame() bool {
	var err error
	r.header, err = ws.ReadHeader(bytes.NewReader(r.head))
	r.head, r.came, r.inFrame = r.head[:0], 0, true
	r.count++
	if err != nil {
		r.err = &Error{ws.StatusProtocolError, "malformed frame"}
		return true
	}
	state := ws.StateClientSide
	if r.Masked {
		state = ws.StateServerSide
	}
	if r.fragmented {
		state = state.Set(ws.StateFragmented)
	}
	if err := ws.CheckHeader(r.header, state); err != nil {
		r.err = &Error{ws.StatusProtocolError, "the frame breaks the protocol"}
	}
	return true
}

// check gives what is wrong with the frame whose header has come.
func (r *Reader) check() *Error {
	switch {
	case r.err != nil:
		return r.err
	case r.header.OpCode == ws.OpBinary:
		return errBinary
	case !r.header.OpCode.IsControl() && r.header.Length > int64(r.Limit-len(r.text)+r.came):
		return errTooBig
	}
	return nil
}

// takePayload takes bytes until the frame is whole.
func (r *Reader) takePayload() bool {
	n := min(len(r.in), int(r.header.Length)-r.came)
	part := r.in[:n]
	r.in = r.in[n:]
	if r.header.Masked {
		ws.Cipher(part, r.header.Mask, r.came)
	}
	r.came += n
	if r.header.OpCode.IsControl() {
		r.control = append(r.control, part...)
	} else {
		r.text = append(r.text, part...)
	}
	if r.came < int(r.header.Length) {
		return false
	}
	r.inFrame = false
	return true
}

// finish gives what a whole frame completes.
func (r *Reader) finish() (Message, bool) {
	if r.header.OpCode.IsControl() {
		payload := r.control
		r.control = nil
		return r.controlMessage(payload)
	}
	if r.fragmented = !r.header.Fin; r.fragmented {
		return Message{}, false
	}
	text := r.text
	r.text, r.head = nil, nil
	if !utf8.Valid(text) {
		r.err = errNotUTF8
		return Message{}, false
	}
	return Message{Kind: Text, Payload: text}, true
}

// controlMessage gives the message that a control frame is.
func (r *Reader) controlMessage(payload []byte) (Message, bool) {
	switch r.header.OpCode {
	case ws.OpPing:
		return Message{Kind: Ping, Payload: payload}, true
	case ws.OpPong:
		return Message{Kind: Pong, Payload: payload}, true
	}
	if len(payload) == 0 {
		return Message{Kind: Close, Code: ws.StatusNoStatusRcvd}, true
	}
	code, reason := ws.ParseCloseFrameData(payload)
	if err := ws.CheckCloseFrameData(code, reason); err != nil && !(registered(code) && utf8.ValidString(reason)) {
		r.err = errBadClose
		return Message{}, false
	}
	return Message{Kind: Close, Code: code, Reason: reason}, true
}

// registered reports whether a status code came to the registry after RFC 6455 (which sets it up in section 11.7): service
// restart, try again later, bad gateway.
func registered(code ws.StatusCode) bool { return code >= 1012 && code <= 1014 }
