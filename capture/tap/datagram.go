package tap

import "net/netip"

// Datagram tells of a datagram over UDP that was sent from local to remote, or has come from there. A local address that is not
// known, since the socket listens on all of them, is written as 0.0.0.0 or ::.
func (t *Tap) Datagram(local, remote netip.AddrPort, p []byte, sent bool) {
	local, remote = plainAddress(local), plainAddress(remote)
	if !remote.IsValid() {
		return
	}
	if !local.IsValid() || local.Addr().IsUnspecified() {
		everywhere := netip.IPv6Unspecified()
		if remote.Addr().Is4() {
			everywhere = netip.IPv4Unspecified()
		}
		local = netip.AddrPortFrom(everywhere, local.Port())
	}
	if local.Addr().Is4() != remote.Addr().Is4() || len(p) > maxDatagram {
		return
	}
	e := event{from: local, to: remote, protocol: protocolUDP, data: p, comment: commentSent}
	if !sent {
		e.from, e.to, e.comment = remote, local, commentReceived
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	e.at = t.stamp()
	t.add(e)
}

// maxDatagram is what fits into one IPv4 datagram (RFC 791 and RFC 768), which is what sockets send at most.
const maxDatagram = 65535 - 20 - 8
