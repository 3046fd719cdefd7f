//go:build !linux

package transport

import "net"

// tcpInfo is not to be had here.
func tcpInfo(net.Conn) (TCPInfo, bool) { return TCPInfo{}, false }
