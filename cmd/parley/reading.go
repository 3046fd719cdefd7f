package main

import (
	"context"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// reading shows on a terminal how far large files have been read.
type reading struct {
	ctx  context.Context
	out  io.Writer
	size int64 // bytes in all
	bar  *progressbar.ProgressBar
}

// largeCapture is from how many bytes on somebody has to wait.
const largeCapture = 32 << 20

// newReading makes one that shows nothing yet.
func newReading(ctx context.Context, out io.Writer) *reading { return &reading{ctx: ctx, out: out} }

// of gives a file of so many bytes, 0 where that is not known, whose reading is shown.
func (r *reading) of(file io.Reader, size int64) io.Reader {
	r.size += size
	return interruptedReader{r.ctx, io.TeeReader(file, r)}
}

// begin shows the bar, if somebody sees it and it is worth it.
func (r *reading) begin() {
	if !isTerminal(r.out) || r.size < largeCapture {
		return
	}
	r.bar = progressbar.NewOptions64(r.size,
		progressbar.OptionSetWriter(r.out),
		progressbar.OptionSetDescription("reading"),
		progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionClearOnFinish(),
	)
}

// Write counts what was read.
func (r *reading) Write(b []byte) (int, error) {
	if r.bar != nil {
		_ = r.bar.Add(len(b)) // a bar that cannot be drawn is no reason to stop
	}
	return len(b), nil
}

// end removes the bar.
func (r *reading) end() {
	if r.bar != nil {
		_ = r.bar.Finish()
	}
}
