package doctor

import (
	"errors"

	"golang.org/x/sys/windows"
)

// isNoAddress reports whether an address belongs to no interface of this machine.
func isNoAddress(err error) bool { return errors.Is(err, windows.WSAEADDRNOTAVAIL) }

// isForbidden reports whether this machine's own rules keep this user from it.
func isForbidden(err error) bool { return errors.Is(err, windows.WSAEACCES) }

// isNoFamily reports whether this machine has no addresses of that kind, IPv6 mostly.
func isNoFamily(err error) bool { return errors.Is(err, windows.WSAEAFNOSUPPORT) }

// isRefused reports whether the other machine, or a firewall, has refused. Over UDP it is a reset here.
func isRefused(err error) bool {
	return errors.Is(err, windows.WSAECONNREFUSED) || errors.Is(err, windows.WSAECONNRESET)
}

// isReset reports whether the other side has broken a connection off.
func isReset(err error) bool {
	return errors.Is(err, windows.WSAECONNRESET) || errors.Is(err, windows.WSAECONNABORTED)
}

// isNoRoute reports whether this machine knows no way.
func isNoRoute(err error) bool { return errors.Is(err, windows.WSAENETUNREACH) }

// isNoHost reports whether the way ends before the machine.
func isNoHost(err error) bool { return errors.Is(err, windows.WSAEHOSTUNREACH) }
