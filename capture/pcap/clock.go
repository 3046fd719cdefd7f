package pcap

import (
	"errors"
	"math"
	"math/bits"
)

// clock turns the ticks of a file into nanoseconds.
type clock struct {
	perSecond uint64 // ticks
	offset    int64  // seconds to add
}

const nanosecond = 1_000_000_000 // of them in a second

// newClock makes a clock of an interface's resolution: a power of ten, or with the highest bit a power of two, of a second.
func newClock(resolution byte, offset int64) (clock, error) {
	exponent := resolution &^ 0x80
	c := clock{perSecond: 1, offset: offset}
	if resolution&0x80 != 0 {
		if exponent > 63 {
			return c, errors.New("its clock is too fine")
		}
		c.perSecond = 1 << exponent
		return c, nil
	}
	if exponent > 19 {
		return c, errors.New("its clock is too fine")
	}
	for range exponent {
		c.perSecond *= 10
	}
	return c, nil
}

// time gives nanoseconds since 1970. What lies outside of what fits stays at its edge.
func (c clock) time(ticks uint64) int64 {
	seconds, rest := ticks/c.perSecond, ticks%c.perSecond
	high, low := bits.Mul64(rest, nanosecond)
	fraction, _ := bits.Div64(high, low, c.perSecond) // rest is less than perSecond, so it fits
	const most = math.MaxInt64/nanosecond - 1
	if seconds > most {
		return math.MaxInt64
	}
	total := int64(seconds) + c.offset // offset is bounded where it is read
	if total > most || total < -most {
		return math.MaxInt64
	}
	return total*nanosecond + int64(fraction)
}
