package transfer

import "time"

// paceOver is over how long the rate of a transfer is taken: long enough to be read, short enough to be true.
const paceOver = 5 * time.Second

// pace tells how fast something goes. It reads no clock; the zero value knows nothing yet.
type pace struct{ seen []sample }

// sample is how far it was at some time.
type sample struct {
	at     time.Time
	offset int64
}

// see notes how far it is. What goes back, because it has to be sent again, begins anew.
func (p *pace) see(now time.Time, offset int64) {
	if n := len(p.seen); n > 0 && offset < p.seen[n-1].offset {
		p.seen = p.seen[:0]
	}
	p.seen = append(p.seen, sample{now, offset})
	for len(p.seen) > 2 && now.Sub(p.seen[1].at) >= paceOver {
		p.seen = p.seen[1:]
	}
}

// rate gives bytes a second, 0 where that is not known or nothing moves.
func (p *pace) rate() float64 {
	if len(p.seen) < 2 {
		return 0
	}
	first, last := p.seen[0], p.seen[len(p.seen)-1]
	took := last.at.Sub(first.at).Seconds()
	if took <= 0 {
		return 0
	}
	return float64(last.offset-first.offset) / took
}

// left gives how long the rest takes at this rate; ok is false where nobody can say.
func (p *pace) left(size int64) (rest time.Duration, ok bool) {
	rate := p.rate()
	if rate <= 0 {
		return 0, false
	}
	seconds := float64(size-p.seen[len(p.seen)-1].offset) / rate
	if seconds > (1000 * time.Hour).Seconds() {
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}
