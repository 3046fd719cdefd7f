package explain

// Buckets are bytes per stretch of time, in as many stretches as a picture needs.
type Buckets struct {
	Start int64   // nanoseconds since 1970
	Width int64   // nanoseconds
	Bytes []int64 // in each stretch
}

const (
	maxBuckets  = 256
	firstBucket = 1_000_000 // a millisecond
)

// add adds bytes at a time.
func (b *Buckets) add(at, bytes int64) {
	if b.Width == 0 {
		b.Start, b.Width = at, firstBucket
	}
	for max(at-b.Start, 0)/b.Width >= maxBuckets {
		b.widen()
	}
	i := int(max(at-b.Start, 0) / b.Width)
	for len(b.Bytes) <= i {
		b.Bytes = append(b.Bytes, 0)
	}
	b.Bytes[i] += bytes
}

// widen makes each stretch twice as long.
func (b *Buckets) widen() {
	b.Width *= 2
	for i := range (len(b.Bytes) + 1) / 2 {
		sum := b.Bytes[2*i]
		if 2*i+1 < len(b.Bytes) {
			sum += b.Bytes[2*i+1]
		}
		b.Bytes[i] = sum
	}
	b.Bytes = b.Bytes[:(len(b.Bytes)+1)/2]
}
