package server

import (
	"net/netip"
)

// neighbour gives a function by which a listener tells somebody who came to the wrong one where another protocol is
// spoken: the URL at which somebody who came to local reaches the first listener of scheme, "" where there is none.
// Where local is not known, only one that listens on one address is named.
func (s *Server) neighbour(scheme string) func(local netip.AddrPort) string {
	return func(local netip.AddrPort) string {
		for _, l := range s.listeners {
			at := l.address()
			if l.url().scheme != scheme || l.url().packets {
				continue
			}
			host := at.Addr().Unmap()
			switch {
			case host.IsUnspecified() && local.IsValid():
				host = local.Addr().Unmap()
			case host.IsUnspecified(), local.IsValid() && host != local.Addr().Unmap() && host.IsLoopback():
				continue // nobody knows where; or only this machine gets there
			}
			return l.url().base(netip.AddrPortFrom(host, at.Port()))
		}
		return ""
	}
}
