package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/discovery"
)

// multicast looks whether the server could be found on the local network.
func (m Machine) multicast(ctx context.Context) []Finding {
	if !m.Config.LAN {
		return []Finding{unseen("", "the server is announced with --lan alone")}
	}
	ctx, cancel := context.WithTimeout(ctx, patience(ctx, echoTime))
	defer cancel()
	echoes, err := discovery.Probe(ctx)
	return judgeMulticast(echoes, err, Wrong, m.system())
}

// echoTime is how long a question has to come back to the machine that has sent it. It does not leave it.
const echoTime = time.Second

// patience gives the shorter of a time and of what is left of a context.
func patience(ctx context.Context, longest time.Duration) time.Duration {
	if end, limited := ctx.Deadline(); limited {
		return min(longest, time.Until(end)/2)
	}
	return longest
}

// judgeMulticast judges what came back of what was sent; bad is how bad it is when nothing did.
func judgeMulticast(echoes []discovery.Echo, err error, bad Status, s system) (found []Finding) {
	if err != nil {
		return []Finding{about("", bad, "servers cannot be found or announced on the local network: "+err.Error(), by{
			linux:   "ip -brief link   # a network has to be up, and to have MULTICAST: sudo ip link set DEVICE up multicast on",
			darwin:  "ifconfig   # a network has to be up, and to have MULTICAST",
			windows: "Get-NetAdapter   # a network has to be up",
		}.on(s))}
	}
	for _, e := range echoes {
		of := e.Network.String()
		switch {
		case e.Err != nil:
			found = append(found, about(of, bad, "nothing can be sent to everybody there: "+rootCause(e.Err), openMulticast(s)))
		case !e.Heard:
			found = append(found, about(of, bad, "what was sent to everybody did not come back to this machine itself: a "+
				"firewall here drops UDP port 5353", openMulticast(s)))
		default:
			found = append(found, fine(of, "multicast DNS can be sent and heard; whether the network carries it to others, "+
				"only another machine can tell"))
		}
	}
	return found
}

// openMulticast gives the command that lets multicast DNS through this machine's firewall.
func openMulticast(s system) string {
	return by{
		linux:   allow("udp", 5353, ""),
		darwin:  "sudo /usr/libexec/ApplicationFirewall/socketfilterfw --setblockall off",
		windows: "New-NetFirewallRule -DisplayName Parley -Direction Inbound -Protocol UDP -LocalPort 5353 -Action Allow",
	}.on(s)
}

// announced lists the servers that were found, and their versions.
func announced(servers []discovery.Server) string {
	if len(servers) == 0 {
		return "no server announces itself"
	}
	var texts []string
	for _, server := range servers[:min(len(servers), 5)] {
		texts = append(texts, fmt.Sprintf("%s (%s, version %s)", server.URLs[0], server.Name, server.Version))
	}
	return "servers that announce themselves: " + strings.Join(texts, ", ")
}
