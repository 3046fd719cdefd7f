package chat

import (
	"bytes"
	"strings"
)

// What is kept at most while the protocol is not known.
const (
	maxOpening = 16 << 10 // bytes, of both sides
	pieceCost  = 64       // bytes, of a piece beside its data
)

// opening is what came before the protocol was known.
type opening struct {
	pieces []piece
	first  [2][]byte // all that each side sent
	start  [2]int64  // where each begins
	at     [2]int64
	held   int
}

// piece is what one segment brought.
type piece struct {
	from Side
	data []byte
	at   int64
}

func (o *opening) empty() bool { return len(o.pieces) == 0 }

// lose says that the first n bytes of a side are missing.
func (o *opening) lose(from Side, n int64) {
	o.at[from] += n
	o.start[from] = o.at[from]
}

// add keeps what a segment brought.
func (o *opening) add(from Side, data []byte, at int64) {
	if len(o.first[from]) == 0 {
		o.start[from] = o.at[from]
	}
	o.first[from] = append(o.first[from], data...)
	o.pieces = append(o.pieces, piece{from, bytes.Clone(data), at})
	o.at[from] += int64(len(data))
	o.held += 2*len(data) + pieceCost
}

// protocol gives the protocol once it is sure, or once there will not be more to tell it by; "" before that.
func (o *opening) protocol() string {
	client, server := o.first[Client], o.first[Server]
	answered, more := ofServer(server)
	switch asked := ofClient(client); {
	case asked != "":
		return asked
	case answered != "":
		return answered
	case o.held > maxOpening:
		return plain
	case more, len(server) == 0: // roster and plain are told apart by what the server says
		return ""
	}
	return plain
}

// guess gives the protocol when nothing more comes.
func (o *opening) guess() string {
	if as := o.protocol(); as != "" {
		return as
	}
	return plain
}

// tlsRecord is how a TLS record with a handshake begins (RFC 8446, section 5.1).
const tlsRecord = "\x16\x03"

// ofClient gives the protocol by how a client begins, "" where that does not tell.
func ofClient(b []byte) string {
	line, _, whole := bytes.Cut(b, []byte("\n"))
	text := strings.TrimSuffix(string(line), "\r")
	switch {
	case begins(b, tlsRecord):
		return encrypted
	case whole && isRequest(text):
		return http
	case whole && registers(text):
		return irc
	}
	return ""
}

// ofServer gives the protocol by how a server begins; more says that further bytes can tell.
func ofServer(b []byte) (as string, more bool) {
	const (
		answer   = "HTTP/1."
		list     = `!{`
		question = "password for "
		taken    = "name "
	)
	line, _, whole := bytes.Cut(b, []byte("\n"))
	text := strings.TrimSuffix(string(line), "\r")
	switch {
	case begins(b, tlsRecord):
		return encrypted, false
	case begins(b, answer):
		return http, false
	case begins(b, list),
		!whole && begins(b, question) && strings.HasSuffix(text, ": "),
		!whole && begins(b, taken) && strings.HasSuffix(text, ", send another "):
		return roster, false
	case whole && greetsIRC(text):
		return irc, false
	}
	for _, start := range []string{tlsRecord, answer, list} {
		if couldBegin(b, start) {
			return "", len(b) > 0
		}
	}
	for _, start := range []string{question, taken, ":", "NOTICE ", "PING "} {
		if !whole && (couldBegin(b, start) || begins(b, start)) {
			return "", len(b) > 0
		}
	}
	return "", false
}

// begins reports whether b begins with start.
func begins(b []byte, start string) bool { return bytes.HasPrefix(b, []byte(start)) }

// couldBegin reports whether b is the beginning of start.
func couldBegin(b []byte, start string) bool { return strings.HasPrefix(start, string(b)) }
