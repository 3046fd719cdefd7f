package certs

import (
	"context"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"
)

// machine is what an Authority asks about the computer that it runs on.
type machine interface {
	// Names gives the names by which others reach the machine, the host name first; it may take a second.
	Names() []string
	// Addresses gives the addresses of its interfaces, without zones; it is quick.
	Addresses() []netip.Addr
}

// host is the machine that this process runs on.
type host struct{}

// lookupTimeout is how long Names waits for the resolver.
const lookupTimeout = time.Second

// Names gives the host name, its fully qualified form if the resolver knows it, its name in multicast DNS (RFC 6762),
// and localhost.
func (host) Names() []string {
	var names []string
	if name, err := os.Hostname(); err == nil && isDNSName(foldName(name)) {
		name = foldName(name)
		names = append(names, name)
		if !strings.Contains(name, ".") {
			names = append(names, qualified(name)...)
			names = append(names, name+".local")
		}
	}
	return append(names, "localhost")
}

// qualified asks the resolver, and with it the machine's own hosts file, for the long form of a host name. An answer
// that does not start with the host name is somebody else's name and does not count.
func qualified(name string) []string {
	ctx, cancel := context.WithTimeout(context.Background(), lookupTimeout)
	defer cancel()
	long, err := net.DefaultResolver.LookupCNAME(ctx, name)
	long = foldName(long)
	if err != nil || !strings.HasPrefix(long, name+".") || !isDNSName(long) {
		return nil
	}
	return []string{long}
}

// Addresses gives the addresses of all interfaces, loopback included, and none when the system does not tell.
func (host) Addresses() []netip.Addr {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var addresses []netip.Addr
	for _, a := range list {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil {
			addresses = append(addresses, bareAddr(prefix.Addr()))
		}
	}
	return addresses
}

// bareAddr gives an address as it stands in a certificate: IPv4 as IPv4, and no zone.
func bareAddr(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

// foldName gives a host name in the form in which host names are compared.
func foldName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// isDNSName reports whether a folded name can stand in a certificate: labels of 1 to 63 letters, digits, '-' and '_',
// 253 bytes at most (RFC 1035, section 2.3.4). The underscore is there because machines have it in their names.
func isDNSName(name string) bool {
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if len(label) == 0 || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}
