package sqlite

import "slices"

// Spread is how often something was how much.
type Spread struct {
	Bounds []float64 // rising; not to be changed
	Counts []int64   // how often it was more than the bound before and at most that of the same place; the last for more
	Sum    float64
}

func newSpread(bounds ...float64) Spread {
	return Spread{Bounds: bounds, Counts: make([]int64, len(bounds)+1)}
}

// Count is how often it was anything.
func (s Spread) Count() int64 {
	n := int64(0)
	for _, of := range s.Counts {
		n += of
	}
	return n
}

// add counts one.
func (s *Spread) add(much float64) {
	i, _ := slices.BinarySearch(s.Bounds, much)
	s.Counts[i]++
	s.Sum += much
}
