package capture

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"parley"
)

// Interface is a network interface of this computer.
type Interface struct {
	Name      string // as the system calls it, such as eth0
	Index     int
	What      string // in a person's words, such as "wireless network"
	Addresses []netip.Addr
	Up        bool
	Loopback  bool
}

// Interfaces lists the interfaces of this computer, in the system's order.
func Interfaces() ([]Interface, error) {
	list, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	all := make([]Interface, len(list))
	for n, i := range list {
		all[n] = Interface{
			Name: i.Name, Index: i.Index, Up: i.Flags&net.FlagUp != 0, Loopback: i.Flags&net.FlagLoopback != 0, What: what(i),
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue // it has just gone; it is still listed
		}
		for _, a := range addresses {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil {
				all[n].Addresses = append(all[n].Addresses, prefix.Addr().Unmap())
			}
		}
	}
	return all, nil
}

// what says what an interface is.
func what(i net.Interface) string {
	switch {
	case i.Flags&net.FlagLoopback != 0:
		return "this computer only (loopback)"
	case i.Flags&net.FlagPointToPoint != 0:
		return "tunnel"
	}
	if known := whatSystemSays(i.Name); known != "" {
		return known
	}
	return "network"
}

// Find gives the interface of that name. The error is an *parley.Error of CodeInvalid that names those there are.
func Find(name string) (Interface, error) {
	all, err := Interfaces()
	if err != nil {
		return Interface{}, err
	}
	names := make([]string, len(all))
	for n, i := range all {
		if i.Name == name {
			return i, nil
		}
		names[n] = parley.CleanLine(i.Name)
	}
	return Interface{}, parley.Errorf(parley.CodeInvalid, "there is no interface %q; there are %s",
		parley.CleanLine(name), strings.Join(names, ", "))
}

// Loopback gives the interface on which this computer talks to itself.
func Loopback() (Interface, error) {
	return choose(func(i Interface) bool { return i.Loopback && i.Up }, "this computer has no loopback interface that is up")
}

// Toward gives the interface over which this computer reaches an address: loopback for its own.
func Toward(address netip.Addr) (Interface, error) {
	// Connecting over UDP sends nothing: the system looks up the way, and chooses the address to come from.
	conn, err := net.Dial("udp", netip.AddrPortFrom(address, 9).String())
	if err != nil {
		return Interface{}, parley.Wrap(parley.CodeInvalid, err, "there is no way to "+address.String())
	}
	local := conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap().WithZone("")
	_ = conn.Close()
	if local == address.Unmap().WithZone("") || local.IsLoopback() {
		return Loopback()
	}
	return choose(func(i Interface) bool { return slices.Contains(i.Addresses, local) },
		"there is no interface with the address "+local.String())
}

// choose gives the first interface that is one wanted.
func choose(wanted func(Interface) bool, otherwise string) (Interface, error) {
	all, err := Interfaces()
	if err != nil {
		return Interface{}, err
	}
	n := slices.IndexFunc(all, wanted)
	if n < 0 {
		return Interface{}, parley.Errorf(parley.CodeInvalid, "%s", otherwise)
	}
	return all[n], nil
}

// ListeningAt gives the interfaces on which somebody may come to a listener at an address: those that are up where it
// listens on all of them, else the one of the address and loopback, over which this computer reaches its own addresses.
func ListeningAt(address netip.Addr) ([]Interface, error) {
	all, err := Interfaces()
	if err != nil {
		return nil, err
	}
	address = address.Unmap()
	return slices.DeleteFunc(all, func(i Interface) bool {
		here := i.Loopback || address.IsUnspecified() || slices.Contains(i.Addresses, address.WithZone(""))
		return !i.Up || !here
	}), nil
}
