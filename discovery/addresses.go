package discovery

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// network is an interface with its IPv4 networks.
type network struct {
	face     net.Interface
	prefixes []netip.Prefix // with this machine's address in each
}

// virtual are the beginnings of names of interfaces that lead to guests and tunnels of this machine, not to a network
// that others are on.
var virtual = []string{"br-", "cni", "docker", "flannel", "podman", "tailscale", "tap", "tun", "utun", "vbox", "veth",
	"virbr", "vmnet", "vEthernet (", "wg", "zt"}

// networks gives the interfaces that are up, are no loopback and have an IPv4 address; those that look virtual only where
// there are no others.
func networks() ([]network, error) {
	faces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var all []network
	for _, face := range faces {
		if face.Flags&net.FlagUp == 0 || face.Flags&net.FlagLoopback != 0 {
			continue
		}
		addresses, err := face.Addrs()
		if err != nil {
			continue // it has just gone
		}
		if n := (network{face: face, prefixes: prefixesOf(addresses)}); len(n.prefixes) > 0 {
			all = append(all, n)
		}
	}
	return leaveOutVirtual(all), nil
}

// prefixesOf gives the IPv4 networks among an interface's addresses.
func prefixesOf(addresses []net.Addr) (found []netip.Prefix) {
	for _, a := range addresses {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && !p.Addr().IsLoopback() {
			found = append(found, p)
		}
	}
	return found
}

// leaveOutVirtual leaves out what looks virtual, unless nothing would be left.
func leaveOutVirtual(all []network) []network {
	isVirtual := func(n network) bool {
		return slices.ContainsFunc(virtual, func(v string) bool { return strings.HasPrefix(n.face.Name, v) })
	}
	if real := slices.DeleteFunc(slices.Clone(all), isVirtual); len(real) > 0 {
		return real
	}
	return all
}

// Addresses gives the IPv4 addresses by which others on the local network reach this machine, those first that most
// likely do: private ones (RFC 1918), then others, then those that a machine gives itself where nobody else does (RFC
// 3927). Where there is no network it gives none.
func Addresses() []netip.Addr {
	all, err := networks()
	if err != nil {
		return nil
	}
	var found []netip.Addr
	for _, n := range all {
		for _, p := range n.prefixes {
			found = append(found, p.Addr())
		}
	}
	slices.SortStableFunc(found, func(a, b netip.Addr) int { return cmp.Compare(rank(a), rank(b)) })
	return found
}

// rank is the lower the likelier it is that an address is the one to join by.
func rank(a netip.Addr) int {
	switch {
	case a.IsPrivate():
		return 0
	case a.IsLinkLocalUnicast():
		return 2
	}
	return 1
}
