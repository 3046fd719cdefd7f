//go:build linux

package main

import (
	"context"
	"net/netip"
	"time"
)

// settle is how long a server is left alone before its memory is read: long enough for it to notice that it is at rest.
const settle = 6 * time.Second

// footprint is how much of a server is in memory while so many connections do nothing.
type footprint struct {
	clients  int
	resident int64 // bytes
}

// idle measures a server with one client and then with each of counts, which ascend. The first one is not counted: for it the
// server touches code and sets up what it keeps for all.
func idle(ctx context.Context, c *crowd, address netip.AddrPort, p process, counts []int) ([]footprint, error) {
	var list []footprint
	for _, n := range append([]int{1}, counts...) {
		if err := c.connect(ctx, address, n); err != nil {
			return nil, err
		}
		if c.door.hello != nil {
			if err := c.join(ctx); err != nil {
				return nil, err
			}
		}
		if err := c.rest(ctx, settle); err != nil {
			return nil, err
		}
		resident, err := p.resident()
		if err != nil {
			return nil, err
		}
		list = append(list, footprint{n, resident})
	}
	return list, nil
}

// rest says nothing for a while and drops what comes: greetings. Somebody who is cut off is an error.
func (c *crowd) rest(ctx context.Context, d time.Duration) error {
	for end := c.now() + d; c.now() < end; {
		if _, err := c.step(ctx, tick, c.drop); err != nil {
			return err
		}
	}
	return nil
}

// drop counts nothing, and keeps what came last for the error, should the connection be closed next.
func (c *crowd) drop(one *conn, data []byte) error {
	if c.door.hello != nil {
		return one.frames(data, func([]byte) error { return nil }) // answers pings
	}
	if len(data) > 0 {
		one.rest = append(one.rest[:0], data...)
	}
	return nil
}
