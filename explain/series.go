package explain

// Point is a value at a time.
type Point struct {
	Time  int64 // nanoseconds since 1970
	Value int64
}

// Series is a value over time, in as many points as a picture needs.
type Series struct {
	Points []Point
	Min    int64
	Max    int64
	Sum    int64
	Count  int64 // of all values, those that have no point too

	stride int64 // every so many values have a point
}

// maxPoints is how many points a series has at most.
const maxPoints = 512

// add adds a value. Of very many values, those that have a point become sparse.
func (s *Series) add(at, value int64) {
	if s.Count == 0 {
		s.Min, s.Max, s.stride = value, value, 1
	}
	s.Min, s.Max, s.Sum = min(s.Min, value), max(s.Max, value), s.Sum+value
	if s.Count%s.stride == 0 {
		if len(s.Points) == maxPoints {
			s.thin()
		}
		s.Points = append(s.Points, Point{at, value})
	}
	s.Count++
}

// thin leaves out every other point.
func (s *Series) thin() {
	for i := range maxPoints / 2 {
		s.Points[i] = s.Points[2*i]
	}
	s.Points = s.Points[:maxPoints/2]
	s.stride *= 2
}

// Mean is the mean of all values, 0 where there are none.
func (s *Series) Mean() int64 {
	if s.Count == 0 {
		return 0
	}
	return s.Sum / s.Count
}
