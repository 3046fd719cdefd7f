//go:build unix

package main

import "golang.org/x/sys/unix"

// hideTyping has a terminal not show what is typed, until show is called. It works also while somebody reads from it
// already. What is no terminal is left alone.
func hideTyping(stream any) (show func()) {
	file, ok := stream.(interface{ Fd() uintptr })
	if !ok || !isTerminal(stream) {
		return func() {}
	}
	fd := int(file.Fd())
	before, err := unix.IoctlGetTermios(fd, readTermios)
	if err != nil {
		return func() {}
	}
	hidden := *before
	hidden.Lflag &^= unix.ECHO
	hidden.Lflag |= unix.ECHONL // the line break is shown, so that what follows stands on a line of its own
	_ = unix.IoctlSetTermios(fd, writeTermios, &hidden)
	return func() { _ = unix.IoctlSetTermios(fd, writeTermios, before) }
}
