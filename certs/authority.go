package certs

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"parley"
)

// Authority is a certificate authority of one server's own. It certifies that server and nothing else: the machine's
// names, the addresses of its interfaces, the addresses at which it was reached, and what the operator named. It never
// certifies a name because a client asks for it (see DESIGN.md). Its own key stays in its folder, the keys of what it
// issues stay in memory. All methods may be called from any goroutine.
type Authority struct {
	root    tls.Certificate // of the authority itself; Leaf is set
	machine machine
	now     func() time.Time
	log     *slog.Logger

	mu        sync.Mutex   // guards what follows, and is held while a leaf is made
	names     []string     // what the machine was called when last asked
	named     []string     // names from AddNames
	addressed []netip.Addr // addresses from AddNames
	reached   []netip.Addr // further addresses that connections came in on, the newest last
	leaf      *leaf        // what is shown in handshakes; nil before the first
}

const (
	// maxInterfaces is how many addresses of interfaces are certified before anybody has come in on them. A machine
	// that runs containers can have thousands, and the certificate goes out in each handshake.
	maxInterfaces = 64
	// maxReached is how many addresses beside those are remembered: enough for a lab on 127.0.0.11, 127.0.0.12, …. Who
	// dials more of them makes the oldest forgotten, and certified anew when somebody comes in on it.
	maxReached = 16
)

// OpenAuthority opens the authority that is kept in dir, as ca.pem and ca-key.pem, or makes one there when there is
// none. It lasts for 10 years. Only one process may have it open at a time; the caller holds the lock of the data
// directory. A ca-key.pem that others may read is made private and a warning logged. The error is a *parley.Error:
// CodeStore when the files cannot be read or written, CodeInvalid when what they hold cannot be used.
func OpenAuthority(dir string, now func() time.Time, log *slog.Logger) (*Authority, error) {
	return openAuthority(dir, now, log, host{})
}

func openAuthority(dir string, now func() time.Time, log *slog.Logger, m machine) (*Authority, error) {
	root, err := openRoot(rootFiles{dir}, m, now(), log)
	if err != nil {
		return nil, err
	}
	return &Authority{root: root, machine: m, now: now, log: log}, nil
}

// Fingerprint gives the SHA-256 of the authority's certificate, "sha256:" and 64 hexadecimal digits: what a client says
// that it pins, and what `openssl x509 -noout -fingerprint -sha256 -in ca.pem` prints with other punctuation.
func (a *Authority) Fingerprint() string {
	return caPin(a.root.Leaf).fingerprint()
}

// AddNames has the authority certify these names and IP addresses too: the host of a listener's URL, an alias in the
// DNS, the address of a router that forwards a port to here. The error is a *parley.Error of CodeInvalid that names
// what is neither; nothing was added then.
func (a *Authority) AddNames(names ...string) error {
	var named []string
	var addressed []netip.Addr
	for _, n := range names {
		if addr, err := netip.ParseAddr(n); err == nil {
			addressed = append(addressed, bareAddr(addr))
		} else if folded := foldName(n); isDNSName(folded) {
			named = append(named, folded)
		} else {
			return parley.Errorf(parley.CodeInvalid, "no certificate can be made for %q: not a host name or an address",
				parley.CleanLine(n))
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.named = append(a.named, named...)
	a.addressed = append(a.addressed, addressed...)
	a.leaf = nil
	return nil
}

// ServerConfig gives the configuration for a listener. Its certificates are made in memory, are valid for 90 days, and
// are followed by the authority's own certificate, so that a client can pin it. In each handshake one is made anew when
// the present one has less than a third of its time left or does not hold the local address of the connection.
func (a *Authority) ServerConfig() *tls.Config { return serverConfig(a.certificate, a.now) }

// certificate gives what is shown to one client.
func (a *Authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	local := localAddr(hello.Conn)
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	due := a.leaf == nil || a.leaf.due(now)
	if !due && (!local.IsValid() || a.leaf.covers(local)) {
		return &a.leaf.pair, nil
	}
	level := slog.LevelDebug // of what anybody on this machine can bring about as often as they like
	if due {
		// Asking for the names may take a second, so it is done once in 60 days and not for each new address.
		a.names = a.machine.Names()
		level = slog.LevelInfo
	}
	l, err := issue(&a.root, a.subjects(local), now)
	if err != nil {
		a.log.Error("no certificate could be made", "err", err)
		return nil, err
	}
	a.leaf = l
	made := l.pair.Leaf
	a.log.Log(context.Background(), level, "made a certificate", "names", made.DNSNames, "addresses", made.IPAddresses,
		"until", made.NotAfter.Format(time.DateOnly))
	return &l.pair, nil
}

// subjects gives everything that the next leaf is for, the local address of the connection at hand included unless it
// is the zero Addr.
func (a *Authority) subjects(local netip.Addr) subjects {
	loopback := []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
	interfaces := a.machine.Addresses()
	interfaces = interfaces[:min(len(interfaces), maxInterfaces)]
	if fixed := unique(loopback, interfaces, a.addressed); local.IsValid() && !slices.Contains(fixed, local) {
		a.reach(local)
	}
	return subjects{
		names:     unique(a.names, a.named),
		addresses: unique(loopback, interfaces, a.addressed, a.reached),
	}
}

// reach remembers an address that a connection came in on.
func (a *Authority) reach(local netip.Addr) {
	a.reached = append(slices.DeleteFunc(a.reached, func(r netip.Addr) bool { return r == local }), local)
	if len(a.reached) > maxReached {
		a.reached = slices.Delete(a.reached, 0, 1)
	}
}

// unique joins lists and leaves out what stands in them twice.
func unique[T comparable](lists ...[]T) []T {
	var all []T
	for _, v := range slices.Concat(lists...) {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

// localAddr gives the address at which a connection reached this machine, and the zero Addr where it has none of IP.
func localAddr(conn net.Conn) netip.Addr {
	ap, err := netip.ParseAddrPort(conn.LocalAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return bareAddr(ap.Addr())
}
