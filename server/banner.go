package server

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/accounts"
	"parley/discovery"
)

// Banner says, for each listener, how to join it, and what whoever started the server should know. It has several lines and
// ends with a line break.
func (s *Server) Banner() string {
	var b strings.Builder
	b.WriteString("Parley is running. To join, type one of these:\n\n")
	for _, l := range s.listeners {
		s.describe(&b, l)
	}
	if !slices.ContainsFunc(s.listeners, func(l listener) bool { return !l.address().Addr().Unmap().IsLoopback() }) {
		fmt.Fprintf(&b, "Only this machine can join; for the whole network: --listen %s://0.0.0.0:%d\n",
			s.listeners[0].url().protocol(), s.listeners[0].address().Port())
	}
	if s.lan {
		s.describeLAN(&b)
	}
	if s.data.temporary != "" {
		b.WriteString("Nothing is kept: the data is removed when the server stops.\n")
	} else {
		fmt.Fprintf(&b, "Data: %s\n", parley.CleanLine(s.data.path))
	}
	if s.certificates != nil {
		fmt.Fprintf(&b, "TLS certificate: %s\n", s.certificates.Fingerprint())
	}
	for _, l := range s.listeners {
		s.warn(&b, l)
	}
	if s.isOpenToStrangers() {
		b.WriteString("Open to all: whoever reaches these addresses can read and write here under any free name; " +
			"--admit registered asks for accounts.\n")
	}
	b.WriteString("Ctrl-C stops the server.\n")
	return b.String()
}

// describeLAN says how others on the local network find the server.
func (s *Server) describeLAN(b *strings.Builder) {
	switch {
	case len(discovery.Addresses()) == 0:
		b.WriteString("This machine is on no network: nobody else can join until it is, and the server is started again.\n")
	case s.announced == nil:
		b.WriteString("It is not announced on the local network: others have to type an address.\n")
	default:
		b.WriteString("On the local network parley join finds this server without an address.\n")
	}
}

// warn writes what others on a network can read of what is said on a listener.
func (s *Server) warn(b *strings.Builder, l listener) {
	spec := l.url()
	if !spec.readable(l.address()) {
		return
	}
	fmt.Fprintf(b, "Careful: what is said on %s", spec.base(l.address()))
	if spec.scheme == "http" || s.accounts.needed && !spec.packets { // over HTTP accounts can be made at any time
		b.WriteString(", passwords too,")
	}
	b.WriteString(" crosses the network unencrypted")
	if !spec.packets {
		fmt.Fprintf(b, "; %s:// encrypts it", listenURL{scheme: spec.scheme, tls: true}.protocol())
	}
	b.WriteString(".\n")
}

// isOpenToStrangers reports whether people from elsewhere need no account.
func (s *Server) isOpenToStrangers() bool {
	return s.accounts.Admission() == accounts.Open &&
		slices.ContainsFunc(s.listeners, func(l listener) bool { return !l.address().Addr().Unmap().IsLoopback() })
}

// describe writes how to join one listener: by every address that it can be reached at.
func (s *Server) describe(b *strings.Builder, l listener) {
	spec := l.url()
	for _, at := range s.reachable(l.address()) {
		fmt.Fprintf(b, "  parley join %s", spec.base(at))
		if port := spec.roster.UDP; port != 0 {
			fmt.Fprintf(b, "?udp=%d", port)
		}
		switch {
		case spec.scheme == "plain" && !spec.tls:
			fmt.Fprintf(b, "    or    nc %s %d", at.Addr(), at.Port())
		case spec.packets:
			fmt.Fprintf(b, "    or    nc -u %s %d", at.Addr(), at.Port())
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
}

// reachable gives the addresses by which a listener can be joined: its own, or if it listens on all, this machine's. On
// a server for the local network they are those that others there can use, if there are any.
func (s *Server) reachable(at netip.AddrPort) (found []netip.AddrPort) {
	if s.lan {
		for _, a := range discovery.Addresses() {
			found = append(found, netip.AddrPortFrom(a, at.Port()))
		}
	}
	if len(found) > 0 {
		return found
	}
	return reachable(at)
}

// reachable gives the addresses by which a listener can be joined: its own, or if it listens on all, this machine's.
func reachable(at netip.AddrPort) []netip.AddrPort {
	if !at.Addr().IsUnspecified() {
		return []netip.AddrPort{netip.AddrPortFrom(at.Addr().Unmap(), at.Port())}
	}
	found := []netip.AddrPort{netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port())}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return found
	}
	for _, a := range addresses {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil || prefix.Addr().IsLoopback() || prefix.Addr().IsLinkLocalUnicast() {
			continue
		}
		found = append(found, netip.AddrPortFrom(prefix.Addr().Unmap(), at.Port()))
	}
	return found
}

// reachedBy gives the URL by which others reach a listener: by the first name that the server was given, else by an address
// of the machine; "" where it listens for this machine alone.
func (s *Server) reachedBy(l listener, names []string) string {
	at := l.address()
	if len(names) > 0 {
		return l.url().protocol() + "://" + net.JoinHostPort(names[0], strconv.Itoa(int(at.Port())))
	}
	found := reachable(at)
	if at.Addr().IsUnspecified() { // those first that others most likely reach
		for _, a := range slices.Backward(discovery.Addresses()) {
			found = slices.Insert(found, 0, netip.AddrPortFrom(a, at.Port()))
		}
	}
	i := slices.IndexFunc(found, func(a netip.AddrPort) bool { return !a.Addr().IsLoopback() })
	if i < 0 {
		return ""
	}
	return l.url().base(found[i])
}

// base is the URL to join by, at an address, without options.
func (l listenURL) base(at netip.AddrPort) string {
	return l.protocol() + "://" + at.String()
}

// protocol is the scheme as people write it.
func (l listenURL) protocol() string {
	switch {
	case l.tls && l.scheme == "http":
		return "https"
	case l.tls:
		return l.scheme + "+tls"
	}
	return l.scheme
}

// readable reports whether what is said on the listener can be read by others on a network that it crosses.
func (l listenURL) readable(at netip.AddrPort) bool {
	return !l.tls && !at.Addr().Unmap().IsLoopback()
}
