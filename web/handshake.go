package web

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1" // as RFC 6455 has it; nothing is secured by it
	"encoding/base64"
	"net"
	"net/http"
	"regexp"
	"strings"

	"parley"
	"parley/web/routes"
)

// handshake answers a client that asks for a WebSocket in first, and gives what came after that. It is not done where the
// client does not, or not as it should; then nothing has been answered, and nothing changed.
func (s *Server) handshake(c connection, first []byte) (rest []byte, done bool) {
	r, rest := requestIn(first)
	if r == nil {
		return nil, false
	}
	local := net.TCPAddrFromAddrPort(c.LocalAddr())
	r = r.WithContext(context.WithValue(context.Background(), http.LocalAddrContextKey, local))
	if _, err := checkHandshake(make(http.Header), r); err != nil || s.objection(r) != nil {
		return nil, false
	}
	s.requests.add(Answer{routes.Socket, http.StatusSwitchingProtocols})
	c.Send([][]byte{acceptance(r)})
	return rest, true
}

// usualLine is a line of a head as clients write them, and usualHost what they say in Host. Whatever looks otherwise is left to
// net/http: two who read the same request must not read it differently.
var (
	usualLine = regexp.MustCompile(`^[A-Za-z][0-9A-Za-z-]*: [ -~]*$`)
	usualHost = regexp.MustCompile(`^[0-9A-Za-z.:\[\]-]+$`)
)

// requestIn gives the request for a WebSocket that first begins with, and what follows it; nil where it is not all there, or not
// what every client would send.
func requestIn(first []byte) (r *http.Request, rest []byte) {
	const end = "\r\n\r\n"
	head, rest, whole := bytes.Cut(first, []byte(end))
	lines := strings.Split(string(head), "\r\n")
	if !whole || len(head) > maxHeader || lines[0] != "GET "+routes.SocketPath+" HTTP/1.1" {
		return nil, nil
	}
	hosts := 0
	for _, line := range lines[1:] {
		if !usualLine.MatchString(line) {
			return nil, nil
		}
		if strings.HasPrefix(strings.ToLower(line), "host:") {
			hosts++
		}
	}
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(string(head) + end)))
	if err != nil || hosts != 1 || !usualHost.MatchString(r.Host) || r.Header["Expect"] != nil || r.ContentLength != 0 {
		return nil, nil
	}
	return r, rest
}

// acceptance is the server's side of the opening handshake (RFC 6455, section 4.2.2).
func acceptance(r *http.Request) []byte {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n")
}

// checkHandshake tells what is wrong with the client's side of the opening handshake (RFC 6455, section 4.2.1): the
// status to answer with, 0 where it is well. What headers the answer needs are set.
func checkHandshake(header http.Header, r *http.Request) (status int, err error) {
	switch {
	case r.Method != http.MethodGet:
		header.Set("Allow", http.MethodGet)
		return http.StatusMethodNotAllowed, invalid("a WebSocket is asked for by GET")
	case !hasToken(r.Header, "Upgrade", "websocket"):
		header.Set("Upgrade", "websocket") // RFC 9110, section 15.5.22
		header.Set("Connection", "Upgrade")
		return http.StatusUpgradeRequired, invalid("this is for WebSockets: ask for an upgrade")
	case !r.ProtoAtLeast(1, 1):
		return http.StatusBadRequest, invalid("a WebSocket needs HTTP/1.1")
	case !hasToken(r.Header, "Connection", "upgrade"):
		return http.StatusBadRequest, invalid("Connection must say Upgrade")
	case len(r.Header.Values("Sec-WebSocket-Version")) != 1 || r.Header.Get("Sec-WebSocket-Version") != "13":
		header.Set("Sec-WebSocket-Version", "13") // section 4.4
		return http.StatusUpgradeRequired, invalid("version 13 of WebSockets is spoken here")
	case !isKey(r.Header.Values("Sec-WebSocket-Key")):
		return http.StatusBadRequest, invalid("Sec-WebSocket-Key is 16 bytes in base64")
	case r.ContentLength != 0:
		header.Set("Connection", "close") // else net/http would wait for it
		return http.StatusBadRequest, invalid("a request for a WebSocket has no body")
	}
	return 0, nil
}

func invalid(sentence string) error { return parley.Errorf(parley.CodeInvalid, "%s", sentence) }

// hasToken reports whether token stands in a header that is a list (RFC 9110, section 5.6.1), in letters of any case.
func hasToken(header http.Header, name, token string) bool {
	for _, list := range header.Values(name) {
		for part := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}

// isKey reports whether a client has sent one key, as section 4.1 wants it.
func isKey(values []string) bool {
	if len(values) != 1 {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(values[0])
	return err == nil && len(key) == 16
}
