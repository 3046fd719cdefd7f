package doctor

import "strings"

// system is an operating system, by the name that runtime.GOOS has for it.
type system string

// by gives a command for each system. One that is not named here is taken for a Linux.
type by struct{ linux, darwin, windows string }

// on gives the command for a system.
func (b by) on(s system) string {
	switch s {
	case "darwin":
		return b.darwin
	case "windows":
		return b.windows
	}
	return b.linux
}

// alike gives a command that is the same on all systems that are a Unix.
func alike(unix, windows string) by { return by{linux: unix, darwin: unix, windows: windows} }

// quoted gives a word as a shell takes it for one.
func (s system) quoted(word string) string {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' ||
			strings.ContainsRune("/._-+:@%=,", r) || r == '\\' && s == "windows"
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	if s == "windows" {
		return "'" + strings.ReplaceAll(word, "'", "''") + "'"
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
