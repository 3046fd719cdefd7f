package client

import (
	"testing"
	"time"
)

func TestBackoffDoublesUpToTheLongestWait(t *testing.T) {
	var b backoff
	for i, want := range []time.Duration{500, 1000, 2000, 4000, 8000, 16000, 30000, 30000} {
		if got := b.next(0, 1); got != want*time.Millisecond {
			t.Errorf("attempt %d: %v, want %v", i+1, got, want*time.Millisecond)
		}
	}
}

func TestBackoffIsJitteredDownToHalf(t *testing.T) {
	var low, high backoff
	for range 20 {
		most := high.next(0, 1)
		if got := low.next(0, 0); got != most/2 {
			t.Errorf("the shortest wait is %v, want half of %v", got, most)
		}
	}
}

func TestBackoffStartsAnewAfterASteadyConnection(t *testing.T) {
	var b backoff
	for range 10 {
		b.next(0, 1)
	}
	if got := b.next(steady-1, 1); got != longestWait {
		t.Errorf("after a connection that hardly lasted: %v, want %v", got, longestWait)
	}
	if got := b.next(steady, 1); got != firstWait {
		t.Errorf("after a steady connection: %v, want %v", got, firstWait)
	}
}
