package peer

import "net/netip"

// tapped is a socket that tells a Tap.
type tapped struct {
	socket
	local netip.AddrPort
	tap   Tap
}

// ReadFromUDPAddrPort reads a datagram, and tells of it.
func (t *tapped) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	n, from, err := t.socket.ReadFromUDPAddrPort(b)
	if err == nil {
		t.tap.Datagram(t.local, from, b[:n], false)
	}
	return n, from, err
}

// WriteToUDPAddrPort sends a datagram, and tells of it.
func (t *tapped) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	n, err := t.socket.WriteToUDPAddrPort(b, to)
	if err == nil {
		t.tap.Datagram(t.local, to, b, true)
	}
	return n, err
}
