package doctor

import (
	"context"
	"crypto/x509"
	"net/netip"
	"time"

	"parley/client"
)

// Visit goes to a server as a client would, and looks how far it comes. Over HTTP nobody there notices; on plain:// and
// roster:// somebody without a name may be seen to come and leave.
type Visit struct {
	Target   client.Target
	CAFile   string // as of certs.ClientOptions, these three
	Insecure bool
	PinsFile string
	System   string // of this machine, as runtime.GOOS names it
	Now      func() time.Time
	Resolver Resolver       // net.DefaultResolver when nil
	Roots    *x509.CertPool // whom the system trusts; nil for the system's own list
}

// Resolver looks up names; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// journey is a Visit on its way: what one check has seen and another needs. Each field is written by the check that is
// named beside it and read by those that need it.
type journey struct {
	Visit
	addresses []netip.Addr        // name
	reached   netip.AddrPort      // address
	chain     []*x509.Certificate // tls
	answer    answer              // answer
	answered  time.Time           // answer: when
}

// Checks gives what to look at.
func (v Visit) Checks() []Check {
	j := &journey{Visit: v}
	return []Check{
		{Name: "name", Look: j.lookUp},
		{Name: "address", Needs: []string{"name"}, Look: j.reach},
		{Name: "tls", Needs: []string{"address"}, Look: j.shake},
		{Name: "answer", Needs: []string{"tls"}, Look: j.ask},
		{Name: "clock", Needs: []string{"answer"}, Look: j.clocks},
		{Name: "certificate", Needs: []string{"tls"}, Look: j.trust},
		{Name: "version", Needs: []string{"answer"}, Look: j.version},
		{Name: "multicast", Look: j.multicast},
	}
}

// system is the system of this machine.
func (v Visit) system() system { return system(v.System) }

// there gives the command to type on the server's machine.
func (v Visit) there() string {
	listen := v.Target.Listen("0.0.0.0")
	return "parley doctor --listen " + v.system().quoted(listen) + "   # on the server's machine"
}
