package main

import "golang.org/x/sys/unix"

// How a terminal's settings are read and written.
const (
	readTermios  = unix.TCGETS
	writeTermios = unix.TCSETS
)
