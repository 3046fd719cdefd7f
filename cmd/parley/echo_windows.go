package main

import "golang.org/x/sys/windows"

// hideTyping has a console not show what is typed, until show is called. A read that has begun already may still show it:
// that is why a password that is asked for at the start is asked for before anything else is read. What is no console is
// left alone.
func hideTyping(stream any) (show func()) {
	file, ok := stream.(interface{ Fd() uintptr })
	if !ok || !isTerminal(stream) {
		return func() {}
	}
	console := windows.Handle(file.Fd())
	var before uint32
	if windows.GetConsoleMode(console, &before) != nil {
		return func() {}
	}
	_ = windows.SetConsoleMode(console, before&^windows.ENABLE_ECHO_INPUT)
	return func() { _ = windows.SetConsoleMode(console, before) }
}
