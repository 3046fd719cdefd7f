//go:build linux

package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// paceSenders is how many connections take turns in sending at a fixed rate.
const paceSenders = 64

// pace is a load at a fixed rate: messages are sent when they are due, whether or not those before have arrived.
type pace struct {
	deliveries int // a second
	messages   int // until so many are sent
}

// delays is how long each delivery took, from when its message was due to when the crowd read it, ascending.
type delays []time.Duration

// share gives the delay that a share of the deliveries, 0 to 1, did not exceed (the nearest rank), and 0 of none.
func (d delays) share(p float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	return d[min(int(p*float64(len(d))), len(d)-1)]
}

// run paces a crowd that has joined, and returns when everything sent has arrived everywhere.
func (p pace) run(ctx context.Context, c *crowd) (delays, error) {
	others := c.door.receivers(len(c.conns))
	interval := time.Duration(float64(others) / float64(p.deliveries) * float64(time.Second))
	senders := c.senders(paceSenders)
	list := make(delays, 0, p.messages*others)
	take := func(one *conn, data []byte) error {
		now := c.now()
		return c.door.read(one, data, c.size, func(m message) error {
			list = append(list, now-m.due)
			return nil
		})
	}
	sent, due, moved := 0, c.now(), c.now()
	for len(list) < p.messages*others {
		for sent < p.messages && due <= c.now() {
			if err := c.post(senders[sent%len(senders)], due); err != nil {
				return nil, err
			}
			sent++
			due += interval
		}
		if sent < p.messages {
			if err := c.poll.wake(due - c.now()); err != nil {
				return nil, err
			}
		}
		before := len(list)
		if _, err := c.step(ctx, tick, take); err != nil {
			return nil, err
		}
		if len(list) != before {
			moved = c.now()
		} else if c.now()-moved > patience {
			return nil, fmt.Errorf("nothing arrives any more: %d of %d deliveries", len(list), p.messages*others)
		}
	}
	slices.Sort(list)
	return list, nil
}
