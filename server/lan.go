package server

import (
	"net/netip"
	"os"
	"slices"

	"parley"
	"parley/discovery"
)

// errLANAndListen is the answer to whoever asks for both.
var errLANAndListen = parley.Errorf(parley.CodeInvalid,
	"--lan and --listen exclude one another: --lan brings listeners of its own")

// openAnnouncer gets ready to be found on the local network. Where that cannot be, the server goes on without, and the
// log says so.
func (s *Server) openAnnouncer(c Config) {
	machine, _ := os.Hostname() // without one it is called otherwise
	offer := discovery.Offer{Machine: machine, Version: c.Version}
	for _, l := range s.listeners {
		offer.Doors = append(offer.Doors, discovery.Door{Scheme: l.url().protocol(), Port: l.address().Port()})
	}
	var err error
	if s.announced, err = discovery.Open(offer, s.log); err != nil {
		s.announced = nil
		s.log.Warn("cannot be found by parley join without a URL; joining by address works", "error", err)
	}
}

// goesBy reports whether the server goes by a host name because it is announced so.
func (s *Server) goesBy(host string) bool { return s.announced != nil && s.announced.Goes(host) }

// JoinURL is the URL by which others on the local network join, for a server that is meant for it (Config.LAN); "" for
// others, and where there is no network.
func (s *Server) JoinURL() string {
	i := slices.IndexFunc(s.listeners, func(l listener) bool { return l.url().scheme == "http" })
	found := discovery.Addresses()
	if !s.lan || i < 0 || len(found) == 0 {
		return ""
	}
	l := s.listeners[i]
	return l.url().base(netip.AddrPortFrom(found[0], l.address().Port()))
}
