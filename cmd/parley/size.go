package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// units are what sizes are given in, larger ones of each kind first.
var units = []struct {
	name  string
	bytes int64
}{
	{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
	{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1},
}

// size is a flag for a number of bytes that people write as 8GiB or 500MB.
type size struct {
	bytes *int64
	least int64
}

// Set reads a size.
func (s size) Set(text string) error {
	n, err := parseSize(text)
	if err != nil {
		return err
	}
	if n < s.least {
		return fmt.Errorf("%s is too small", text)
	}
	*s.bytes = n
	return nil
}

// String gives the size in the largest unit that leaves a whole number.
func (s size) String() string {
	if s.bytes == nil || *s.bytes == 0 {
		return "0"
	}
	for _, u := range units {
		if *s.bytes%u.bytes == 0 {
			return strconv.FormatInt(*s.bytes/u.bytes, 10) + u.name
		}
	}
	return "" // the last unit is one byte
}

// Type names the value in the help.
func (s size) Type() string { return "SIZE" }

// parseSize reads a whole number of bytes, or of the units KB to TB (powers of 1000) and KiB to TiB (powers of 1024),
// in upper or lower case, with or without a space between.
func parseSize(text string) (int64, error) {
	number := strings.TrimRight(text, "BKMGTIbkmgti")
	unit := text[len(number):]
	bytes := int64(1)
	if unit != "" {
		bytes = 0
		for _, u := range units {
			if strings.EqualFold(u.name, unit) {
				bytes = u.bytes
			}
		}
	}
	n, err := strconv.ParseUint(strings.TrimRight(number, " "), 10, 63)
	if err != nil || bytes == 0 || int64(n) > math.MaxInt64/bytes {
		return 0, fmt.Errorf("takes a size such as 8GiB, 500MB or 1000000, not %q", text)
	}
	return int64(n) * bytes, nil
}
