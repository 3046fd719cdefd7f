package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"parley/capture"
	"parley/client"
)

// ownCapture is what --capture of serve and join does: their own packets go into a file.
type ownCapture struct {
	path string // "" for none

	running *capturing
	stop    context.CancelFunc
	done    sync.WaitGroup
	failed  error
}

// allowed fails where it cannot be done, before anything has begun. Without --capture it is nil.
func (o *ownCapture) allowed() error {
	if o.path == "" {
		return nil
	}
	return capture.Allowed()
}

// begin begins to capture, if it was asked for.
func (o *ownCapture) begin(command string, on []capture.Interface, hosts []netip.Addr, ports []uint16, tell io.Writer) error {
	filter, err := capture.NewFilter(hosts, ports)
	if err != nil {
		return err
	}
	o.running, err = beginCapture(&captureFile{path: o.path}, tell, capture.Options{
		Interfaces: on, Filter: filter, About: aboutCapture([]string{command, "--capture", o.path}),
	})
	if err != nil {
		return err
	}
	var ctx context.Context
	ctx, o.stop = context.WithCancel(context.Background())
	o.done.Go(func() { o.failed = o.running.recorder.Run(ctx) })
	return nil
}

// end ends it, and says what was captured. It does nothing where nothing was begun.
func (o *ownCapture) end() error {
	if o.running == nil {
		return nil
	}
	o.stop()
	o.done.Wait()
	return errors.Join(o.failed, o.running.end())
}

// lineLogger makes a line of the log of each write.
type lineLogger struct{ log *slog.Logger }

// Write logs a line.
func (l lineLogger) Write(line []byte) (int, error) {
	l.log.Info(strings.TrimSuffix(string(line), "\n"))
	return len(line), nil
}

// beginAtListeners captures what comes to and goes from listeners.
func (o *ownCapture) beginAtListeners(addresses []netip.AddrPort, tell io.Writer) error {
	if o.path == "" {
		return nil
	}
	var on []capture.Interface
	var hosts []netip.Addr
	var ports []uint16
	everywhere := false
	for _, a := range addresses {
		here, err := capture.ListeningAt(a.Addr())
		if err != nil {
			return err
		}
		for _, i := range here {
			if !slices.ContainsFunc(on, func(o capture.Interface) bool { return o.Index == i.Index }) {
				on = append(on, i)
			}
		}
		everywhere = everywhere || a.Addr().IsUnspecified()
		hosts, ports = append(hosts, a.Addr()), append(ports, a.Port())
	}
	if everywhere { // then its addresses are those of all interfaces, also those to come
		hosts = nil
	}
	return o.begin("serve", on, hosts, ports, tell)
}

// beginToward captures what goes to a server and comes from it. On roster:// that is what goes from peer to peer too, so
// there the ports choose.
func (o *ownCapture) beginToward(ctx context.Context, target client.Target, tell io.Writer) error {
	if o.path == "" {
		return nil
	}
	hosts, err := resolve(ctx, []string{target.Host})
	if err != nil {
		return err
	}
	ports := []uint16{target.Port}
	var on []capture.Interface
	for _, h := range hosts {
		i, err := capture.Toward(h)
		if err != nil {
			continue // of several addresses, those that cannot be reached are not used
		}
		if !slices.ContainsFunc(on, func(o capture.Interface) bool { return o.Index == i.Index }) {
			on = append(on, i)
		}
	}
	if len(on) == 0 {
		_, err := capture.Toward(hosts[0])
		return err
	}
	if target.DirectPort != 0 {
		hosts, ports = nil, append(ports, target.DirectPort)
	}
	return o.begin("join", on, hosts, ports, tell)
}
