package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley"
)

// days is a flag for a time that may be days: 7d, 12h, 30m.
type days struct{ time.Duration }

// Set takes a number of days, or what time.ParseDuration takes.
func (d *days) Set(text string) error {
	if number, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(number, 10, 16); err == nil {
			d.Duration = time.Duration(n) * 24 * time.Hour
			return nil
		}
	}
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("takes a time such as 7d, 12h or 30m, not %q", parley.CleanLine(text))
	}
	d.Duration = parsed
	return nil
}

// String gives the time, in days where it is whole days.
func (d *days) String() string {
	if whole := d.Duration / (24 * time.Hour); whole > 0 && d.Duration%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", whole)
	}
	return d.Duration.String()
}

// Type names the value in the help.
func (d *days) Type() string { return "time" }
