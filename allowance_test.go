package parley_test

import (
	"testing"
	"time"

	"parley"
)

func TestAnAllowanceIsSpentAndComesBack(t *testing.T) {
	a := parley.Allowance[string]{Burst: 3, Every: time.Minute}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	take := func(who string, want time.Duration) {
		t.Helper()
		if got := a.Take(who, now); got != want {
			t.Errorf("%s at %v: wait %v, not %v", who, now, got, want)
		}
	}
	for range 3 {
		take("ann", 0)
	}
	take("ann", time.Minute)
	take("ann", time.Minute) // asking again costs nothing
	take("bob", 0)
	now = now.Add(40 * time.Second)
	take("ann", 20*time.Second)
	now = now.Add(20 * time.Second)
	take("ann", 0)
	take("ann", time.Minute)
	now = now.Add(time.Hour)
	for range 3 {
		take("ann", 0) // and no more than that, however long it was
	}
	take("ann", time.Minute)
}

func TestAnAllowanceRemembersOnlySoMany(t *testing.T) {
	a := parley.Allowance[int]{Burst: 2, Every: time.Minute, Most: 100}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	a.Take(-1, now)
	a.Take(-1, now)
	for i := range 1000 {
		if wait := a.Take(i, now); wait != 0 {
			t.Fatalf("%d waits %v", i, wait)
		}
	}
	if a.Take(-1, now) == 0 {
		t.Error("whoever spent most was forgotten for others who spent less")
	}
}
