package server

import (
	"parley/metrics"
	"parley/plain"
	"parley/web"
)

// figures takes the server's figures. It may be called from any goroutine, once everything is wired.
func (s *Server) figures() metrics.Figures {
	f := metrics.Figures{
		Ready:     s.hub.Ready() == nil && s.store.Ready() == nil,
		Hub:       s.hub.Counts(),
		Store:     s.store.Counts(),
		Files:     s.blobs.Usage(),
		Passwords: s.accounts.Counts(),
	}
	for _, l := range s.listeners {
		f.Listeners = append(f.Listeners, listenerFigures(l))
	}
	return f
}

// listenerFigures gives the figures of a listener, which goes by the address that it really has: what it was asked to do
// is nobody's business, and the port may have been the system's choice.
func listenerFigures(l listener) metrics.Listener {
	f := metrics.Listener{URL: l.url().base(l.address()), Protocol: l.url().protocol()}
	switch l := l.(type) {
	case *stream:
		counts := l.socket.Counts()
		f.Connections = &counts
		if door, ok := l.handler.(*web.Server); ok {
			counts := door.Counts()
			f.Web = &counts
		}
	case *packets:
		if d, ok := l.handler.(*plain.Datagrams); ok {
			drops := d.Dropped()
			f.Datagrams = &drops
		}
	}
	return f
}
