package transport

import "testing"

// A buffer is small, large after a read that filled it, and small again after one that did not.
func TestIntakeGrowsAndShrinks(t *testing.T) {
	var pools bufferPools
	pools.open()
	in := intake{pools: &pools}
	for i, step := range []struct{ read, next int }{
		{100, smallBuffer}, {smallBuffer, largeBuffer}, {largeBuffer, largeBuffer}, {1, largeBuffer},
	} {
		in.space()
		if got := len(in.filled(step.read)); got != step.read {
			t.Errorf("step %d: %d bytes", i, got)
		}
		if got := len(in.space()); got != step.next {
			t.Errorf("step %d: then a buffer of %d, want %d", i, got, step.next)
		}
	}
	in.giveBack()
	in.giveBack()
	if in.held != nil {
		t.Error("still held")
	}
	if got := len(in.space()); got != smallBuffer {
		t.Errorf("a quiet one borrows %d", got)
	}
}
