package explain

// Ref names a packet: the file it stands in, counted from 0, and its number there, counted from 1 as Wireshark does.
type Ref struct {
	File  int
	Frame int64
}

// evidence is the first packets that show something, and how many there are.
const maxEvidence = 20

// Evidence is how often something was seen, and where first.
type Evidence struct {
	Count int64
	First []Ref // at most 20
}

// clear forgets all of it.
func (e *Evidence) clear() { e.Count, e.First = 0, e.First[:0] }

// add notes another packet.
func (e *Evidence) add(r Ref) {
	e.Count++
	if len(e.First) < maxEvidence {
		e.First = append(e.First, r)
	}
}
