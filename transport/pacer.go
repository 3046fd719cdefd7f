package transport

import "time"

// What a Pacer allows where its fields are left at zero: 64 KiB a second on average, and a paste of 256 KiB at once.
const (
	DefaultRate  = 64 << 10
	DefaultBurst = 256 << 10
)

// MessageCost is how many bytes a message counts for beside its own, and so does each further line of it: every line is
// written to everybody with a name before it, however short it is. With the defaults that is 4,000 of the shortest at once,
// which a paste of 3,000 lines of 20 characters is not, and 1,000 a second.
const MessageCost = 64

// Pacer says how long to wait before taking more from somebody who may send Rate bytes a second on average and Burst
// bytes at once: a token bucket. It reads no clock. The zero value is ready to use, with the defaults; one goroutine
// uses it at a time.
type Pacer struct {
	Rate  int // bytes a second; 0 means DefaultRate
	Burst int // bytes; 0 means DefaultBurst

	level float64   // bytes taken and not yet made up for by time
	since time.Time // when level was true
}

// Take counts n bytes, or what counts as so many, that came at now, and gives how long to wait before taking more; 0 means no wait. Bytes are
// counted even if the wait is not kept. A now before the last one counts as the last one.
func (p *Pacer) Take(n int, now time.Time) time.Duration {
	rate, burst := float64(p.Rate), float64(p.Burst)
	orElse(&rate, DefaultRate)
	orElse(&burst, DefaultBurst)
	if passed := now.Sub(p.since); passed > 0 {
		p.level = max(0, p.level-rate*passed.Seconds())
		p.since = now
	}
	p.level += float64(n)
	excess := p.level - burst
	if excess <= 0 {
		return 0
	}
	return time.Duration(excess / rate * float64(time.Second))
}
