package wire

import (
	"strings"

	"parley"
)

// MaxRefusedName is how much of an impossible name is repeated to whoever asked for it, in characters.
const MaxRefusedName = parley.MaxName

// refusalEnd is how every answer ends that asks for another name.
const refusalEnd = ", send another"

// CleanName gives the name that a registering client means by its first message: white space around it is dropped, and each
// run of white space inside becomes one '_'. Whether anybody can have that name is not checked.
func CleanName(message string) string {
	return strings.Join(strings.Fields(message), "_")
}

// AppendTaken writes that somebody else has the name, and that the next message is taken for another one.
func AppendTaken(dst []byte, name string) []byte {
	dst = append(append(dst, "name "...), shorten(name)...)
	return append(dst, " is taken"+refusalEnd+" "...)
}

// AppendRefused writes why nobody can have the name that was sent, and that the next message is taken for another one. The
// reason is the sentence of an error.
func AppendRefused(dst []byte, reason string) []byte {
	dst = append(dst, parley.CleanLine(reason)...)
	return append(dst, refusalEnd+" "...)
}

// IsRefusal reports whether a text that a Parser found is a server's answer that asks for another name.
func IsRefusal(item Item) bool {
	return item.Kind == ItemText && item.From == "" && strings.HasSuffix(item.Text, refusalEnd)
}

// shorten makes name fit to be repeated: clean, in one line, and not too long.
func shorten(name string) string {
	name = parley.CleanLine(name)
	n := 0
	for i := range name {
		if n++; n > MaxRefusedName {
			return name[:i] + "…"
		}
	}
	return name
}
