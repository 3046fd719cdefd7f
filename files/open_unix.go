//go:build !windows

package files

import "syscall"

// dontWait is a flag for opening: a named pipe that was put in the place of a file does not hold up who opens it.
const dontWait = syscall.O_NONBLOCK
