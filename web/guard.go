package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"parley"
)

// headers go with everything that is served: nothing of it is a page that may be framed, sniffed, or run anything from
// elsewhere.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"object-src 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=()",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
}

// guard lets through to next what may have been asked by a person or a program of theirs, and not by a page of somebody
// else's that their browser shows. It also sets the headers of every answer.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.confess(r)
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		s.pay(r)
		if len(r.TransferEncoding) > 0 {
			w.Header().Set("Connection", "close") // there may have been a Content-Length too (RFC 9112, section 6.1)
		}
		if r.ContentLength != 0 { // net/http waits for the body, whoever does not
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout)) // fails where there is none
		}
		if err := s.objection(r); err != nil {
			refuse(w, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// objection tells why a request may not be asked, whatever it is about; nil where it may.
func (s *Server) objection(r *http.Request) error {
	switch {
	case r.Host == "":
		return parley.Errorf(parley.CodeMisdirected, "a request has to say in Host whom it is for")
	case !s.knownHost(r):
		return parley.Errorf(parley.CodeMisdirected, "this server does not go by the name %s; "+
			"the operator can add it with --public-name", parley.CleanLine(hostOf(r.Host)))
	case !sameOrigin(r):
		return parley.Errorf(parley.CodeForbidden, "a page of another site may not ask this")
	}
	return nil
}

// confess logs that a handler has failed in a way that nobody foresaw. Then net/http ends the connection, as it does
// where an answer cannot be finished, and says nothing.
func (s *Server) confess(r *http.Request) {
	if failure := recover(); failure != nil {
		if failure != http.ErrAbortHandler {
			s.log.Error("a request failed", "from", r.RemoteAddr, "method", r.Method, "path", loggedPath(r),
				"panic", failure, "stack", string(debug.Stack()))
		}
		panic(http.ErrAbortHandler)
	}
}

// knownHost reports whether the request is for a name or address of this server. A page of somebody else's can have its
// own name lead here (DNS rebinding), and its browser then takes the page and the server for one site; but it sends the
// page's name.
func (s *Server) knownHost(r *http.Request) bool {
	host := hostOf(r.Host)
	if at, err := netip.ParseAddr(host); err == nil {
		return at.Unmap().IsLoopback() || s.isOwn(at.Unmap(), r)
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || slices.Contains(s.names, name) ||
		s.GoesBy != nil && s.GoesBy(name)
}

// isOwn reports whether at is an address of this machine: the one that the client came to, or one of its interfaces.
func (s *Server) isOwn(at netip.Addr, r *http.Request) bool {
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok && local.AddrPort().Addr().Unmap() == at {
		return true
	}
	addresses, err := net.InterfaceAddrs()
	return err == nil && slices.ContainsFunc(addresses, func(a net.Addr) bool {
		prefix, err := netip.ParsePrefix(a.String())
		return err == nil && prefix.Addr().Unmap() == at
	})
}

// hostOf gives the host in what a Host header says, without the port and without brackets.
func hostOf(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return strings.Trim(host, "[]")
}

// sameOrigin reports whether the request comes from no page, or from one of this server's own (RFC 6454; for WebSockets
// RFC 6455, section 10.2). Browsers say where a page is from with everything that could change something.
func sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return isNavigation(r)
	}
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	u, err := url.Parse(origins[0])
	return len(origins) == 1 && err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// isNavigation reports whether somebody has followed a link: their browser shows the answer, and no page gets to read
// it.
func isNavigation(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}
