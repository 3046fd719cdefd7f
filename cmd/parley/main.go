// Command parley is chat for your own network: a server that every client can reach, and a client of its own.
//
// Each subcommand has a file of its own here and does its work in another package; this one parses, wires and exits.
// The exit status is 0 after an orderly end, 1 after a failure, 2 for wrong usage and 130 when the user broke it off.
package main

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	var left leftovers
	ctx, release := interruptible(context.Background(), func(status int) {
		left.clear(clearTimeout)
		os.Exit(status)
	})
	status := run(ctx, &left, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	release()
	os.Exit(status)
}

// run is the whole program, with its exit status as the result. left learns what has to be removed if it does not end in
// order.
func run(ctx context.Context, left *leftovers, args []string, in io.Reader, out, errOut io.Writer) int {
	root := newRootCommand(left)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	command, err := root.ExecuteContextC(ctx)
	return report(errOut, command, err)
}

// newRootCommand makes the command with everything below it.
func newRootCommand(left *leftovers) *cobra.Command {
	root := &cobra.Command{
		Use:   "parley",
		Short: "chat for your own network, in one binary",
		Long: `Parley is chat for your own network: one server for netcat, for classroom socket programs and for its own
client.

Without a command, on a terminal, parley asks whether to host or to join.`,
		Args:              knownCommand,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runWizard(cmd, left) },
		Version:           version(),
		SilenceErrors:     true, // report prints them
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true}, // ours has other words
	}
	root.SetVersionTemplate("parley {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newServeCommand(left), newJoinCommand(), newDoctorCommand(), newUserCommand(), newInviteCommand(),
		newVersionCommand(), newLoginCommand(), newLogoutCommand(), newClaimCommand(), newPostCommand(), newSendCommand(),
		newGetCommand(), newTailCommand(), newHistoryCommand(), newRoomsCommand(), newRoomCommand(), newWhoCommand(),
		newMeCommand(), newConnectionsCommand(), newCaptureCommand(), newTapCommand(), newExplainCommand(),
		newCompletionCommand(), newManCommand())
	markRun(root)
	markValues(root)
	// On Windows a double click is how people start it, and the questions are what they then get; without this cobra
	// would tell them to use a command line.
	cobra.MousetrapHelpText = ""
	return root
}
