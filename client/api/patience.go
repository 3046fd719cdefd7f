package api

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"parley"
)

// Patiently does what can fail and goes on where it was, again and again while that can help and Patience lasts. That begins anew
// whenever do reports that it has got further.
func (c *Client) Patiently(ctx context.Context, do func() (further bool, err error)) error {
	for p := c.newPatience(); ; {
		further, err := do()
		if further {
			p.renew()
		}
		if err == nil || !p.again(ctx, err, true) {
			return err
		}
	}
}

// How long a Client waits before it asks again.
const (
	firstPause   = 500 * time.Millisecond
	longestPause = 10 * time.Second
)

// patience is how long something is tried again.
type patience struct {
	client *Client
	left   time.Duration
	pause  time.Duration // the next one, or what is over half of it
}

// newPatience gives all the patience that there is.
func (c *Client) newPatience() *patience {
	return &patience{client: c, left: c.Patience, pause: firstPause}
}

// renew begins anew, because something has come of it.
func (p *patience) renew() { p.left, p.pause = p.client.Patience, firstPause }

// again waits after an error, and reports whether to try again. Safe says that trying twice does what trying once does.
func (p *patience) again(ctx context.Context, err error, safe bool) bool {
	if ctx.Err() != nil || !parley.CodeOf(err).Retry() || !safe && !isLater(err) {
		return false
	}
	next := p.pause/2 + time.Duration(rand.Int64N(int64(p.pause/2)))
	if later, ok := errors.AsType[*Later](err); ok {
		next = max(next, later.After)
	}
	p.pause = min(2*p.pause, longestPause)
	if p.left -= next; p.left < 0 {
		return false
	}
	wait := p.client.Wait
	if wait == nil {
		wait = sleep
	}
	return wait(ctx, next) == nil
}

// sleep waits.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
