package doctor

import (
	"errors"

	"golang.org/x/sys/windows"
)

// isNoAddress reports whether an address belongs to no interface of this machine.
func isNoAddress(err error) bool { return errors.Is(err, windows.WSAEADDRNOTAVAIL) }

// isRefused reports whether the other machine, or a firewall, has refused.
func isRefused(err error) bool { return errors.Is(err, windows.WSAECONNREFUSED) }

// isNoRoute reports whether this machine knows no way.
func isNoRoute(err error) bool { return errors.Is(err, windows.WSAENETUNREACH) }

// isNoHost reports whether the way ends before the machine.
func isNoHost(err error) bool { return errors.Is(err, windows.WSAEHOSTUNREACH) }
