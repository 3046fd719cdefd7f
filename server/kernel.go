package server

import (
	"net/netip"

	"parley/transport"
)

// kernel gives what the kernel knows of the connections of a listener; nothing where it knows nothing, as of UDP.
func (s *Server) kernel(url string) map[netip.AddrPort]transport.TCPInfo {
	for _, l := range s.listeners {
		if l, ok := l.(*stream); ok && l.spec.text == url {
			return l.socket.TCPInfo()
		}
	}
	return nil
}
