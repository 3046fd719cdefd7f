package web

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net/netip"
	"strings"

	"parley"
)

// stranger is what a connection turns out to speak instead of HTTP.
type stranger uint8

// The strangers.
const (
	noStranger stranger = iota
	speaksTLS
	speaksText
)

// strangerOf tells by the first bytes of a connection, at least one, who has come. Every method that is in use is in
// capital letters (RFC 9110, section 9.1; RFC 9112, section 3), and a TLS ClientHello begins with a record of type 22
// (RFC 8446, section 5.1). What may be either net/http finds out.
func strangerOf(first []byte) stranger {
	if first[0] == 22 {
		return speaksTLS
	}
	method := bytes.TrimLeft(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
	if len(method) == 0 || len(method) < len(first) && method[0] == ' ' {
		return noStranger
	}
	return speaksText
}

// alert is what a client that speaks TLS is told: the fatal alert handshake_failure (RFC 8446, sections 5.1 and 6.2).
// It has no room for an address.
var alert = []byte{21, 3, 3, 0, 2, 2, 40}

// turnAway gives what a stranger is told in its own protocol, who came to local.
func (s *Server) turnAway(who stranger, local netip.AddrPort) []byte {
	switch who {
	case speaksTLS:
		return alert
	case speaksText:
		text := "error: HTTP is spoken here; to chat, run: parley join " + s.base(local)
		if s.Text != nil {
			if address := s.Text(local); address != "" {
				text += "; text is spoken at " + address
			}
		}
		return []byte(text + "\n")
	}
	return nil
}

// base is the URL of this door for whoever came to local.
func (s *Server) base(local netip.AddrPort) string {
	scheme := "http"
	if s.secure() {
		scheme = "https"
	}
	return scheme + "://" + netip.AddrPortFrom(local.Addr().Unmap(), local.Port()).String()
}

// secure reports whether TLS is spoken under HTTP here.
func (s *Server) secure() bool {
	scheme, _, _ := strings.Cut(s.URL, "://")
	return scheme == "https" || strings.HasSuffix(scheme, "+tls")
}

// wrongScheme gives what somebody is told who does not speak TLS to a listener that does.
func (s *Server) wrongScheme(met tls.RecordHeaderError) []byte {
	var local netip.AddrPort
	if met.Conn != nil {
		local, _ = netip.ParseAddrPort(met.Conn.LocalAddr().String())
	}
	if who := strangerOf(met.RecordHeader[:]); who != noStranger {
		return s.turnAway(who, local)
	}
	return refusal(parley.Errorf(parley.CodeWrongProtocol, "this is HTTPS: use %s/ instead", s.base(local)))
}

// Refuse gives what a client is told whose connection is not served, or no longer, because of err.
func (s *Server) Refuse(err *parley.Error) []byte {
	if met, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return s.wrongScheme(met)
	}
	return refusal(err)
}
