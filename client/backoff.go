package client

import "time"

// How long a Client waits before it comes back.
const (
	firstWait   = 500 * time.Millisecond
	longestWait = 30 * time.Second
	// steady is how long a connection must have lasted to count as a good one. A server that takes every connection and
	// drops it at once is not asked again and again without a pause.
	steady = 10 * time.Second
)

// backoff decides how long to wait before the next attempt. It doubles with every attempt that comes to nothing, and is
// jittered, so that the many clients of a server that was restarted do not all come back in one moment. It reads no
// clock and draws no number: the zero value starts with a short wait.
type backoff struct{ failures int }

// next gives the wait before the next attempt. Lived is how long the connection lasted that has just ended, 0 when
// there was none; random is a number from 0 up to 1, and the wait is from half to all of what it could be.
func (b *backoff) next(lived time.Duration, random float64) time.Duration {
	if lived >= steady {
		b.failures = 0
	}
	wait := longestWait
	if b.failures < 6 { // 500 ms doubled six times is over the longest
		wait = min(firstWait<<b.failures, longestWait)
	}
	b.failures++
	return wait/2 + time.Duration(random*float64(wait/2))
}
