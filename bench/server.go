//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// server is a server that is measured.
type server struct {
	address netip.AddrPort
	process process
	stop    func() error // ends it, if it is ours
}

const (
	// startTimeout is how long a server may take until its port answers.
	startTimeout = 20 * time.Second
	// stopTimeout is how long it may take to end in order.
	stopTimeout = 20 * time.Second
)

// build makes the server's binary in dir and gives its path.
func build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "parley")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "parley/cmd/parley")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the server cannot be built: %w\n%s", err, out)
	}
	return path, nil
}

// startServer runs a server's binary with one door on a free port of loopback, with a new folder in dir for its data, and waits until
// it answers.
func startServer(ctx context.Context, d *door, binary, dir string, clients int) (*server, error) {
	data, err := os.MkdirTemp(dir, "bench-")
	if err != nil {
		return nil, err
	}
	address, err := freePort()
	if err != nil {
		return nil, err
	}
	listener := fmt.Sprintf(d.url+"?per-address=0&flood=off&clients=%d", address, clients)
	return launch(ctx, exec.Command(binary, "serve", "--listen", listener, "--data", filepath.Join(data, "data")), address, data)
}

// launch starts a program and waits until it answers at its address. What it prints goes to a file in its folder, which is
// removed when it is stopped, and whose end is in the error when it does not start.
func launch(ctx context.Context, cmd *exec.Cmd, address netip.AddrPort, folder string) (*server, error) {
	printed, err := os.Create(filepath.Join(folder, "printed"))
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = printed, printed
	if err := errors.Join(cmd.Start(), printed.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", cmd.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	s := &server{address: address, process: process(cmd.Process.Pid)}
	s.stop = func() error { return errors.Join(end(cmd.Process, ended), os.RemoveAll(folder)) }
	if err := s.await(ctx, ended); err != nil {
		text, _ := os.ReadFile(printed.Name()) // without it the error is still one
		return nil, errors.Join(fmt.Errorf("%s does not start: %w\n%s", cmd, err, text), s.stop())
	}
	return s, nil
}

// freePort gives a port of loopback that nobody has now.
func freePort() (netip.AddrPort, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, err
	}
	return l.Addr().(*net.TCPAddr).AddrPort(), l.Close()
}

// await tries to connect until it works or the process has ended.
func (s *server) await(ctx context.Context, ended chan error) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	try := time.NewTicker(20 * time.Millisecond)
	defer try.Stop()
	for {
		one, err := net.Dial("tcp", s.address.String())
		if err == nil {
			return one.Close()
		}
		select {
		case <-try.C:
		case end := <-ended:
			ended <- end // for stop
			return fmt.Errorf("it ended: %w", errors.Join(end, err))
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// end asks a process to stop, and makes it when it does not.
func end(p *os.Process, ended chan error) error {
	if err := p.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	timeout := time.NewTimer(stopTimeout)
	defer timeout.Stop()
	select {
	case err := <-ended:
		return err
	case <-timeout.C:
		return errors.Join(fmt.Errorf("the server did not stop within %s", stopTimeout), p.Kill(), <-ended)
	}
}
