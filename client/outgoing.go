package client

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"parley"
)

// Meter shows how a transfer comes on. What it gives is written as many bytes as are transferred, and then closed.
type Meter interface {
	Begin(title string, size int64) io.WriteCloser
}

// nobody is the Meter of those who do not want to know.
type nobody struct{ io.Writer }

// Close does nothing.
func (nobody) Close() error { return nil }

// meter begins to show a transfer.
func (c *Client) meter(title string, size int64) io.WriteCloser {
	if c.options.Meter == nil {
		return nobody{io.Discard}
	}
	return c.options.Meter.Begin(title, size)
}

// digester computes a SHA-256 while another goroutine may ask for it.
type digester struct {
	mu   sync.Mutex
	hash hash.Hash
}

func newDigester() *digester { return &digester{hash: sha256.New()} }

// Write adds p.
func (d *digester) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.hash.Write(p)
}

// sum gives the digest of what was written so far.
func (d *digester) sum() parley.Digest {
	d.mu.Lock()
	defer d.mu.Unlock()
	return parley.Digest(d.hash.Sum(nil))
}

// outgoing is a file on its way to the server.
type outgoing struct {
	ctx    context.Context
	out    *outbound
	digest *digester
	meter  io.Writer
	life   *atomic.Int64 // when something has left
}

// Write sends p. The digest takes it first: the server may answer as soon as it has the last byte.
func (o outgoing) Write(p []byte) (int, error) {
	_, _ = o.digest.Write(p)
	if !o.out.write(o.ctx, p) {
		return 0, errAway
	}
	_, _ = o.meter.Write(p)
	o.life.Store(time.Now().UnixNano())
	return len(p), nil
}

// send sends exactly size bytes of a file, without ever holding more than a piece of it. It reports how many have left.
func (o outgoing) send(file *os.File, size int64) int64 {
	n, _ := io.CopyBuffer(o, io.LimitReader(file, size), make([]byte, readSize))
	return n
}
