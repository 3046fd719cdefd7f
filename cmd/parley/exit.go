package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley"
)

// The exit statuses. Scripts rely on them.
const (
	statusOK          = 0
	statusFailure     = 1
	statusUsage       = 2
	statusInterrupted = 130 // 128 and the number of SIGINT, as shells have it
)

// exitError is an error that chooses the exit status.
type exitError struct {
	status int
	err    error // nil: there is nothing to say
}

// Error gives what there is to say.
func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.err.Error()
}

// Unwrap gives the cause.
func (e *exitError) Unwrap() error { return e.err }

// markRun makes every error that command, or one below it, returns from its work an *exitError, statusFailure where it
// says nothing else. Errors without one are then cobra's own, about wrong usage.
func markRun(command *cobra.Command) {
	for _, below := range command.Commands() {
		markRun(below)
	}
	work := command.RunE
	command.RunE = func(cmd *cobra.Command, args []string) error {
		err := work(cmd, args)
		if _, chosen := errors.AsType[*exitError](err); err == nil || chosen {
			return err
		}
		return &exitError{status: statusFailure, err: err}
	}
}

// report tells err to the user, in one line and, when they used command wrongly, another that says where to look. It
// gives the exit status.
func report(out io.Writer, command *cobra.Command, err error) int {
	if err == nil {
		return statusOK
	}
	end, chosen := errors.AsType[*exitError](err)
	if !chosen {
		end = &exitError{status: statusUsage, err: err}
	}
	if end.err == nil {
		return end.status
	}
	fmt.Fprintf(out, "parley: %s\n", parley.CleanLine(sentence(err)))
	if end.status == statusUsage {
		fmt.Fprintf(out, "see %s --help\n", command.CommandPath())
	}
	return end.status
}

// sentence gives what a person is told of err: the sentence of an error that has one, which says all they can do
// something about, and the whole of any other.
func sentence(err error) string {
	if told, ok := errors.AsType[*parley.Error](err); ok {
		return told.Sentence
	}
	return err.Error()
}

// flagError words an error about a flag: which flag, and what is wrong with its value.
func flagError(_ *cobra.Command, err error) error {
	bad, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return err
	}
	wanted := ""
	switch bad.GetFlag().Value.Type() { // those that are not ours say it in the words of Go
	case "int", "int64":
		wanted = "a number"
	case "duration":
		wanted = "a time such as 30s or 5m"
	case "bool":
		wanted = "true or false"
	default:
		return fmt.Errorf("--%s: %w", bad.GetFlag().Name, errors.Unwrap(bad))
	}
	return fmt.Errorf("--%s: takes %s, not %q", bad.GetFlag().Name, wanted, bad.GetValue())
}

// noArguments refuses arguments that are no flags.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes flags only, not %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// knownCommand refuses what cobra has taken for an argument of a command that has others below it: the name of one that
// does not exist.
func knownCommand(group *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if group.SuggestionsMinimumDistance == 0 {
		group.SuggestionsMinimumDistance = 2
	}
	similar, hint := group.SuggestionsFor(args[0]), ""
	begins := func(name string) bool { return strings.HasPrefix(name, args[0]) }
	if slices.ContainsFunc(similar, begins) { // then it was cut short, not mistyped
		similar = slices.DeleteFunc(similar, func(name string) bool { return !begins(name) })
	}
	if len(similar) > 0 {
		hint = "; did you mean " + strings.Join(similar, " or ") + "?"
	}
	name := args[0]
	if group.HasParent() {
		name = group.Name() + " " + name
	}
	return fmt.Errorf("there is no command %q%s", name, hint)
}
