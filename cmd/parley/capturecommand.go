package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"parley"
)

// statusNotFound is the exit status where there is no such command, as shells have it.
const statusNotFound = 127

// settle is how long a capture goes on when its command has ended: the other side's last acknowledgements are still on
// their way then.
const settle = 200 * time.Millisecond

// findCommand fails where there is no such command, before anything has begun.
func findCommand(name string) error {
	if _, err := exec.LookPath(name); err != nil {
		return &exitError{statusNotFound, fmt.Errorf("there is no command %q: %w", parley.CleanLine(name), err)}
	}
	return nil
}

// during captures while a command runs, though no longer than duration where it is more than 0. The error is an
// *exitError with the command's exit status where that is not 0.
func (c *capturing) during(ctx context.Context, in io.Reader, out io.Writer, words []string, duration time.Duration) error {
	// Signals are for the command. The capture ends with it, so what has ended ctx does not count here.
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if duration > 0 {
		var cancel context.CancelFunc
		running, cancel = context.WithTimeout(running, duration)
		defer cancel()
	}
	captured := make(chan error, 1)
	go func() { captured <- c.recorder.Run(running) }()
	status, failed := runCommand(in, out, c.tell, words)
	select {
	case <-running.Done(): // it has ended already
	case <-time.After(settle):
	}
	stop()
	if err := errors.Join(failed, <-captured, c.end()); err != nil {
		return err
	}
	if status != statusOK {
		return &exitError{status: status}
	}
	return nil
}

// runCommand runs a command and gives its exit status, 128 and the number of the signal where one has ended it. Signals
// that come to this program are passed on.
func runCommand(in io.Reader, out, errOut io.Writer, words []string) (status int, err error) {
	command := exec.Command(words[0], words[1:]...)
	command.Stdin, command.Stdout, command.Stderr = in, out, errOut
	signals := make(chan os.Signal, 8)
	signal.Reset(os.Interrupt, syscall.SIGTERM) // nobody else in this program acts on them any more
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := command.Start(); err != nil {
		return 0, fmt.Errorf("the command does not start: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for {
		select {
		case s := <-signals:
			if s == os.Interrupt && isTerminal(in) {
				continue // the terminal has sent it to both
			}
			_ = command.Process.Signal(s) // if not, it has just ended, or the system knows no such signal
		case err := <-ended:
			return exitStatusOf(command.ProcessState, err)
		}
	}
}

// exitStatusOf gives the exit status of a command that has ended.
func exitStatusOf(state *os.ProcessState, err error) (int, error) {
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		return 0, fmt.Errorf("the command cannot be waited for: %w", err)
	}
	if ended, ok := state.Sys().(syscall.WaitStatus); ok && ended.Signaled() {
		return 128 + int(ended.Signal()), nil
	}
	return state.ExitCode(), nil
}
