package parley

import "time"

// Wait is the cause of an error of CodeThrottled: how long to wait before another try, in whole seconds, at least one.
type Wait time.Duration

// WaitFor gives the Wait of at least d, which is more than nothing.
func WaitFor(d time.Duration) Wait { return Wait((d + time.Second - 1).Truncate(time.Second)) }

// Error gives the time as people write it.
func (w Wait) Error() string { return time.Duration(w).String() }

// RetryAfter is what w stands for, for doors that have a place for it (RFC 9110, section 10.2.3).
func (w Wait) RetryAfter() time.Duration { return time.Duration(w) }

// Allowance says how often somebody, told apart by a K, may do what costs others something: Burst times at once, and
// once more after every Every. It reads no clock, and leaves locking to whoever uses it. The exported fields are set
// before it is used.
type Allowance[K comparable] struct {
	Burst int
	Every time.Duration
	Most  int // how many are remembered; 0 for no limit. Beyond it whoever has the most left is forgotten

	spent map[K]time.Time // when everything will be as if they had never done it
}

// Take counts that somebody does it at now, if they may, and gives 0; or how long they have to wait, and counts
// nothing.
func (a *Allowance[K]) Take(who K, now time.Time) (wait time.Duration) {
	until := a.spent[who]
	if until.Before(now) {
		until = now
	}
	until = until.Add(a.Every)
	if wait = until.Sub(now) - time.Duration(a.Burst)*a.Every; wait > 0 {
		return wait
	}
	if a.spent == nil {
		a.spent = make(map[K]time.Time)
	}
	if _, known := a.spent[who]; !known && a.Most > 0 && len(a.spent) >= a.Most {
		a.forget(now)
	}
	a.spent[who] = until
	return 0
}

// forget makes room for one more.
func (a *Allowance[K]) forget(now time.Time) {
	var least K
	var soonest time.Time
	for who, until := range a.spent {
		if !until.After(now) {
			delete(a.spent, who)
		} else if soonest.IsZero() || until.Before(soonest) {
			least, soonest = who, until
		}
	}
	if len(a.spent) >= a.Most {
		delete(a.spent, least)
	}
}
