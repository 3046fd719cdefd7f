package server

import (
	"net"
	"net/netip"

	"parley"
	"parley/capture/tap"
	"parley/transport"
)

// openTap opens the file of Config.Tap. It comes after the data directory, so that a second server on the same one does not empty
// the file of the first.
func (s *Server) openTap(path string) error {
	if path == "" {
		return nil
	}
	var err error
	if s.tap, err = tap.Create(path, tap.Options{About: "parley serve"}); err != nil {
		return parley.Wrap(parley.CodeInvalid, err, err.Error())
	}
	s.log.Info("what is sent and received is written down", "file", path)
	return nil
}

// tapFor gives how connections of a listener are recorded; nil where they are not. The file is opened before the first one comes.
func (s *Server) tapFor(c Config, spec listenURL) transport.Tap {
	if c.Tap == "" {
		return nil
	}
	return func(local, remote netip.AddrPort) transport.Recording {
		return s.tap.Begin(local, remote, tap.Role{Accepted: true, TLS: spec.tls})
	}
}

// tapped gives a socket as it is read and written: recorded, where there is a tap.
func (s *Server) tapped(socket net.PacketConn) net.PacketConn {
	if s.tap == nil {
		return socket
	}
	return s.tap.Packets(socket)
}

// closeTap ends the file, and tells what is in it.
func (s *Server) closeTap() {
	if s.tap == nil {
		return
	}
	summary, _ := s.tap.Tap.Close()
	switch _, err := s.tap.Close(); {
	case err != nil:
		s.log.Error("the tap ends early", "packets", summary.Packets, "dropped", summary.Dropped, "error", err)
	case summary.Dropped > 0:
		s.log.Warn("the tap has gaps, since the disk was slower than the chat",
			"packets", summary.Packets, "dropped", summary.Dropped)
	default:
		s.log.Info("the tap is complete", "packets", summary.Packets)
	}
}
