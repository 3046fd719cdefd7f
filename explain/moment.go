package explain

// Moment is a packet, and when it was captured. Its zero value is that of something that was never seen.
type Moment struct {
	Ref
	Time int64 // nanoseconds since 1970
}

// Seen reports whether there is such a packet: frames count from 1.
func (m Moment) Seen() bool { return m.Frame != 0 }

// moment is when and where a packet was seen.
func (p *seen) moment() Moment { return Moment{p.ref, p.time} }
