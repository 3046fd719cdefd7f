package roster

import (
	"net/url"
	"strconv"
	"time"

	"parley"
)

// Options are what a roster:// listener's URL can set, beside what every listener takes. The zero value has the defaults.
type Options struct {
	// Idle is after how long without a byte a client is let go; 0 for never, which is the default. There is no shorter
	// time for the name either, but where only accounts are let in: people type it into a program that has connected
	// before it asks them.
	Idle    time.Duration
	Unpaced bool // clients may send as fast as they can

	// UDP is the port that the clients agree on for direct messages, which never pass the server; 0 for the usual one. It
	// is only told to people who ask how to join.
	UDP uint16
}

// ParseOptions reads the options that are roster's own. An option that is unknown, given twice or has a value that means
// nothing is an *parley.Error of CodeInvalid that names it.
func ParseOptions(query url.Values) (Options, error) {
	var o Options
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
	case "idle":
		idle, err := time.ParseDuration(value)
		if err != nil || idle < 0 {
			return parley.Errorf(parley.CodeInvalid, "option idle takes a time such as 120s or 2m, not %q", value)
		}
		o.Idle = idle
		return nil
	case "flood":
		if value != "off" {
			return parley.Errorf(parley.CodeInvalid, "option flood takes off, not %q", value)
		}
		o.Unpaced = true
		return nil
	case "udp":
		port, err := strconv.ParseUint(value, 10, 16)
		if err != nil || port == 0 {
			return parley.Errorf(parley.CodeInvalid, "option udp takes a port from 1 to 65535, not %q", value)
		}
		o.UDP = uint16(port)
		return nil
	}
	return parley.Errorf(parley.CodeInvalid, "unknown option %q", name)
}
