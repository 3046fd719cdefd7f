package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// maxTried is how many addresses of a name are tried.
const maxTried = 8

// lookUp looks the server's name up.
func (j *journey) lookUp(ctx context.Context) []Finding {
	host := j.Target.Host
	if literal, err := netip.ParseAddr(host); err == nil {
		j.addresses = []netip.Addr{literal}
		return []Finding{fine(host, "is an address: there is nothing to look up")}
	}
	var resolver Resolver = net.DefaultResolver
	if j.Resolver != nil {
		resolver = j.Resolver
	}
	found, err := resolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(found) == 0 {
		return []Finding{judgeLookup(host, err, j.system())}
	}
	texts := make([]string, 0, maxTried)
	for _, a := range found[:min(len(found), maxTried)] {
		j.addresses = append(j.addresses, a.Unmap())
		texts = append(texts, a.Unmap().String())
	}
	return []Finding{fine(host, "leads to "+strings.Join(texts, ", "))}
}

// judgeLookup judges why a name has led to no address.
func judgeLookup(host string, err error, s system) Finding {
	var lookup *net.DNSError
	known := errors.As(err, &lookup)
	switch {
	case strings.HasSuffix(strings.TrimSuffix(host, "."), ".local"):
		return about(host, Wrong, "nobody on the local network answers to the name, or this system does not look for names "+
			"in .local by multicast DNS; join by the address", "parley join   # lists servers nearby with their addresses")
	case err == nil, known && lookup.IsNotFound:
		return about(host, Wrong, "the name leads to no address: it is mistyped, or known to another name server than this "+
			"machine asks", lookUp(host, s))
	case known && lookup.IsTimeout, errors.Is(err, context.DeadlineExceeded):
		return about(host, Wrong, "the name server does not answer", showServers(s))
	}
	reason := rootCause(err)
	if known {
		reason = cmp.Or(lookup.Err, reason)
	}
	return about(host, Wrong, fmt.Sprintf("the name cannot be looked up: %s", reason), showServers(s))
}

// lookUp gives the command that looks a name up.
func lookUp(host string, s system) string {
	host = s.quoted(host)
	return by{
		linux: "getent ahosts " + host, darwin: "dscacheutil -q host -a name " + host, windows: "Resolve-DnsName " + host,
	}.on(s)
}

// showServers gives the command that shows which name servers are asked.
func showServers(s system) string {
	return by{linux: "cat /etc/resolv.conf", darwin: "scutil --dns", windows: "Get-DnsClientServerAddress"}.on(s) +
		"   # which name servers are asked"
}
