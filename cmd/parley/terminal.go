package main

import "golang.org/x/term"

// isTerminal reports whether stream, an io.Reader or io.Writer, is a terminal with a person at it.
func isTerminal(stream any) bool {
	file, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(file.Fd()))
}
