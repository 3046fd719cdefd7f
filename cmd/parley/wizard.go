package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/spf13/cobra"
)

// errInputEnded says that nobody answered all questions.
var errInputEnded = errors.New("the input ended before every question was answered")

// runWizard asks what to do, shows the command that does it, and runs it. Without a terminal it can only tell what
// commands there are.
func runWizard(cmd *cobra.Command, left *leftovers) error {
	in, out := cmd.InOrStdin(), cmd.OutOrStdout()
	if !isTerminal(in) || !isTerminal(out) {
		cmd.SetOut(cmd.ErrOrStderr())
		_ = cmd.Help() // it only fails to write
		return &exitError{status: statusUsage}
	}
	keys := newKeyboard(in.(*os.File)) // as every terminal is
	given, err := newWizard(keys, out).ask(cmd.Context())
	if err != nil {
		return err
	}
	args := given.args()
	fmt.Fprintf(out, "The command for this is: parley %s\n\n", commandLine(args))
	root := newRootCommand(left)
	root.SetArgs(args)
	root.SetIn(keys)
	root.SetOut(out)
	root.SetErr(cmd.ErrOrStderr())
	return root.ExecuteContext(cmd.Context())
}

// wizard asks questions on a terminal, in forms, or one after the other in plain lines for screen readers.
type wizard struct {
	in         *keyboard
	out        io.Writer
	accessible bool
}

// ask asks everything.
func (w wizard) ask(ctx context.Context) (answers, error) {
	given := usual
	what := huh.NewGroup(huh.NewSelect[bool]().Title("What would you like to do?").Options(
		huh.NewOption("host a chat on this machine", false),
		huh.NewOption("join a chat", true),
	).Value(&given.join))
	host := huh.NewGroup(
		w.input("Address", "127.0.0.1 is for this machine only, 0.0.0.0 for your whole network",
			&given.address, checkHost),
		w.input("Port", "a number up to 65535", &given.port, checkPort),
	).WithHideFunc(func() bool { return given.join })
	err := w.show(ctx, &given, what, host)
	if err == nil && given.join {
		given.url, err = w.askServer(ctx)
	}
	if err == nil && given.join {
		err = w.run(ctx, huh.NewGroup(w.input("Name", "what others see; may be left empty", &given.name, checkName)))
	}
	given.address = cmp.Or(strings.TrimSpace(given.address), usual.address)
	given.port = cmp.Or(strings.TrimSpace(given.port), usual.port)
	given.name = strings.TrimSpace(given.name)
	return given, err
}

// show shows the groups: both in one form, so that one can go back, but in plain lines, where huh does not know of
// hidden groups, each in a form of its own.
func (w wizard) show(ctx context.Context, given *answers, what, host *huh.Group) error {
	if !w.accessible {
		return w.run(ctx, what, host)
	}
	if err := w.run(ctx, what); err != nil || given.join {
		return err
	}
	return w.run(ctx, host)
}

// input makes a field that has its usual value filled in. In plain lines only the title is shown, and an empty answer
// takes the usual value.
func (w wizard) input(title, hint string, value *string, check func(string) error) huh.Field {
	if w.accessible {
		title += ", " + hint
		if *value != "" {
			title += " [" + *value + "]"
		}
		title += ":"
	}
	return huh.NewInput().Title(title).Description(hint).Value(value).Validate(check)
}

// run shows one form until it is filled in. When the user breaks it off, or ctx ends, the error is an *exitError that
// says nothing.
func (w wizard) run(ctx context.Context, groups ...*huh.Group) error {
	shortcuts := huh.NewDefaultKeyMap()
	shortcuts.Select.Filter.SetEnabled(false) // a few options need no search
	in := &formKeys{keyboard: w.in, over: make(chan struct{})}
	form := huh.NewForm(groups...).WithKeyMap(shortcuts).WithAccessible(w.accessible)
	// Signals end ctx; a second handler for them would wait for a form that has already gone.
	form.WithProgramOptions(tea.WithoutSignalHandler()).WithInput(in).WithOutput(w.out)
	if runtime.GOOS == "windows" {
		form.WithInput(w.in.file) // there forms read events, not bytes, and break off a read that waits
	}
	over := make(chan error, 1)
	go func() { over <- form.RunWithContext(ctx) }()
	var err error
	select {
	case err = <-over:
		close(in.over)
	case <-ctx.Done():
		close(in.over) // which is what ends a question in plain lines; the other kind of form ends with ctx
		err = <-over
	}
	switch {
	case ctx.Err() != nil || errors.Is(err, huh.ErrUserAborted):
		return &exitError{status: statusInterrupted}
	case err == nil && in.ended.Load():
		return errInputEnded
	}
	return err
}
