package main

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// TestSignalsAtOnceAreOneRequest: timeout(1) sends two, which skipped the orderly end; a second Ctrl-C still does.
func TestSignalsAtOnceAreOneRequest(t *testing.T) {
	type sent struct {
		signal os.Signal
		after  time.Duration
		again  bool
	}
	for name, signals := range map[string][]sent{
		"timeout":              {{syscall.SIGTERM, 0, false}, {syscall.SIGTERM, time.Millisecond, false}},
		"Ctrl-C twice":         {{os.Interrupt, 0, false}, {os.Interrupt, 100 * time.Millisecond, true}},
		"a service that hangs": {{syscall.SIGTERM, 0, false}, {syscall.SIGTERM, time.Minute, true}},
		"a terminal that is closed": {
			{syscall.SIGHUP, 0, false}, {syscall.SIGHUP, time.Second, false}, {syscall.SIGTERM, 2 * time.Second, true},
		},
		"both, and then again": {
			{syscall.SIGTERM, 0, false}, {syscall.SIGTERM, 99 * time.Millisecond, false}, {os.Interrupt, time.Second, true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var asked requests
			began := time.Unix(1_700_000_000, 0)
			for _, s := range signals {
				if again := asked.again(s.signal, began.Add(s.after)); again != s.again {
					t.Errorf("%v after %v: %v, want %v", s.signal, s.after, again, s.again)
				}
			}
		})
	}
}
