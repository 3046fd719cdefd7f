package main

import (
	"context"
	"testing"
)

// Memory is given back after a burst, once, and not in the middle of it or while next to nothing happens.
func TestMemoryIsGivenBackAfterABurst(t *testing.T) {
	const mib = 1 << 20
	r := rest{last: 50 * mib, given: 50 * mib}
	for i, step := range []struct {
		allocated uint64
		due       bool
	}{
		{50 * mib, false},
		{50*mib + 100, false},
		{100 * mib, false}, // a burst
		{300 * mib, false},
		{300*mib + 5000, true}, // it is over
		{300*mib + 9000, false},
		{301 * mib, false},
		{301*mib + mib/2, false},
	} {
		if got := r.due(step.allocated); got != step.due {
			t.Errorf("step %d: %v", i, got)
		}
	}
}

func TestGivingBackEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	giveBack(ctx)
	before := allocated()
	if kept := make([]byte, 1<<20); allocated()-before < uint64(len(kept)) {
		t.Error("what is allocated is not counted")
	}
}
