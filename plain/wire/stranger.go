package wire

import (
	"bytes"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// helloLength is how many bytes tell a TLS ClientHello from chat: a record of type handshake (22), and a version of SSL
// 3.0 (3, 0) or TLS (3, 1 to 3, 4) (RFC 8446, section 5.1). Nobody starts to chat with these control characters.
const helloLength = 3

// noHello is the count of a connection that did not start with a TLS ClientHello.
const noHello = helloLength + 1

// matchHello goes on counting, with the bytes p, how many of a connection's first bytes are those of a TLS ClientHello.
func matchHello(count uint8, p []byte) uint8 {
	for _, c := range p {
		switch {
		case count >= helloLength:
			return count
		case count == 0 && c == 22, count == 1 && c == 3, count == 2 && c <= 4:
			count++
		default:
			return noHello
		}
	}
	return count
}

// isRequestLine reports whether s is the first line of an HTTP request (RFC 9112, section 3).
func isRequestLine(s string) bool {
	method, rest, ok := strings.Cut(s, " ")
	if !ok || method == "" || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" {
		return false
	}
	target, version, ok := strings.Cut(rest, " ")
	return ok && isTarget(target) && len(version) == len("HTTP/1.1") && strings.HasPrefix(version, "HTTP/") &&
		version[6] == '.' && isDigit(version[5]) && isDigit(version[7])
}

// isTarget reports whether s is a request's target in one of the four forms of RFC 9112, section 3.2: a path, '*', or
// one with a colon in it.
func isTarget(s string) bool {
	return strings.HasPrefix(s, "/") || s == "*" || strings.Contains(s, ":")
}

// isDigit reports whether c is an ASCII digit.
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// openings are how HTTP requests begin: with the methods which browsers and common programs use (RFC 9110, section 9.1, and
// PATCH).
var openings = []string{"GET /", "HEAD /", "POST /", "PUT /", "DELETE /", "CONNECT /", "OPTIONS /", "TRACE /", "PATCH /"}

// IsHTTPStart reports whether header can be the first bytes of an HTTP request. It is for a listener with TLS, which sees
// no more than a few.
func IsHTTPStart(header []byte) bool {
	return len(header) > 0 &&
		slices.ContainsFunc(openings, func(o string) bool { return strings.HasPrefix(o, string(header)) })
}

// opensRequest reports whether text, which is cut off, begins as an HTTP request does. A request line that is too long to
// be read whole, or that arrives in pieces, must not let what follows it pass for chat.
func opensRequest(text []byte) bool {
	return slices.ContainsFunc(openings, func(o string) bool { return bytes.HasPrefix(text, []byte(o)) })
}

// JoinURL gives the URL by which a client that came to local joins a listener that was opened as listener: without the
// options, which are the server's own affair. Without a valid local it has the listener's own host.
func JoinURL(listener string, local netip.AddrPort) string {
	u, err := url.Parse(listener)
	if err != nil {
		return listener
	}
	if local.IsValid() {
		u.Host = local.String()
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}

// HTTPAnswer is what a client that speaks HTTP is told before its connection is closed: what this is, how to join it at
// address, a URL, and where HTTP is spoken; page is "" for nowhere.
func HTTPAnswer(address, page string) []byte {
	body := fmt.Sprintf("This is a chat server, not a web server. To join it, run: parley join %s\n", address)
	if page != "" {
		body += fmt.Sprintf("HTTP is spoken at %s/\n", page)
	}
	return fmt.Appendf(nil, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"+
		"X-Content-Type-Options: nosniff\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
}

// TLSAnswer is what a client that speaks TLS is told before its connection is closed: the fatal alert handshake_failure
// (RFC 8446, sections 5.1 and 6.2). An alert has no room for an address.
func TLSAnswer() []byte { return []byte{21, 3, 3, 0, 2, 2, 40} }
