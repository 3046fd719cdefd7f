package api

import (
	"context"
	"io"
	"time"

	"parley"
)

// longestStall is how long nothing may move of a file where nothing else is said.
const longestStall = time.Minute

// watch ends a request of which nothing moves any more: a connection can be dead without anybody saying so.
type watch struct {
	ctx    context.Context
	stall  time.Duration
	timer  *time.Timer
	cancel context.CancelCauseFunc
}

// errStalled is why a watch has ended a request.
var errStalled = parley.Errorf(parley.CodeClosed, "nothing moved any more on the way to the server")

// watched gives a context for a request whose content is watched. Whoever is done with it calls end.
func (c *Client) watched(ctx context.Context) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watch{ctx: ctx, stall: c.Stall, cancel: cancel}
	if w.stall == 0 {
		w.stall = longestStall
	}
	w.timer = time.AfterFunc(w.stall, func() { cancel(errStalled) })
	return ctx, w
}

// moved says that something did.
func (w *watch) moved() { w.timer.Reset(w.stall) }

// reason gives why a request has failed with err.
func (w *watch) reason(err error) error {
	if context.Cause(w.ctx) == errStalled {
		return errStalled
	}
	return err
}

// end ends the watching, and what is still under way of the request.
func (w *watch) end() {
	w.timer.Stop()
	w.cancel(nil)
}

// watchedReader reads content and says so. It says how far as well, where somebody wants to know.
type watchedReader struct {
	io.Reader
	watch *watch
	moved func(n int)
}

// Read reads the next bytes.
func (r *watchedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.watch.moved()
	if n > 0 && r.moved != nil {
		r.moved(n)
	}
	return n, err
}
