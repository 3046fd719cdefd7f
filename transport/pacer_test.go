package transport

import (
	"testing"
	"time"
)

// A burst passes at once, what is over it waits as long as the rate takes, and time makes up for what was taken.
func TestPacer(t *testing.T) {
	var p Pacer
	start := time.Now()
	for _, step := range []struct {
		after time.Duration // since start
		take  int
		wait  time.Duration
	}{
		{0, DefaultBurst, 0},                                     // a paste
		{0, DefaultRate, time.Second},                            // and more
		{0, DefaultRate, 2 * time.Second},                        // and more, without having waited
		{2 * time.Second, 0, 0},                                  // it has waited
		{2 * time.Second, DefaultRate / 2, time.Second / 2},      // the bucket is full to the brim
		{3 * time.Second, DefaultRate / 2, 0},                    // at the rate
		{time.Second, DefaultRate, time.Second},                  // a clock that went back does no good
		{time.Hour, DefaultBurst, 0},                             // an hour makes up for everything, and no more
		{time.Hour, 1, time.Second / DefaultRate},                // one byte too much
		{2 * time.Hour, 10 * DefaultBurst, 36 * time.Second},     // a flood
		{2*time.Hour + 36*time.Second, 0, 0},                     // waited for
		{2*time.Hour + 37*time.Second, DefaultRate, 0},           // and on
		{2*time.Hour + 37*time.Second, DefaultRate, time.Second}, // at the rate
	} {
		wait := p.Take(step.take, start.Add(step.after))
		if diff := wait - step.wait; diff < -time.Microsecond || diff > time.Microsecond {
			t.Errorf("%d bytes at %v: wait %v, want %v", step.take, step.after, wait, step.wait)
		}
	}
}

// Messages without a byte in them are limited in number, and a long paste of short lines passes.
func TestPacerLimitsMessages(t *testing.T) {
	now := time.Now()
	var p Pacer
	if wait := p.Take(3000*(20+1+MessageCost), now); wait > 0 {
		t.Errorf("a paste of 3,000 lines waits %v", wait)
	}
	p = Pacer{}
	atOnce := 0
	for p.Take(MessageCost, now) == 0 {
		atOnce++
	}
	now = now.Add(time.Second)
	inASecond := 0
	for p.Take(MessageCost, now) == 0 {
		inASecond++
	}
	if atOnce != 4096 || inASecond != 1023 { // and the one that was too much before
		t.Errorf("%d at once and %d a second later", atOnce, inASecond)
	}
}

// Somebody who always waits as told gets exactly the rate.
func TestPacerKeepsTheRate(t *testing.T) {
	p := Pacer{Rate: 1000, Burst: 500}
	start := time.Now()
	now := start
	for range 1000 {
		now = now.Add(p.Take(100, now))
	}
	want := time.Duration(100*1000-500) * time.Second / 1000
	if took := now.Sub(start); took < want-time.Millisecond || took > want+time.Millisecond {
		t.Errorf("100,000 bytes took %v, want %v", took, want)
	}
}
