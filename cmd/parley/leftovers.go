package main

import (
	"sync"
	"time"
)

// clearTimeout is how long a program that is broken off takes to remove what must not stay behind.
const clearTimeout = 2 * time.Second

// leftovers are what would stay behind if the program were broken off now. The zero value has nothing; its methods may be
// called from any goroutine.
type leftovers struct {
	mu     sync.Mutex
	remove []func()
}

// add notes what removes one more.
func (l *leftovers) add(remove func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove = append(l.remove, remove)
}

// clear removes all of it, and returns when that is done, or has taken so long that whoever waits is not to wait longer.
func (l *leftovers) clear(patience time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, remove := range l.remove {
			remove()
		}
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C: // a disk that hangs, which nothing can interrupt
	}
}
