package explain

import (
	"cmp"
	"net/netip"
	"slices"
)

// Host is somebody with an address.
type Host struct {
	Address netip.Addr
	Sockets []Socket // by their protocol and port
}

// Socket is an address and port that packets came from or went to.
type Socket struct {
	Address  netip.AddrPort
	Protocol string // tcp or udp
	Server   bool   // somebody asked for a connection to it
}

// String writes it as 192.0.2.1:7275/tcp.
func (s Socket) String() string { return s.Address.String() + "/" + s.Protocol }

// hosts gives all hosts, in the order of their addresses.
func (l *Lab) hosts() []Host {
	sockets := make(map[Socket]bool)
	add := func(at netip.AddrPort, protocol string, server bool) {
		s := Socket{Address: at, Protocol: protocol}
		sockets[s] = sockets[s] || server
	}
	for _, c := range l.Connections {
		add(c.Client, "tcp", false)
		add(c.Server, "tcp", true)
	}
	for _, d := range l.Datagrams {
		add(d.From, "udp", false)
		add(d.To, "udp", false)
	}
	byAddress := make(map[netip.Addr]*Host)
	for s, server := range sockets {
		s.Server = server
		h := byAddress[s.Address.Addr()]
		if h == nil {
			h = &Host{Address: s.Address.Addr()}
			byAddress[h.Address] = h
		}
		h.Sockets = append(h.Sockets, s)
	}
	var hosts []Host
	for _, h := range byAddress {
		slices.SortFunc(h.Sockets, func(a, b Socket) int {
			return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.Address.Port(), b.Address.Port()))
		})
		hosts = append(hosts, *h)
	}
	slices.SortFunc(hosts, func(a, b Host) int { return a.Address.Compare(b.Address) })
	return hosts
}
