package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible gives a context that ends with the first Ctrl-C, SIGTERM or SIGHUP, so that everything can stop in
// order. The second one calls abandon at once. release ends the watching.
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
		for _, act := range []func(){cancel, func() { abandon(statusInterrupted) }} {
			select {
			case <-signals:
				act()
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
