package chat

import (
	"bytes"
	"strconv"
	"strings"
)

// httpReader reads HTTP/1.1 (RFC 9112), each request and answer as one line, and the WebSocket that it can become.
type httpReader struct {
	*Conversation
	sides [2]httpSide
	heads []bool // of requests that are not answered: whether each was for a head alone
	asked bool   // the client wants a WebSocket
}

// What is kept at most, in bytes and requests.
const (
	maxField = 8 << 10
	maxAsked = 1000
)

// httpSide is how far one side is.
type httpSide struct {
	place
	state httpState
	line  []byte // the line under way
	first string // the first line of the message under way
	left  int64  // bytes of the body, or of a chunk of it
	lost  bool   // bytes were missing: what comes up to the next message is passed over

	length  int64 // by the header, -1 for none
	chunked bool
	upgrade bool // to a WebSocket

	socket socketSide // once it is one
}

// httpState is what comes next.
type httpState uint8

const (
	httpHead    httpState = iota // lines of a header
	httpBody                     // left bytes
	httpSize                     // the size of a chunk
	httpChunk                    // left bytes, with the line end behind a chunk
	httpTrailer                  // lines behind the last chunk
	httpRest                     // everything to the end of the connection
	httpSocket                   // a WebSocket
)

func newHTTPReader(c *Conversation, socket bool) *httpReader {
	r := &httpReader{Conversation: c}
	for from := range r.sides {
		s := &r.sides[from]
		s.length, s.most = -1, maxField
		c.places[from] = &s.place
		if socket {
			r.open(Side(from))
			s.socket.lost = !c.whole
		}
	}
	return r
}

func (r *httpReader) tick(int64) {}

// open makes a side a WebSocket.
func (r *httpReader) open(from Side) {
	s := &r.sides[from]
	s.state, s.most = httpSocket, maxSocketText
	s.socket.begin(from)
	r.protocol = websocket
}

func (r *httpReader) feed(from Side, data []byte, _ int64) {
	s := &r.sides[from]
	if s.state == httpSocket {
		s.socket.resume(from)
	}
	for len(data) > 0 {
		if from == Client && r.asked && s.state == httpHead && s.at == s.start && !isToken(data[0]) {
			r.open(from) // the answer that allows it was not seen
		}
		n := 0
		switch s.state {
		case httpSocket:
			n = r.socketBytes(from, data)
		case httpBody, httpChunk:
			n = int(min(int64(len(data)), s.left))
			s.at, s.left = s.at+int64(n), s.left-int64(n)
			if s.left == 0 {
				r.whole(from)
			}
		case httpRest:
			n = len(data)
			s.at += int64(n)
		default:
			n = r.lineBytes(from, data)
		}
		data = data[n:]
	}
}

// lineBytes takes what belongs to a line, and gives how much that was. Of a very long one the end is not looked at.
func (r *httpReader) lineBytes(from Side, data []byte) int {
	s := &r.sides[from]
	n := bytes.IndexByte(data, '\n') + 1
	ended := n > 0
	if !ended {
		n = len(data)
	}
	s.line = append(s.line, data[:min(n, maxField-min(maxField, len(s.line)))]...)
	s.at += int64(n)
	if ended {
		line := strings.TrimRight(string(s.line), "\r\n")
		s.line = nil
		r.lineWhole(from, line)
	}
	return n
}

// lineWhole takes a whole line.
func (r *httpReader) lineWhole(from Side, line string) {
	s := &r.sides[from]
	switch {
	case s.state == httpSize:
		r.chunk(from, line)
	case s.state == httpTrailer:
		if line == "" {
			r.tellWhole(from)
		}
	case s.first == "":
		r.firstLine(from, line)
	case line == "":
		r.headWhole(from)
	default:
		s.field(line)
	}
}

// firstLine takes what should be the first line of a request or an answer.
func (r *httpReader) firstLine(from Side, line string) {
	s := &r.sides[from]
	if from == Client && isRequest(line) || from == Server && strings.HasPrefix(line, "HTTP/") {
		s.first, s.length, s.chunked, s.upgrade, s.lost = line, -1, false, false, false
		return
	}
	if line != "" && !s.lost {
		r.say(from, said(Text, "", line), s.at)
	}
	s.start = s.at
}

// field takes a line of a header that matters for where the message ends.
func (s *httpSide) field(line string) {
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch strings.ToLower(name) {
	case "content-length":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n >= 0 {
			s.length = n
		}
	case "transfer-encoding":
		s.chunked = strings.HasSuffix(strings.ToLower(value), "chunked")
	case "upgrade":
		s.upgrade = strings.EqualFold(value, "websocket")
	}
}

// headWhole decides what follows a header (RFC 9112, section 6.3).
func (r *httpReader) headWhole(from Side) {
	s := &r.sides[from]
	bodiless := false
	if from == Client {
		r.asked = s.upgrade
		if len(r.heads) < maxAsked {
			r.heads = append(r.heads, strings.HasPrefix(s.first, "HEAD "))
		}
	} else {
		status := statusOf(s.first)
		if status == "101" && s.upgrade {
			r.tellWhole(from)
			r.open(Server)
			if c := &r.sides[Client]; c.state == httpHead && c.at == c.start {
				r.open(Client)
			}
			return
		}
		interim := strings.HasPrefix(status, "1")
		bodiless = interim || status == "204" || status == "304"
		if !interim && len(r.heads) > 0 {
			bodiless = bodiless || r.heads[0]
			r.heads = r.heads[1:]
		}
	}
	s.most = 0 // of a body nothing is kept
	switch {
	case bodiless:
		r.tellWhole(from)
	case s.chunked:
		s.state = httpSize
	case s.length > 0:
		s.state, s.left = httpBody, s.length
	case s.length < 0 && from == Server:
		s.state = httpRest
	default:
		r.tellWhole(from)
	}
}

// chunk takes the line before a chunk (RFC 9112, section 7.1).
func (r *httpReader) chunk(from Side, line string) {
	s := &r.sides[from]
	digits, _, _ := strings.Cut(line, ";")
	size, err := strconv.ParseInt(strings.TrimSpace(digits), 16, 62)
	switch {
	case err != nil || size < 0:
		r.tellWhole(from)
		s.lost = true
	case size == 0:
		s.state = httpTrailer
	default:
		s.state, s.left = httpChunk, size+2
	}
}

// whole says that a body, or a chunk, has come.
func (r *httpReader) whole(from Side) {
	s := &r.sides[from]
	if s.state == httpChunk {
		s.state = httpSize
		return
	}
	r.tellWhole(from)
}

// tellWhole tells a request or an answer.
func (r *httpReader) tellWhole(from Side) {
	s := &r.sides[from]
	kind := Request
	if from == Server {
		kind = Answer
	}
	r.say(from, said(kind, "", s.first), s.at)
	s.state, s.first, s.line, s.most = httpHead, "", nil, maxField
}

func (r *httpReader) end() {
	for from := range r.sides {
		s := &r.sides[from]
		if s.state != httpSocket && s.first != "" {
			r.tellWhole(Side(from))
		}
		s.start, s.line = s.at, nil
	}
}

func (r *httpReader) lost(from Side, n int64) {
	s := &r.sides[from]
	switch {
	case n == 0 && s.most == 0:
		return // nothing is kept
	case s.state == httpSocket:
		s.socket.lost = true
		s.socket.begin(from)
	case n > 0 && n <= s.left && s.state == httpBody, n > 0 && n < s.left && s.state == httpChunk, s.state == httpRest:
		s.at, s.left = s.at+n, s.left-n
		if s.state == httpBody && s.left == 0 {
			r.whole(from)
		}
		return
	default:
		if s.first != "" {
			r.tellWhole(from)
		}
		s.state, s.line, s.lost, s.most = httpHead, nil, true, maxField
	}
	r.missing(from, n)
}

// statusOf gives the status of an answer's first line.
func statusOf(line string) string {
	_, rest, _ := strings.Cut(line, " ")
	status, _, _ := strings.Cut(rest, " ")
	return status
}

// isRequest reports whether a line is the first one of a request of HTTP/1 (RFC 9112, section 3).
func isRequest(line string) bool {
	method, rest, ok := strings.Cut(line, " ")
	target, version, ok2 := strings.Cut(rest, " ")
	return ok && ok2 && isMethod(method) && target != "" && strings.HasPrefix(version, "HTTP/1.")
}

// maxMethod is the length of the longest method that is looked for, in bytes.
const maxMethod = 16

// isMethod reports whether s can be a method: capital letters.
func isMethod(s string) bool {
	return s != "" && len(s) <= maxMethod && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// isToken reports whether a line of HTTP can begin with a byte.
func isToken(b byte) bool { return b >= ' ' && b < 0x7f || b == '\r' || b == '\n' }
