package transport

import (
	"net/netip"
	"time"
)

// TCPInfo is what the kernel knows of a TCP connection (tcp(7), TCP_INFO). What it counts, it counts since the connection began.
type TCPInfo struct {
	RTT              time.Duration // smoothed round-trip time (RFC 6298); 0 before it was measured
	RTTVariance      time.Duration
	Retransmissions  uint32 // segments that were sent again
	Unacknowledged   uint32 // segments that are on their way
	CongestionWindow uint32 // segments that may be on their way
	SendWindow       uint32 // bytes that the peer offers to take; 0 where the kernel does not tell (before Linux 5.4)
	ReceiveWindow    uint32 // bytes that we offer to take; 0 where the kernel does not tell (before Linux 6.2)
	ReceiveSpace     uint32 // bytes that the kernel has set aside for what comes
	BytesSent        uint64 // those that were sent again counted again
	BytesAcked       uint64
	BytesReceived    uint64
	SinceSent        time.Duration // since data was sent last
	SinceReceived    time.Duration // since data came last
}

// TCPInfo gives what the kernel knows of each connection that has been handed to Serve's handler and is not gone, by the peer's
// address. It is empty where the system does not tell: anywhere but on Linux. Nothing is waited for.
func (l *Listener) TCPInfo() map[netip.AddrPort]TCPInfo {
	known := make(map[netip.AddrPort]TCPInfo)
	l.Each(func(c *Conn) {
		if info, ok := c.link.tcpInfo(); ok {
			known[c.RemoteAddr()] = info
		}
	})
	return known
}
