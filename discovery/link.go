package discovery

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"golang.org/x/net/ipv4"

	"parley"
)

// group is where multicast DNS is spoken (RFC 6762, section 3).
var group = netip.AddrPortFrom(netip.AddrFrom4([4]byte{224, 0, 0, 251}), multicastPort)

// link is a network that packets come from and go to. Read and Write may be called at the same time; after Close both
// fail.
type link interface {
	// Read gives the next packet, of which no more than fits is kept.
	Read(p []byte) (n int, from netip.AddrPort, err error)
	// Write sends to one address, or to everybody where it is not valid.
	Write(p []byte, to netip.AddrPort) error
	// Networks gives this machine's addresses there, with their networks.
	Networks() []netip.Prefix
	Close() error
}

// socket is a link over one interface.
type socket struct {
	conn    *net.UDPConn
	network network
}

// openLinks opens all there are. The error says why there is none; where there are some, those that
// cannot be opened are left out.
func openLinks() ([]link, error) {
	all, err := networks()
	if err != nil {
		return nil, fmt.Errorf("the interfaces cannot be listed: %w", err)
	}
	var links []link
	failed := []error{errors.New("there is no network with multicast")}
	for _, n := range all {
		if n.face.Flags&net.FlagMulticast == 0 {
			continue
		}
		s, err := openSocket(n)
		if err != nil {
			failed = []error{fmt.Errorf("%s: %w", parley.CleanLine(n.face.Name), err)}
			continue
		}
		links = append(links, s)
	}
	if len(links) == 0 {
		return nil, failed[0]
	}
	return links, nil
}

// openSocket joins the group on an interface. Other programs on this machine may do the same, and hear what is sent.
func openSocket(n network) (*socket, error) {
	conn, err := net.ListenMulticastUDP("udp4", &n.face, net.UDPAddrFromAddrPort(group))
	if err != nil {
		return nil, err
	}
	options := ipv4.NewPacketConn(conn)
	err = errors.Join(options.SetMulticastInterface(&n.face), options.SetMulticastLoopback(true),
		options.SetMulticastTTL(255), options.SetTTL(255)) // RFC 6762, section 11
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return &socket{conn: conn, network: n}, nil
}

// Read gives the next packet that comes from one of the interface's own networks. Every socket hears all groups that
// this machine has joined, whatever the interface; and what comes from further away is not to be believed (section 11).
func (s *socket) Read(p []byte) (int, netip.AddrPort, error) {
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(p)
		if err != nil {
			return 0, from, err
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		if isNear(s.network.prefixes, from.Addr()) {
			return n, from, nil
		}
	}
}

// isNear reports whether an address is on one of these networks.
func isNear(networks []netip.Prefix, at netip.Addr) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(at) })
}

// Write sends to one address, or to everybody where it is not valid.
func (s *socket) Write(p []byte, to netip.AddrPort) error {
	if !to.IsValid() {
		to = group
	}
	_, err := s.conn.WriteToUDPAddrPort(p, to)
	return err
}

// Networks gives this machine's addresses on the interface, with their networks.
func (s *socket) Networks() []netip.Prefix { return s.network.prefixes }

// Close ends Read and Write.
func (s *socket) Close() error { return s.conn.Close() }

// heard is a packet that came.
type heard struct {
	link int
	from netip.AddrPort
	data []byte
}

// maxFailures is how often reading may fail in a row before a link counts as lost. On some systems it fails once when
// somebody is gone whom we wrote to.
const maxFailures = 100

// listen hands on what comes from a link, until the link is closed or stop is.
func listen(l link, number int, into chan<- heard, stop <-chan struct{}) {
	buf := make([]byte, maxMessage)
	for failures := 0; failures < maxFailures; {
		n, from, err := l.Read(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			failures++
			continue
		}
		failures = 0
		select {
		case into <- heard{link: number, from: from, data: slices.Clone(buf[:n])}:
		case <-stop:
			return
		}
	}
}
