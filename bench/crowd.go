//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// crowd is everybody in the room. Its methods are for one goroutine.
type crowd struct {
	door  *door
	conns []*conn
	poll  *poller
	buf   []byte
	line  []byte    // what is sent, made anew each time
	start time.Time // when its clock was started
	size  int       // bytes of a message's text
}

const (
	// readBuffer is how much one read takes: what gathers in a socket while the others have their turn, and little
	// enough to stay in the processor's cache.
	readBuffer = 64 << 10
	// tick is how often a loop that waits looks at the clock and its context.
	tick = 100 * time.Millisecond
	// patience is how long everything may stand still before the load gives up.
	patience = 20 * time.Second
)

// newCrowd makes an empty crowd that comes by a door, and whose messages have size bytes.
func newCrowd(d *door, size int) (*crowd, error) {
	if size < minSize {
		return nil, fmt.Errorf("a message of the load has at least %d bytes", minSize)
	}
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	return &crowd{door: d, poll: p, buf: make([]byte, readBuffer), start: time.Now(), size: size}, nil
}

func (c *crowd) now() time.Duration { return time.Since(c.start) }

func (c *crowd) close() error {
	errs := []error{c.poll.close()}
	for _, one := range c.conns {
		errs = append(errs, one.close())
	}
	return errors.Join(errs...)
}

// connect makes it n connections, each of which says hello, without waiting for the server to say anything.
func (c *crowd) connect(ctx context.Context, address netip.AddrPort, n int) error {
	for i := len(c.conns); i < n; i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		one, err := dial(address, i)
		if err != nil {
			return err
		}
		c.conns = append(c.conns, one)
		if err := c.poll.add(one.fd, i); err != nil {
			return err
		}
		if c.door.hello != nil {
			if err := one.write(c.door.hello(nil)); err != nil {
				return err
			}
		}
	}
	return nil
}

// step waits for at most timeout, reads once from everybody who has something, and hands that to take, which must not
// keep it. It reports whether the timer went off.
func (c *crowd) step(ctx context.Context, timeout time.Duration, take func(*conn, []byte) error) (woken bool, err error) {
	events, err := c.poll.wait(timeout)
	if err != nil {
		return false, err
	}
	for i := range events {
		if events[i].Fd == timerToken {
			c.poll.clearWake()
			woken = true
			continue
		}
		one := c.conns[events[i].Fd]
		data, err := one.read(c.buf)
		if err != nil {
			return woken, err
		}
		if err := take(one, data); err != nil {
			return woken, err
		}
	}
	return woken, ctx.Err()
}

// post sends the next message of one connection.
func (c *crowd) post(one *conn, due time.Duration) error {
	m := message{sender: uint16(one.index), number: one.sent, due: due}
	c.line = c.door.post(c.line[:0], m, c.size)
	one.sent++
	return one.write(c.line)
}

// join waits until everybody is in the room and no message is under way.
func (c *crowd) join(ctx context.Context) error {
	if c.door.hello == nil {
		return c.soundOut(ctx)
	}
	moved, before := c.now(), 0
	for {
		n := 0
		for _, one := range c.conns {
			if one.joined {
				n++
			}
		}
		if n == len(c.conns) {
			return nil
		}
		if n > before {
			moved, before = c.now(), n
		}
		if c.now()-moved > patience {
			return fmt.Errorf("not everybody got into the room: %d of %d", n, len(c.conns))
		}
		if _, err := c.step(ctx, tick, takeJoined); err != nil {
			return err
		}
	}
}

// soundOut is join where the server may say that somebody is welcome before they are: probes are sent until one has reached
// all others, and since then, everything before it has too. A last one from somebody else is for the first sender.
func (c *crowd) soundOut(ctx context.Context) error {
	number := 1
	for deadline := c.now() + patience; ; number++ {
		all, err := c.sound(ctx, c.conns[0], number, time.Second)
		if err != nil {
			return err
		}
		if all {
			break
		}
		if c.now() > deadline {
			return fmt.Errorf("not everybody got into the room: %d of %d saw a message", c.seen(1), len(c.conns)-1)
		}
	}
	all, err := c.sound(ctx, c.conns[1], number+1, patience)
	if err == nil && !all {
		err = errors.New("the first connection is not in the room")
	}
	return err
}

// sound sends one probe and reports whether it reached everybody else in time.
func (c *crowd) sound(ctx context.Context, from *conn, number int, timeout time.Duration) (bool, error) {
	if err := from.write(fmt.Appendf(nil, "probe %d\n", number)); err != nil {
		return false, err
	}
	deadline := c.now() + timeout
	for c.seen(number) < len(c.conns)-1 && c.now() < deadline {
		if _, err := c.step(ctx, tick, takeProbe); err != nil {
			return false, err
		}
	}
	return c.seen(number) == len(c.conns)-1, nil
}

// seen counts who has seen a probe, or a later one.
func (c *crowd) seen(number int) int {
	n := 0
	for _, one := range c.conns {
		if one.probe >= number {
			n++
		}
	}
	return n
}

// takeProbe looks for probes in what comes; greetings and notices beside them are nothing to it.
func takeProbe(one *conn, data []byte) error {
	return one.lines(data, func(line []byte) error {
		if i := bytes.Index(line, []byte(" :probe ")); i >= 0 {
			_, err := fmt.Sscanf(string(line[i:]), " :probe %d", &one.probe)
			return err
		}
		return nil
	})
}

// senders gives the first n connections, or all.
func (c *crowd) senders(n int) []*conn { return c.conns[:min(n, len(c.conns))] }

// ownCPU is the processor time that this process has used.
func ownCPU() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
