package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// interruptible gives a context that ends with the first Ctrl-C, SIGTERM or SIGHUP, so that everything can stop in
// order. A later Ctrl-C or SIGTERM calls abandon at once. release ends the watching.
func interruptible(parent context.Context, abandon func(status int)) (ctx context.Context, release func()) {
	signals := make(chan os.Signal, 2)
	watched := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup has it ignored: then the program outlives its terminal
		watched = append(watched, syscall.SIGHUP)
	}
	signal.Notify(signals, watched...)
	ctx, cancel := context.WithCancel(parent)
	done := make(chan struct{})
	go func() {
		var asked requests
		for {
			select {
			case s := <-signals:
				cancel() // once is enough, and more does no harm
				if asked.again(s, time.Now()) {
					abandon(statusInterrupted)
				}
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel()
	}
}

// sameRequest is how long after the first signal another one is the same request: timeout(1) sends SIGTERM to the
// program and to its process group, and whoever closes a terminal may be two as well.
const sameRequest = 100 * time.Millisecond

// requests are the signals that ask for an end. It reads no clock; the zero value is that of nobody having asked.
type requests struct{ first time.Time }

// again notes a signal, and reports whether it asks once more: then whoever sent it does not want to wait. SIGHUP never
// does, since nobody types it.
func (r *requests) again(s os.Signal, now time.Time) bool {
	if r.first.IsZero() {
		r.first = now
		return false
	}
	return now.Sub(r.first) >= sameRequest && s != syscall.SIGHUP
}
