package plain

import (
	"net/url"
	"strings"
	"time"

	"parley"
	"parley/plain/wire"
)

// Respond says what a listener does with the texts of its clients.
type Respond uint8

// The ways to respond.
const (
	// RespondNever is chat: texts go to the room.
	RespondNever Respond = iota
	// RespondUpper answers each text, to its sender alone, by its upper case.
	RespondUpper
	// RespondInput has the operator answer each text.
	RespondInput
)

// Options are what a plain:// listener's URL can set, beside what every listener takes. ParseOptions gives the
// defaults.
type Options struct {
	Welcome string        // the greeting; "" for none
	Lines   bool          // only a newline ends a message
	Style   wire.Style    // how messages are written
	Echo    bool          // people get their own messages too
	Notices bool          // people are told who comes and goes
	Respond Respond       // request and response instead of a room
	Idle    time.Duration // after so long without a byte a client is let go; 0 for never
	Unpaced bool          // clients may send as fast as they can
}

// ParseOptions reads the options that are plain's own, and gives the defaults for those that are not there. An option
// that is unknown, given twice or has a value that means nothing is an *parley.Error of CodeInvalid that names it.
func ParseOptions(query url.Values) (Options, error) {
	o := Options{Welcome: "welcome"}
	for name, values := range query {
		if len(values) != 1 {
			return Options{}, parley.Errorf(parley.CodeInvalid, "option %s is given %d times", name, len(values))
		}
		if err := o.set(name, values[0]); err != nil {
			return Options{}, err
		}
	}
	return o, nil
}

// set reads one option.
func (o *Options) set(name, value string) error {
	switch name {
	case "welcome":
		o.Welcome = value
		return nil
	case "frame":
		return choose(&o.Lines, name, value, choice[bool]{"line", true})
	case "style":
		return choose(&o.Style, name, value, choice[wire.Style]{"says", wire.Says})
	case "echo":
		return choose(&o.Echo, name, value, choice[bool]{"0", false}, choice[bool]{"1", true})
	case "notices":
		return choose(&o.Notices, name, value, choice[bool]{"0", false}, choice[bool]{"1", true})
	case "respond":
		return choose(&o.Respond, name, value,
			choice[Respond]{"upper", RespondUpper}, choice[Respond]{"input", RespondInput})
	case "flood":
		return choose(&o.Unpaced, name, value, choice[bool]{"off", true})
	case "idle":
		idle, err := time.ParseDuration(value)
		if err != nil || idle < 0 {
			return parley.Errorf(parley.CodeInvalid, "option idle takes a time such as 120s or 2m, not %q", value)
		}
		o.Idle = idle
		return nil
	}
	return parley.Errorf(parley.CodeInvalid, "unknown option %q", name)
}

// choice is a word that an option takes, and what it means.
type choice[T any] struct {
	word    string
	meaning T
}

// choose sets option to what value means among choices.
func choose[T any](option *T, name, value string, choices ...choice[T]) error {
	words := make([]string, len(choices))
	for i, c := range choices {
		if words[i] = c.word; c.word == value {
			*option = c.meaning
			return nil
		}
	}
	return parley.Errorf(parley.CodeInvalid, "option %s takes %s, not %q", name, strings.Join(words, " or "), value)
}
