package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"parley"
)

// The further exit statuses of the commands that ask a server something. docs/commands.md lists all of them.
const (
	statusDenied  = 3 // not logged in, or not allowed
	statusMissing = 4 // there is no such room, person, message, file or invite
)

// statusOf gives the exit status for an error.
func statusOf(err error) int {
	switch parley.CodeOf(err) {
	case parley.CodeUnauthorized, parley.CodePasswordNeeded, parley.CodeWrongPassword, parley.CodeNewPassword,
		parley.CodeForbidden, parley.CodeBanned:
		return statusDenied
	case parley.CodeNoSuchUser, parley.CodeNoSuchRoom, parley.CodeNoSuchMessage, parley.CodeNoSuchFile, parley.CodeNoSuchAccount,
		parley.CodeNoSuchInvite:
		return statusMissing
	}
	return statusFailure
}

// script is one run of a command that asks a server something.
type script struct {
	*session
	in     io.Reader
	out    io.Writer
	errOut io.Writer
	json   bool // answers are JSON, one value a line
}

// scripted makes the work of a command of f, which asks the server that where chooses. Its errors choose the exit status.
func scripted(where *serverFlags, f func(ctx context.Context, s *script, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := where.ask(cmd, func(ctx context.Context, s *script) error { return f(ctx, s, args) })
		return withStatus(cmd.Context(), err)
	}
}

// withStatus has an error choose the exit status. After Ctrl-C, ctx has ended and there is nothing to say.
func withStatus(ctx context.Context, err error) error {
	if _, chosen := errors.AsType[*exitError](err); err == nil || chosen {
		return err
	}
	if ctx.Err() != nil {
		return &exitError{status: statusInterrupted}
	}
	return &exitError{status: statusOf(err), err: err}
}

// tell writes an answer: as JSON, or in lines. Whatever came from a server is cleaned by then.
func (s *script) tell(answer any, lines ...string) error {
	text := strings.Join(lines, "\n")
	if s.json {
		encoded, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		text = string(encoded)
	}
	if text == "" {
		return nil
	}
	_, err := fmt.Fprintln(s.out, text)
	return err
}

// usage makes an error about wrong usage.
func usage(format string, args ...any) error {
	return &exitError{status: statusUsage, err: fmt.Errorf(format, args...)}
}

// argumentsBetween accepts from least to most arguments; shape says what they are.
func argumentsBetween(least, most int, shape string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || most >= 0 && len(args) > most {
			return fmt.Errorf("write %s %s", cmd.CommandPath(), shape)
		}
		return nil
	}
}
