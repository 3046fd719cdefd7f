//go:build !windows

package doctor

import (
	"errors"
	"syscall"
)

// isNoAddress reports whether an address belongs to no interface of this machine.
func isNoAddress(err error) bool { return errors.Is(err, syscall.EADDRNOTAVAIL) }

// isForbidden reports whether this machine's own rules keep this user from it.
func isForbidden(err error) bool {
	return errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM)
}

// isNoFamily reports whether this machine has no addresses of that kind, IPv6 mostly.
func isNoFamily(err error) bool { return errors.Is(err, syscall.EAFNOSUPPORT) }

// isRefused reports whether the other machine, or a firewall, has refused.
func isRefused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

// isReset reports whether the other side has broken a connection off.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// isNoRoute reports whether this machine knows no way.
func isNoRoute(err error) bool { return errors.Is(err, syscall.ENETUNREACH) }

// isNoHost reports whether the way ends before the machine.
func isNoHost(err error) bool {
	return errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.EHOSTDOWN)
}
