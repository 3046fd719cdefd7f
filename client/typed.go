package client

import "strings"

// typedVerb is what a typed line asks for.
type typedVerb int

const (
	typedSay      typedVerb = iota // arg is the text
	typedNothing                   // a blank line
	typedLeave                     // exit, quit
	typedWho                       // #ls
	typedDirect                    // arg is "NAME: TEXT"
	typedSendFile                  // arg is a path in the client's folder
	typedAskFile                   // arg is a name
)

// typed is a typed line, read.
type typed struct {
	verb typedVerb
	arg  string
}

// parseTyped reads a typed line. The words are the same on every protocol; what is none of them is a text for the room.
func parseTyped(line string) typed {
	switch strings.TrimSpace(line) {
	case "":
		return typed{verb: typedNothing}
	case "exit", "quit":
		return typed{verb: typedLeave}
	case "#ls":
		return typed{verb: typedWho}
	}
	if path, ok := strings.CutPrefix(line, "send file:"); ok {
		return typed{verb: typedSendFile, arg: strings.TrimSpace(path)}
	}
	if name, ok := strings.CutPrefix(line, "ask for file:"); ok {
		return typed{verb: typedAskFile, arg: strings.TrimSpace(name)}
	}
	if rest, ok := strings.CutPrefix(line, "@"); ok && strings.Contains(rest, ":") {
		return typed{verb: typedDirect, arg: rest}
	}
	return typed{verb: typedSay, arg: line}
}
