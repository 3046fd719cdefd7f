package main

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsLeftIsRemovedButNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left leftovers
		left.clear(time.Second) // of nothing
		removed, hangs := false, make(chan struct{})
		left.add(func() { removed = true })
		left.add(func() { <-hangs })
		left.clear(time.Second) // returns, which is the point
		synctest.Wait()
		if !removed {
			t.Error("nothing was removed")
		}
		close(hangs)
	})
}
