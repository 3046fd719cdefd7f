//go:build linux

package main

import (
	"context"
	"fmt"
	"time"
)

// flood is a load with a fixed number of messages in flight, as fast as the server goes. What it measures begins when
// warmUp is over and ends after duration, or before, when messages have been sent and have arrived (0 for no such end).
type flood struct {
	window   int
	messages int
	warmUp   time.Duration
	duration time.Duration
	verify   bool                          // read every line and hold it against what was sent; costs far more
	cpu      func() (time.Duration, error) // of the server, so far
}

// flow is what a flood measured.
type flow struct {
	messages   int
	deliveries int
	reads      int // that brought them
	elapsed    time.Duration
	serverCPU  time.Duration
	ownCPU     time.Duration
}

// run floods a crowd that has joined. When it returns without error, everything sent has arrived everywhere, once.
func (f flood) run(ctx context.Context, c *crowd) (flow, error) {
	r := &flooding{
		flood:   f,
		crowd:   c,
		window:  newWindow(len(c.conns), f.window, c.door.echo),
		senders: c.senders(f.window),
		witness: newWitness(c),
	}
	if err := r.until(ctx, c.now()+f.warmUp); err != nil {
		return flow{}, err
	}
	begin, err := r.reading()
	if err != nil {
		return flow{}, err
	}
	if err := r.until(ctx, c.now()+f.duration); err != nil {
		return flow{}, err
	}
	end, err := r.reading()
	if err != nil {
		return flow{}, err
	}
	if err := r.drain(ctx); err != nil {
		return flow{}, err
	}
	if f.verify {
		err = r.witness.verdict(c.conns)
	}
	return end.since(begin), err
}

// since gives what lies between two readings.
func (f flow) since(begin flow) flow {
	return flow{
		messages:   f.messages - begin.messages,
		deliveries: f.deliveries - begin.deliveries,
		reads:      f.reads - begin.reads,
		elapsed:    f.elapsed - begin.elapsed,
		serverCPU:  f.serverCPU - begin.serverCPU,
		ownCPU:     f.ownCPU - begin.ownCPU,
	}
}

// flooding is a flood under way.
type flooding struct {
	flood
	crowd      *crowd
	window     *window
	senders    []*conn
	witness    *witness
	deliveries int
	reads      int
	moved      time.Duration // when something last arrived
}

// reading tells where the counts stand.
func (r *flooding) reading() (flow, error) {
	cpu, err := r.cpu()
	return flow{
		messages:   r.window.sent,
		deliveries: r.deliveries,
		reads:      r.reads,
		elapsed:    r.crowd.now(),
		serverCPU:  cpu,
		ownCPU:     ownCPU(),
	}, err
}

// until keeps the window full until a moment of the crowd's clock, or until all messages have been sent and have
// arrived.
func (r *flooding) until(ctx context.Context, end time.Duration) error {
	r.moved = r.crowd.now()
	for r.crowd.now() < end {
		for r.window.open() && !r.allSent() {
			one := r.senders[r.window.sent%len(r.senders)]
			if err := r.crowd.post(one, r.crowd.now()); err != nil {
				return err
			}
			r.window.posted(one.index)
		}
		if err := r.step(ctx); err != nil {
			return err
		}
		if r.allSent() && r.window.empty() {
			return nil
		}
	}
	return nil
}

func (r *flooding) allSent() bool { return r.messages > 0 && r.window.sent == r.messages }

// drain waits for what is in flight.
func (r *flooding) drain(ctx context.Context) error {
	r.moved = r.crowd.now()
	for !r.window.empty() {
		if err := r.step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// step takes what has come, and gives up when nothing has for long.
func (r *flooding) step(ctx context.Context) error {
	before := r.deliveries
	if _, err := r.crowd.step(ctx, tick, r.take); err != nil {
		return err
	}
	switch now := r.crowd.now(); {
	case r.deliveries != before:
		r.moved = now
	case now-r.moved > patience:
		return fmt.Errorf("nothing arrives any more: %d of %d messages have reached everybody",
			r.window.low, r.window.sent)
	}
	return nil
}

// take counts what came for one connection.
func (r *flooding) take(one *conn, data []byte) error {
	n, err := r.count(one, data)
	if err != nil {
		return err
	}
	r.deliveries += n
	r.reads++
	return r.window.received(one.index, n)
}

// count tells how many messages data completes for one connection.
func (r *flooding) count(one *conn, data []byte) (int, error) {
	if r.verify {
		return r.witness.take(one, data)
	}
	return r.crowd.door.count(one, data)
}
