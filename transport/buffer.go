package transport

import "sync"

// A read buffer is small until a read fills it: most chat fits, and where a buffer has to be held while waiting (see
// stream) it should cost little. Whoever fills it is sending much, and gets a large one for the next read.
const (
	smallBuffer = 2 << 10
	largeBuffer = 32 << 10
)

// buffer is space for one read, and the pool to which it returns.
type buffer struct {
	space []byte
	home  *sync.Pool
}

// bufferPools lends read buffers to the connections of one listener.
type bufferPools struct{ small, large sync.Pool }

func (b *bufferPools) open() {
	b.small.New = func() any { return &buffer{make([]byte, smallBuffer), &b.small} }
	b.large.New = func() any { return &buffer{make([]byte, largeBuffer), &b.large} }
}

// intake is the reading side's hold on a buffer: nothing while the connection is silent. One goroutine uses it at a
// time.
type intake struct {
	pools *bufferPools
	held  *buffer // nil when given back
	eager bool    // the last read filled its buffer
}

// space gives room to read into, borrowed if nothing fitting is held.
func (in *intake) space() []byte {
	if in.held != nil && in.eager && in.held.home == &in.pools.small {
		in.giveBack()
	}
	if in.held == nil && in.eager {
		in.held = in.pools.large.Get().(*buffer)
	}
	if in.held == nil {
		in.held = in.pools.small.Get().(*buffer)
	}
	return in.held.space
}

// filled gives the first n bytes of the space, which stay as they are until space or giveBack is called.
func (in *intake) filled(n int) []byte {
	in.eager = n == len(in.held.space)
	return in.held.space[:n]
}

// giveBack returns what is held.
func (in *intake) giveBack() {
	if in.held != nil {
		in.held.home.Put(in.held)
		in.held = nil
	}
}
