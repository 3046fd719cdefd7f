package tap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

const (
	// dialTimeout is how long the target has to answer.
	dialTimeout = 10 * time.Second
	// maxRelayed is how many connections are passed on at once; more wait to be accepted.
	maxRelayed = 1000
)

// Relay stands between programs and their server, passes on what they send, unchanged, and tells a Tap (Run). Each connection to it is one
// to the server.
type Relay struct {
	listener net.Listener
	target   string
	tap      *Tap // since Run
	notice   func(string)
	places   chan struct{}
	passing  sync.WaitGroup
}

// NewRelay listens at an address for what is to be passed on to a target, both HOST:PORT. Notice is given sentences on who comes and
// goes, by any goroutine. The error is a sentence.
func NewRelay(ctx context.Context, address, target string, notice func(string)) (*Relay, error) {
	if _, _, err := net.SplitHostPort(target); err != nil {
		return nil, fmt.Errorf("the target is written HOST:PORT, such as 127.0.0.1:8001: %w", err)
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, fmt.Errorf("where to listen is written HOST:PORT, such as 127.0.0.1:9001: %w", err)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, innermost(err))
	}
	return &Relay{
		listener: listener, target: target, notice: notice, places: make(chan struct{}, maxRelayed),
	}, nil
}

// Addr is where the relay listens.
func (r *Relay) Addr() net.Addr { return r.listener.Addr() }

// Close ends a Relay that was not run.
func (r *Relay) Close() { _ = r.listener.Close() }

// Run passes on, and tells t, until ctx ends; then all connections are closed. It returns when nothing goes on any more, with nil, or with why
// nobody more can be accepted. It is called once.
func (r *Relay) Run(ctx context.Context, t *Tap) error {
	r.tap = t
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { _ = r.listener.Close() })
	defer stop()
	defer r.passing.Wait()
	defer cancel()
	for {
		select {
		case r.places <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		nc, err := r.listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = nc.Close()
			}
			return nil
		case err != nil:
			_ = r.listener.Close()
			return fmt.Errorf("cannot accept connections any more: %w", err)
		}
		r.passing.Go(func() {
			defer func() { <-r.places }()
			r.pass(ctx, nc)
		})
	}
}

// pass passes on one connection, and closes it.
func (r *Relay) pass(ctx context.Context, nc net.Conn) {
	client := r.tap.Conn(nc, Role{Accepted: true})
	defer client.Close()
	who := nc.RemoteAddr().String()
	dialer := net.Dialer{Timeout: dialTimeout}
	to, err := dialer.DialContext(ctx, "tcp", r.target)
	if err != nil {
		if ctx.Err() == nil {
			r.notice(fmt.Sprintf("%s came, but %s cannot be reached: %v", who, r.target, innermost(err)))
		}
		return
	}
	server := r.tap.Conn(to, Role{})
	defer server.Close()
	r.notice(fmt.Sprintf("%s came, and goes on to %s as %s", who, r.target, to.LocalAddr()))
	stop := context.AfterFunc(ctx, func() {
		_ = client.Close()
		_ = server.Close()
	})
	defer stop()
	var up, down int64
	var both sync.WaitGroup
	both.Go(func() { up = carry(server, client) })
	both.Go(func() { down = carry(client, server) })
	both.Wait()
	r.notice(fmt.Sprintf("%s is gone: %d bytes to the server, %d bytes back", who, up, down))
}

// carry copies from one to the other until the end, which it passes on: the end of what is sent, or at once a connection that is
// broken. It gives how many bytes were passed on.
func carry(to, from net.Conn) (carried int64) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if _, failed := to.Write(buffer[:n]); failed != nil {
				breakOff(from)
				breakOff(to)
				return carried
			}
			carried += int64(n)
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			if half, ok := to.(interface{ CloseWrite() error }); ok {
				_ = half.CloseWrite()
			}
			return carried
		default:
			breakOff(to)
			return carried
		}
	}
}

// breakOff resets a connection, so that its other end knows that it was broken and did not end.
func breakOff(c net.Conn) {
	if wrapped, ok := c.(interface{ NetConn() net.Conn }); ok {
		if tcp, ok := wrapped.NetConn().(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
	}
	_ = c.Close()
}

// innermost gives the cause of an error of package net, without the addresses around it.
func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
