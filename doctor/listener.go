package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"parley"
	"parley/server"
	"parley/transport"
)

// listeners looks whether each listener can be opened.
func (m Machine) listeners(ctx context.Context) (found []Finding) {
	running := 0 // where that cannot be seen
	if m.plan.Data != "" {
		running, _, _ = server.HeldBy(m.plan.Data)
	}
	opened := make(map[string]bool)
	for _, l := range m.plan.Listeners {
		key := l.Network + " " + l.Address
		if opened[key] && !strings.HasSuffix(key, ":0") {
			found = append(found, about(l.URL, Wrong, "another listener of this server has the same address",
				"parley serve "+m.anotherPort(l)))
			continue
		}
		opened[key] = true
		found = append(found, m.listener(ctx, l, running))
	}
	return found
}

// listener opens a listener, and closes it before anybody is taken.
func (m Machine) listener(ctx context.Context, l server.Planned, running int) Finding {
	var opened io.Closer
	var err error
	if l.Network == "udp" {
		opened, err = transport.ListenPacket(ctx, l.Address)
	} else {
		opened, err = transport.Listen(ctx, l.Address, transport.Options{})
	}
	if err == nil {
		_ = opened.Close()
		return fine(l.URL, "can be opened; "+reach(l))
	}
	if transport.IsInUse(err) {
		return m.taken(l, running)
	}
	return m.judgeListener(l, err)
}

// reach says from where a listener can be joined.
func reach(l server.Planned) string {
	at, err := addressOf(l)
	switch {
	case err == nil && at.Addr().IsLoopback():
		return "only this machine can join"
	case err == nil && at.Addr().Is4():
		return "it can be joined over IPv4 alone"
	case err == nil && !at.Addr().IsUnspecified():
		return "it can be joined over IPv6 alone"
	}
	return "other machines can join"
}

// addressOf gives the address of a listener that has no name for one.
func addressOf(l server.Planned) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(l.Address)
	if err == nil && host == "" {
		return netip.ParseAddrPort("[::]:" + port)
	}
	if host == "localhost" {
		return netip.ParseAddrPort("127.0.0.1:" + port)
	}
	return netip.ParseAddrPort(l.Address)
}

// taken names who has the address of a listener.
func (m Machine) taken(l server.Planned, running int) Finding {
	at, err := addressOf(l)
	if err != nil {
		return about(l.URL, Wrong, l.Address+" is in use", m.whoListens(l))
	}
	who, found := transport.HolderOf(l.Network, at)
	switch {
	case found && who.PID != 0 && who.PID == running:
		return fine(l.URL, fmt.Sprintf("the server that is running listens there (pid %d)", running))
	case found && who.PID != 0:
		kill := fmt.Sprintf("kill %d   # or take another port: %s", who.PID, m.anotherPort(l))
		return about(l.URL, Wrong, l.Address+" is in use by "+alreadyServed(who), kill)
	case found:
		return about(l.URL, Wrong, l.Address+" is in use by a process of the user "+userNamed(who.User)+
			", whose name this user may not see", m.whoListens(l))
	}
	return about(l.URL, Wrong, l.Address+" is in use by a process that this user may not see", m.whoListens(l))
}

// alreadyServed names who has an address, and says where that may be what was to be started.
func alreadyServed(who transport.Holder) string {
	if who.Name == "parley" {
		return who.String() + ", perhaps the server itself, which is running already"
	}
	return who.String()
}

// whoListens gives the command that names who has a port.
func (m Machine) whoListens(l server.Planned) string {
	_, port, _ := net.SplitHostPort(l.Address)
	letter, table := "t", "TCP"
	if l.Network == "udp" {
		letter, table = "u", "UDP"
	}
	windows := "Get-Process -Id (Get-NetTCPConnection -LocalPort " + port + ").OwningProcess"
	if l.Network == "udp" {
		windows = "Get-Process -Id (Get-NetUDPEndpoint -LocalPort " + port + ").OwningProcess"
	}
	return by{
		linux:   "sudo ss -lnp" + letter + " 'sport = :" + port + "'   # or take another port: " + m.anotherPort(l),
		darwin:  "sudo lsof -nP -i" + table + ":" + port + "   # or take another port: " + m.anotherPort(l),
		windows: windows + "   # or take another port: " + m.anotherPort(l),
	}.on(m.system())
}

// anotherPort gives the flag that takes the next port for a listener.
func (m Machine) anotherPort(l server.Planned) string {
	host, text, _ := net.SplitHostPort(l.Address)
	scheme, _, _ := strings.Cut(l.URL, "://")
	port, _ := strconv.Atoi(text)
	return "--listen " + m.system().quoted(scheme+"://"+net.JoinHostPort(host, strconv.Itoa(port%maxPort+1)))
}

// maxPort is the highest port there is.
const maxPort = 65535

// judgeListener judges why an address, which nobody else has, cannot be listened on.
func (m Machine) judgeListener(l server.Planned, err error) Finding {
	host, port, _ := net.SplitHostPort(l.Address)
	var lookup *net.DNSError
	switch {
	case isForbidden(err):
		return about(l.URL, Wrong, "port "+port+" takes a right that "+whoami()+" does not have: ports below 1024 are the "+
			"system's", by{
			linux:   "sudo setcap cap_net_bind_service,cap_net_raw=+ep " + m.program() + "   # or take a port from 1024 on",
			darwin:  "sudo " + m.program() + " serve   # or take a port from 1024 on",
			windows: "netsh interface ipv4 show excludedportrange tcp   # take a port outside of these",
		}.on(m.system()))
	case isNoAddress(err):
		return about(l.URL, Wrong, host+" is no address of this machine; it has "+ownAddresses(), by{
			linux:   "ip -brief address   # then listen on one of these, or on all: 0.0.0.0",
			darwin:  "ifconfig | grep inet   # then listen on one of these, or on all: 0.0.0.0",
			windows: "Get-NetIPAddress | Select-Object IPAddress   # then listen on one of these, or on all: 0.0.0.0",
		}.on(m.system()))
	case errors.As(err, &lookup):
		return about(l.URL, Wrong, "there is no address for "+host+" ("+lookup.Err+")", lookUp(host, m.system()))
	case isNoFamily(err):
		scheme, _, _ := strings.Cut(l.URL, "://")
		return about(l.URL, Wrong, "this machine has no IPv6", "parley serve --listen "+scheme+"://0.0.0.0:"+port)
	}
	return about(l.URL, Wrong, parley.Sentence(err), "")
}

// ownAddresses lists this machine's addresses.
func ownAddresses() string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return "addresses that cannot be listed"
	}
	var texts []string
	for _, a := range all {
		if p, err := netip.ParsePrefix(a.String()); err == nil && len(texts) < 10 {
			texts = append(texts, p.Addr().String())
		}
	}
	if len(texts) == 0 {
		return "none"
	}
	return strings.Join(texts, ", ")
}
