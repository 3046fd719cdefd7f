package transport

import "golang.org/x/sys/windows"

// errInUse is the system's word for an address that somebody else has.
const errInUse = windows.WSAEADDRINUSE
