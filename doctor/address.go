package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// attempt is what came of connecting to one address.
type attempt struct {
	at  netip.AddrPort
	err error
	udp bool // nothing was refused, which over UDP is all there is to know
}

// reach connects to each address of the server, side by side.
func (j *journey) reach(ctx context.Context) []Finding {
	attempts := make([]attempt, len(j.addresses))
	var trying sync.WaitGroup
	for i, a := range j.addresses {
		at := netip.AddrPortFrom(a, j.Target.Port)
		trying.Go(func() {
			if j.isUDP() {
				attempts[i] = knock(ctx, at)
				return
			}
			attempts[i] = dial(ctx, at)
		})
	}
	trying.Wait()
	for _, a := range attempts {
		if a.err == nil {
			j.reached = a.at
			break
		}
	}
	return []Finding{j.judgeAttempts(attempts)}
}

// dial connects over TCP, and closes.
func dial(ctx context.Context, at netip.AddrPort) attempt {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", at.String())
	if err == nil {
		_ = conn.Close()
	}
	return attempt{at: at, err: err}
}

// refusalTime is how long a refusal has to come back over UDP.
const refusalTime = time.Second

// knock sends an empty datagram, which is no text for a room. Where nobody listens, a refusal comes back.
func knock(ctx context.Context, at netip.AddrPort) attempt {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "udp", at.String())
	if err != nil {
		return attempt{at: at, err: err}
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience(ctx, refusalTime)))
	if _, err := conn.Write(nil); err != nil {
		return attempt{at: at, err: err}
	}
	_, err = conn.Read(make([]byte, 2048))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return attempt{at: at, udp: true}
	}
	return attempt{at: at, err: err}
}

// judgeAttempts judges all attempts together: one address that works is enough, and others that do not are worth a
// warning, since clients may try them first.
func (j *journey) judgeAttempts(attempts []attempt) Finding {
	var open, closed []string
	var first *attempt
	silent := false
	for i, a := range attempts {
		if a.err == nil {
			open = append(open, a.at.String())
			silent = silent || a.udp
			continue
		}
		closed = append(closed, a.at.String()+" "+unreached(a.err).words())
		if first == nil || unreached(a.err) < unreached(first.err) { // what tells most comes first
			first = &attempts[i]
		}
	}
	address := j.Target.Address()
	switch {
	case len(open) > 0 && silent:
		return unseen(address, "nobody refuses what is sent to "+strings.Join(open, ", ")+"; whether anybody takes it, or a "+
			"firewall drops it, cannot be known over UDP")
	case len(open) > 0 && len(closed) > 0:
		return about(address, Warn, strings.Join(open, ", ")+" answers, but "+strings.Join(closed, ", ")+
			": the server listens on a part of its name's addresses, and programs that try the others wait or fail", j.there())
	case len(open) > 0:
		return fine(address, "can be reached at "+strings.Join(open, ", "))
	}
	f := j.judgeUnreached(unreached(first.err), first.at, first.err)
	if len(closed) > 1 {
		f.Cause += " (" + strings.Join(closed, ", ") + ")"
	}
	return f
}

// obstacle is why an address could not be reached. Those come first that tell most.
type obstacle int

const (
	refused   obstacle = iota // somebody said no
	forbidden                 // this machine does not let it out
	thrown                    // a route of this machine throws it away
	noHost                    // the way ends before the machine
	unanswered
	noRoute
	otherwise
)

// unreached tells what an error of connecting means.
func unreached(err error) obstacle {
	var timeout net.Error
	switch {
	case isRefused(err):
		return refused
	case isForbidden(err):
		return forbidden
	case errors.Is(err, syscall.EINVAL):
		return thrown
	case isNoHost(err):
		return noHost
	case isNoRoute(err), isNoAddress(err), isNoFamily(err):
		return noRoute
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return unanswered
	}
	return otherwise
}

// words tells of an obstacle in a list.
func (o obstacle) words() string {
	return [...]string{"refuses", "is forbidden by this machine", "is thrown away by this machine", "is not there",
		"does not answer", "has no route", "fails"}[o]
}

// judgeUnreached says what keeps this machine from an address.
func (j *journey) judgeUnreached(o obstacle, at netip.AddrPort, err error) Finding {
	address, s := j.Target.Address(), j.system()
	route := by{
		linux: "ip route get " + at.Addr().String(), darwin: "route -n get " + at.Addr().String(),
		windows: "Find-NetRoute -RemoteIPAddress " + at.Addr().String(),
	}.on(s)
	switch a := at.Addr(); {
	case o == thrown && a.IsLinkLocalUnicast() && a.Is6() && a.Zone() == "":
		return about(address, Wrong, fmt.Sprintf("%s is an address on one network alone, and the URL does not say by which "+
			"interface: write [%[1]s%%25INTERFACE]", a), by{linux: "ip -brief link", darwin: "ifconfig -l",
			windows: "Get-NetAdapter"}.on(s))
	}
	switch o {
	case refused:
		return about(address, Wrong, fmt.Sprintf("%s refuses: the machine is there, and nothing listens on port %d at that "+
			"address (a server on 127.0.0.1 is for its own machine alone)", at, at.Port()), j.there())
	case unanswered:
		return about(address, Wrong, fmt.Sprintf("%s does not answer: a firewall drops what is sent to port %d, or the "+
			"machine is not there", at, at.Port()), j.there())
	case noHost:
		return about(address, Wrong, fmt.Sprintf("no machine is at %s, or the last router on the way says so: it is off, on "+
			"another network, or its address has changed", at.Addr()), route)
	case noRoute:
		return about(address, Wrong, fmt.Sprintf("this machine has no route to %s: it is on no network, or on none that "+
			"leads there over %s", at.Addr(), family(at.Addr())), route)
	case forbidden:
		return about(address, Wrong, fmt.Sprintf("this machine itself does not let anything out to %s: a firewall or a "+
			"route here forbids it", at), by{linux: "sudo nft list ruleset; " + route, darwin: "sudo pfctl -sr; " + route,
			windows: "Get-NetFirewallRule -Enabled True -Direction Outbound -Action Block"}.on(s))
	case thrown:
		return about(address, Wrong, fmt.Sprintf("a route of this machine throws away what is sent to %s", at.Addr()),
			by{linux: "ip route show table all type blackhole", darwin: route, windows: route}.on(s))
	}
	return about(address, Wrong, fmt.Sprintf("%s cannot be connected to: %s", at, rootCause(err)), route)
}

// family names the kind of an address.
func family(a netip.Addr) string {
	if a.Is4() {
		return "IPv4"
	}
	return "IPv6"
}
