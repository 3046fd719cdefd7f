//go:build unix

package main

import (
	"bytes"
	"regexp"
	"sync"
	"time"
)

// patience is how long a script waits for something before it gives up: long, because the machine may be slow, and only
// ever used up by a test that fails.
const patience = 60 * time.Second

// transcript is everything that came out of somewhere, with a mark at what a script has seen of it.
type transcript struct {
	mu      sync.Mutex
	text    []byte
	seen    int
	ended   bool
	changed chan struct{} // closed and made anew with every change
}

func newTranscript() *transcript { return &transcript{changed: make(chan struct{})} }

// Write adds to the transcript.
func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	t.notify()
	return len(p), nil
}

// end says that nothing more will come.
func (t *transcript) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.notify()
}

func (t *transcript) notify() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// await returns true as soon as pattern matches something after the mark, which it then moves behind the match; false when
// that cannot happen any more, or patience has run out.
func (t *transcript) await(pattern *regexp.Regexp) bool {
	timeout := time.After(patience)
	for {
		t.mu.Lock()
		at := pattern.FindIndex(t.text[t.seen:])
		ended, changed := t.ended, t.changed
		if at != nil {
			t.seen += at[1]
		}
		t.mu.Unlock()
		if at != nil || ended {
			return at != nil
		}
		select {
		case <-changed:
		case <-timeout:
			return false
		}
	}
}

// awaitCount returns true as soon as pattern has matched n times in the whole transcript, false when it has more often or
// never will.
func (t *transcript) awaitCount(pattern *regexp.Regexp, n int) (int, bool) {
	timeout := time.After(patience)
	have, read := 0, 0
	for {
		t.mu.Lock()
		for at := pattern.FindIndex(t.text[read:]); at != nil; at = pattern.FindIndex(t.text[read:]) {
			have, read = have+1, read+at[1]
		}
		ended, changed := t.ended, t.changed
		t.mu.Unlock()
		if have >= n || ended {
			return have, have == n
		}
		select {
		case <-changed:
		case <-timeout:
			return have, false
		}
	}
}

// awaitEnd returns true when nothing more comes, false when patience has run out.
func (t *transcript) awaitEnd() bool {
	timeout := time.After(patience)
	for {
		t.mu.Lock()
		ended, changed := t.ended, t.changed
		t.mu.Unlock()
		if ended {
			return true
		}
		select {
		case <-changed:
		case <-timeout:
			return false
		}
	}
}

// whole gives everything so far.
func (t *transcript) whole() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.text)
}
