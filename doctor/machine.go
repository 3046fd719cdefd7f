package doctor

import (
	"context"
	"time"

	"parley/server"
)

// Machine is this machine, as a server of a Config would find it.
type Machine struct {
	Config  server.Config
	Program string // the file of the program, for remedies that give it a right
	System  string // as runtime.GOOS names it
	Now     func() time.Time

	plan server.Plan
}

// Checks gives what to look at. The error is that of a Config that no server would start with.
func (m Machine) Checks() ([]Check, error) {
	var err error
	if m.plan, err = m.Config.Plan(); err != nil {
		return nil, err
	}
	here := func(look func() []Finding) func(context.Context) []Finding {
		return func(context.Context) []Finding { return look() }
	}
	return []Check{
		{Name: "clock", Look: here(m.clock)},
		{Name: "data", Look: here(m.data)},
		{Name: "disk", Look: here(m.space)},
		{Name: "files", Look: here(m.descriptors)},
		{Name: "listener", Look: m.listeners},
		{Name: "certificate", Look: here(m.certificate)},
		{Name: "firewall", Look: m.firewall},
		{Name: "multicast", Look: m.multicast},
		{Name: "capture", Look: here(m.capture)},
	}, nil
}

// system is the machine's system.
func (m Machine) system() system { return system(m.System) }

// program gives the file of the program as a shell takes it.
func (m Machine) program() string {
	if m.Program == "" {
		return "parley"
	}
	return m.system().quoted(m.Program)
}
