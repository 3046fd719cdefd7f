package discovery

import (
	"fmt"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"parley"
)

// Offer is what a server tells about itself.
type Offer struct {
	Machine string // its name, for people and in the name of the host; it is cut and cleaned as names need it
	Version string // of the program
	Doors   []Door // one at least
}

// Door is a listener.
type Door struct {
	Scheme string // as it stands in a URL: "http", "plain"
	Port   uint16
}

// schemes are those that are offered and found, in the order in which whoever looks would rather have them.
var schemes = []string{"http", "https", "plain", "plain+tls", "roster", "roster+tls", "plain+udp"}

// The names under which all servers are found.
var (
	kindName     = dnsmessage.MustNewName("_parley._tcp.local.")
	allKindsName = dnsmessage.MustNewName("_services._dns-sd._udp.local.") // RFC 6763, section 9
)

const (
	maxMachine = 40 // bytes of a machine's name, so that with what is added a label stays within its 63
	maxVersion = 64
)

// instance is the name for people. From the second attempt on, a number tells it from one that somebody else has.
func (o Offer) instance(attempt int) string {
	machine := strings.ReplaceAll(parley.CleanLine(o.Machine), ".", "-")
	for len(machine) > maxMachine {
		runes := []rune(machine)
		machine = string(runes[:len(runes)-1])
	}
	if strings.TrimSpace(machine) == "" {
		machine = "this machine"
	}
	if attempt > 1 {
		return fmt.Sprintf("Parley on %s (%d)", machine, attempt)
	}
	return "Parley on " + machine
}

// host is the name of the host, without a final dot. It is not that of the machine, for which the system itself may
// answer.
func (o Offer) host(attempt int) string {
	keep := func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		case r == '.' || r == '_' || r == ' ':
			return '-'
		}
		return -1
	}
	machine := strings.Map(keep, strings.ToLower(o.Machine))
	machine = strings.Trim(machine[:min(len(machine), maxMachine)], "-")
	label := strings.TrimSuffix("parley-"+machine, "-")
	if attempt > 1 {
		label = fmt.Sprintf("%s-%d", label, attempt)
	}
	return label + ".local"
}

// text is what the TXT record says: one KEY=VALUE each (RFC 6763, section 6).
func (o Offer) text() []string {
	version := parley.CleanLine(o.Version[:min(len(o.Version), maxVersion)])
	text := []string{"txtvers=1", "version=" + version}
	for _, door := range o.Doors {
		text = append(text, fmt.Sprintf("%s=%d", door.Scheme, door.Port))
	}
	return text
}
