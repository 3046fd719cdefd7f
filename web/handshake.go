package web

import (
	"encoding/base64"
	"net/http"
	"strings"

	"parley"
)

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
