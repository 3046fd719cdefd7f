package server

import "net/netip"

// Addresses are where the server listens, in the order of its listeners.
func (s *Server) Addresses() []netip.AddrPort {
	all := make([]netip.AddrPort, len(s.listeners))
	for i, l := range s.listeners {
		all[i] = l.address()
	}
	return all
}
