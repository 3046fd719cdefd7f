package transport

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"

	"parley"
)

// ListenPacket opens a UDP socket at address, with the same errors as Listen.
func ListenPacket(ctx context.Context, address string) (*net.UDPConn, error) {
	var config net.ListenConfig
	pc, err := config.ListenPacket(ctx, family("udp", address), address)
	if err != nil {
		return nil, listenError(address, err)
	}
	return pc.(*net.UDPConn), nil
}

// family gives the network for address: Go would take 0.0.0.0 for IPv6 as well.
func family(network, address string) string {
	if at, err := netip.ParseAddrPort(address); err == nil && at.Addr().Is4() {
		return network + "4"
	}
	return network
}

// listenError gives the one sentence for an address that could not be had.
func listenError(address string, err error) *parley.Error {
	address = parley.CleanLine(address)
	if !errors.Is(err, errInUse) {
		return parley.Wrap(parley.CodeInternal, err, "cannot listen on "+address+": "+rootCause(err))
	}
	sentence := address + " is in use"
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Addr != nil {
		if who, _ := HolderOf(op.Net, addrPort(op.Addr)); who.PID != 0 {
			sentence += " by " + who.String()
		}
	}
	return parley.Wrap(parley.CodeInternal, err, sentence)
}

// IsInUse reports whether an error of Listen or ListenPacket says that somebody else has the address.
func IsInUse(err error) bool { return errors.Is(err, errInUse) }

// rootCause gives what is at the bottom of err, without the calls and addresses that net puts around it.
func rootCause(err error) string {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	if lookup, ok := errors.AsType[*net.DNSError](err); ok {
		return parley.CleanLine("no address for " + lookup.Name)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	if malformed, ok := errors.AsType[*net.AddrError](err); ok {
		return malformed.Err
	}
	return parley.CleanLine(err.Error())
}
