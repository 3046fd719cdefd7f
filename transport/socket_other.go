//go:build !(linux || darwin || openbsd)

package transport

import "net"

// newLink gives the best link for nc.
func newLink(nc net.Conn) link { return &stream{Conn: nc} }
