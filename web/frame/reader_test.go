package frame_test

import (
	"bytes"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"weak"

	"github.com/gobwas/ws"

	"parley/web/frame"
)

// heard is what a Reader makes of some bytes.
type heard struct {
	texts []string // and control frames, as KIND:PAYLOAD
	code  ws.StatusCode
}

// hear feeds the parts, one read each, to the Reader of a server with a limit of 100 bytes.
func hear(t *testing.T, parts ...[]byte) heard {
	t.Helper()
	r := frame.Reader{Masked: true, Limit: 100}
	var h heard
	for _, p := range parts {
		r.Feed(bytes.Clone(p))
		for {
			m, ok, err := r.Next()
			if violation, is := errors.AsType[*frame.Error](err); is {
				h.code = violation.Code
				return h
			}
			if err != nil {
				t.Fatalf("an error that is no violation: %v", err)
			}
			if !ok {
				break
			}
			h.texts = append(h.texts, tell(m))
		}
	}
	return h
}

func tell(m frame.Message) string {
	switch m.Kind {
	case frame.Ping:
		return "ping:" + string(m.Payload)
	case frame.Pong:
		return "pong:" + string(m.Payload)
	case frame.Close:
		return "close:" + m.Reason
	}
	return string(m.Payload)
}

// client is a frame as a client sends it.
func client(op ws.OpCode, payload string) []byte {
	return frame.AppendMasked(nil, op, []byte(payload), [4]byte{7, 0, 255, 13})
}

// part is a frame that is not the last of its message.
func part(op ws.OpCode, payload string) []byte {
	p := client(op, payload)
	p[0] &^= 0x80
	return p
}

func TestMessagesArriveHoweverTheNetworkSplitsThem(t *testing.T) {
	stream := slices.Concat(
		client(ws.OpText, "hello"),
		part(ws.OpText, "one "), client(ws.OpPing, "are you there"), part(ws.OpContinuation, "message 出师"), client(ws.OpContinuation, "表"),
		client(ws.OpText, ""),
		client(ws.OpText, strings.Repeat("x", 100)),
		client(ws.OpPong, ""),
		client(ws.OpClose, string(ws.NewCloseFrameBody(ws.StatusNormalClosure, "bye"))),
	)
	want := []string{"hello", "ping:are you there", "one message 出师表", "", strings.Repeat("x", 100), "pong:", "close:bye"}
	for i := range len(stream) + 1 {
		if got := hear(t, stream[:i], stream[i:]); !slices.Equal(got.texts, want) || got.code != 0 {
			t.Fatalf("split at %d: %q, closed with %d", i, got.texts, got.code)
		}
	}
	var single [][]byte
	for i := range stream {
		single = append(single, stream[i:i+1])
	}
	if got := hear(t, single...); !slices.Equal(got.texts, want) {
		t.Fatalf("byte by byte: %q", got.texts)
	}
}

func TestWhatBreaksTheProtocolEndsTheConnectionWithItsCode(t *testing.T) {
	unmasked := frame.AppendText(nil, func(dst []byte) []byte { return append(dst, "hello"...) })
	reserved := client(ws.OpText, "x")
	reserved[0] |= 0x40
	for name, c := range map[string]struct {
		stream []byte
		code   ws.StatusCode
	}{
		"a frame without a mask":             {unmasked, ws.StatusProtocolError},
		"a bit that no extension explains":   {reserved, ws.StatusProtocolError},
		"an opcode that nobody knows":        {client(ws.OpCode(5), "x"), ws.StatusProtocolError},
		"a continuation of nothing":          {client(ws.OpContinuation, "x"), ws.StatusProtocolError},
		"a new text inside another":          {slices.Concat(part(ws.OpText, "x"), client(ws.OpText, "y")), ws.StatusProtocolError},
		"a ping in parts":                    {part(ws.OpPing, "x"), ws.StatusProtocolError},
		"a ping of 126 bytes":                {client(ws.OpPing, strings.Repeat("x", 126)), ws.StatusProtocolError},
		"a close of one byte":                {client(ws.OpClose, "x"), ws.StatusProtocolError},
		"a close with a code that is unused": {client(ws.OpClose, "\x00\x01"), ws.StatusProtocolError},
		"binary":                             {client(ws.OpBinary, "x"), ws.StatusUnsupportedData},
		"a text that is not UTF-8":           {client(ws.OpText, "\xff"), ws.StatusInvalidFramePayloadData},
		"a text over the limit":              {client(ws.OpText, strings.Repeat("x", 101)), ws.StatusMessageTooBig},
		"a text over the limit in parts": {slices.Concat(part(ws.OpText, strings.Repeat("x", 60)),
			client(ws.OpContinuation, strings.Repeat("x", 41))), ws.StatusMessageTooBig},
		"a length of 2^63-1": {[]byte{0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4}, ws.StatusMessageTooBig},
		"a length of 2^64-1": {[]byte{0x81, 0xff, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4}, ws.StatusProtocolError},
		"a length of 2^63-1 inside a text": {slices.Concat(part(ws.OpText, "x"),
			[]byte{0x80, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4}), ws.StatusMessageTooBig},
	} {
		if got := hear(t, c.stream); got.code != c.code {
			t.Errorf("%s: closed with %d, want %d (heard %q)", name, got.code, c.code, got.texts)
		}
	}
}

func TestAnErrorIsFinal(t *testing.T) {
	r := frame.Reader{Masked: true, Limit: 100}
	r.Feed(client(ws.OpBinary, "x"))
	_, _, first := r.Next()
	r.Feed(client(ws.OpText, "hello"))
	_, ok, second := r.Next()
	if ok || first == nil || first != second {
		t.Errorf("after %v came %v, %v", first, ok, second)
	}
}

func TestAServersFramesAreReadByAClient(t *testing.T) {
	for _, n := range []int{1, 125, 126, 0xffff, 0x10000} {
		text := strings.Repeat("y", n)
		stream := frame.AppendText([]byte{}, func(dst []byte) []byte { return append(dst, text...) })
		stream = frame.AppendControl(stream, frame.Ping, []byte("p"))
		stream = frame.AppendClose(stream, ws.StatusGoingAway, strings.Repeat("出师表", 100))
		r := frame.Reader{Limit: 1 << 20}
		r.Feed(stream)
		for i, want := range []frame.Kind{frame.Text, frame.Ping, frame.Close} {
			m, ok, err := r.Next()
			if !ok || err != nil || m.Kind != want || i == 0 && string(m.Payload) != text {
				t.Fatalf("%d bytes, message %d: %v, %v, %v", n, i, m.Kind, ok, err)
			}
		}
	}
	if got := frame.AppendText(nil, func(dst []byte) []byte { return dst }); len(got) != 0 {
		t.Errorf("nothing was framed as %x", got)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(client(ws.OpText, "hello"), uint8(3))
	f.Add(slices.Concat(part(ws.OpText, "a"), client(ws.OpPing, "b"), client(ws.OpContinuation, "c")), uint8(9))
	f.Add([]byte{0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4}, uint8(1))
	f.Fuzz(func(t *testing.T, stream []byte, at uint8) {
		whole := hear(t, stream)
		i := min(int(at), len(stream))
		if split := hear(t, stream[:i], stream[i:]); !slices.Equal(split.texts, whole.texts) || split.code != whole.code {
			t.Errorf("split at %d: %q %d, whole: %q %d", i, split.texts, split.code, whole.texts, whole.code)
		}
	})
}

// TestNothingOfTheFeederIsKept: thousands of silent connections must not keep the buffers that they last read into, which
// others use meanwhile and would have to make anew.
func TestNothingOfTheFeederIsKept(t *testing.T) {
	for name, n := range map[string]int{"whole": 0, "with the beginning of another": 3, "without its end": -1} {
		r := frame.Reader{Masked: true, Limit: 100}
		buf := new([1 << 16]byte)
		one := frame.AppendMasked(nil, ws.OpText, []byte("hello"), [4]byte{1, 2, 3, 4})
		came := append(append(buf[:0], one...), one...)[:len(one)+n]
		kept := weak.Make(buf)
		r.Feed(came)
		for ok := true; ok; {
			var err error
			if _, ok, err = r.Next(); err != nil {
				t.Fatal(err)
			}
		}
		buf, came = nil, nil
		runtime.GC()
		if kept.Value() != nil {
			t.Errorf("a message %s: the buffer is kept", name)
		}
		runtime.KeepAlive(&r)
	}
}

// TestStatusCodesOfTheRegistry: what this server closes with when a client may come back, 1013, was once called malformed.
func TestStatusCodesOfTheRegistry(t *testing.T) {
	for code, good := range map[ws.StatusCode]bool{
		1000: true, 1011: true, 1012: true, 1013: true, 1014: true, 3000: true, 4999: true,
		1004: false, 1005: false, 1006: false, 1015: false, 1016: false, 2000: false, 999: false,
	} {
		r := frame.Reader{Limit: 100}
		r.Feed(frame.AppendClose(nil, code, "so long"))
		m, ok, err := r.Next()
		if ok != good || good && (m.Code != code || m.Reason != "so long") {
			t.Errorf("%d: %+v, %v", code, m, err)
		}
	}
}

func TestEveryFrameIsCountedAndWhatIsHalfIsKnown(t *testing.T) {
	r := frame.Reader{Masked: true, Limit: 100}
	take := func(b []byte, frames int, partial bool) {
		t.Helper()
		r.Feed(b)
		for {
			if _, ok, err := r.Next(); err != nil {
				t.Fatal(err)
			} else if !ok {
				break
			}
		}
		if got := r.Count(); got != frames || r.Partial() != partial {
			t.Errorf("%x: %d frames, partial %v", b, got, r.Partial())
		}
	}
	take(nil, 0, false)
	take([]byte{0x01, 0x80, 1, 2, 3, 4}, 1, true)             // a text that goes on
	take([]byte{0x89, 0x80, 1, 2, 3, 4, 0x00, 0x80}, 1, true) // a ping in between, and half a header
	take([]byte{1, 2, 3, 4, 0, 0x80, 1, 2, 3, 4}, 2, true)    // nothing more, twice
	take([]byte{0x80, 0x81, 0, 0, 0, 0}, 1, true)             // the last one, but for its byte
	take([]byte{'x'}, 0, false)                               // and that
	take([]byte{0x81, 0x81, 0, 0, 0, 0, 'y', 0x88}, 1, true)  // a whole text, and a byte of a close
}
