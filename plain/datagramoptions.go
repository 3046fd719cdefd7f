package plain

import (
	"net/url"
	"time"

	"parley"
)

// DefaultDatagramIdle is how long a participant over UDP may be silent before it has left, unless the listener says
// otherwise: nothing else tells.
const DefaultDatagramIdle = 60 * time.Second

// DatagramOptions are what a plain+udp:// listener's URL can set, beside what every listener takes. ParseDatagramOptions
// gives the defaults.
type DatagramOptions struct {
	Respond  Respond       // request and response instead of a room
	Idle     time.Duration // after so long without a datagram a participant has left; over 0
	Anywhere bool          // datagrams go to public addresses too
	Unpaced  bool          // participants may send as fast as they can
}

// ParseDatagramOptions reads the options that are plain+udp's own, and gives the defaults for those that are not there. An
// option that is unknown, given twice or has a value that means nothing is an *parley.Error of CodeInvalid that names it.
func ParseDatagramOptions(query url.Values) (DatagramOptions, error) {
	o := DatagramOptions{Idle: DefaultDatagramIdle}
	for name, values := range query {
		if len(values) != 1 {
			return DatagramOptions{}, parley.Errorf(parley.CodeInvalid, "option %s is given %d times", name, len(values))
		}
		if err := o.set(name, values[0]); err != nil {
			return DatagramOptions{}, err
		}
	}
	return o, nil
}

// set reads one option.
func (o *DatagramOptions) set(name, value string) error {
	switch name {
	case "respond":
		return choose(&o.Respond, name, value,
			choice[Respond]{"upper", RespondUpper}, choice[Respond]{"input", RespondInput})
	case "relay":
		return choose(&o.Anywhere, name, value, choice[bool]{"any", true})
	case "flood":
		return choose(&o.Unpaced, name, value, choice[bool]{"off", true})
	case "idle":
		idle, err := time.ParseDuration(value)
		if err != nil || idle <= 0 {
			return parley.Errorf(parley.CodeInvalid, "option idle takes a time over 0 such as 60s, not %q", value)
		}
		o.Idle = idle
		return nil
	}
	return parley.Errorf(parley.CodeInvalid, "unknown option %q", name)
}
