//go:build unix

package transport

import "syscall"

// errInUse is the system's word for an address that somebody else has.
const errInUse = syscall.EADDRINUSE
