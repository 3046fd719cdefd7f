//go:build !linux

package transport

import "net/netip"

// holder names the process that holds an address. Only Linux tells.
func holder(string, netip.AddrPort) string { return "" }
