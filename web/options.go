package web

import (
	"net/url"

	"parley"
)

// Options are what an http:// listener's URL can set, beside what every listener takes.
type Options struct {
	Unpaced bool // clients may send as fast as they can
}

// ParseOptions reads the options that are the door's own. An option that is unknown, given twice or has a value that means nothing
// is an *parley.Error of CodeInvalid that names it.
func ParseOptions(query url.Values) (Options, error) {
	var o Options
	for name, values := range query {
		switch {
		case len(values) != 1:
			return o, parley.Errorf(parley.CodeInvalid, "option %s is given %d times", name, len(values))
		case name != "flood":
			return o, parley.Errorf(parley.CodeInvalid, "unknown option %q", name)
		case values[0] != "off":
			return o, parley.Errorf(parley.CodeInvalid, "option flood takes off, not %q", values[0])
		}
		o.Unpaced = true
	}
	return o, nil
}
