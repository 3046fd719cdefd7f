//go:build !linux && !darwin && !freebsd && !windows

package capture

import (
	"runtime"

	"parley"
)

var errElsewhere = parley.Errorf(parley.CodeUnsupported, "parley cannot capture on %s", runtime.GOOS)

func openSource(Interface, Filter) (source, error) { return nil, errElsewhere }

// Allowed fails: it is not known here how to capture.
func Allowed() error { return errElsewhere }

// system names the operating system.
func system() string { return runtime.GOOS }
