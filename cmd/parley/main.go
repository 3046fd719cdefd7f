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
	ctx, release := interruptible(context.Background(), os.Exit)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	release()
	os.Exit(status)
}

// run is the whole program, with its exit status as the result.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := newRootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	command, err := root.ExecuteContextC(ctx)
	return report(errOut, command, err)
}

// newRootCommand makes the command with everything below it.
func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "parley",
		Short: "chat for your own network, in one binary",
		Long: `Parley is chat for your own network: one server for netcat, for classroom socket programs and for its own
client.

Without a command, on a terminal, parley asks whether to host or to join.`,
		Args:              knownCommand,
		RunE:              runWizard,
		Version:           version(),
		SilenceErrors:     true, // report prints them
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetVersionTemplate("parley {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newServeCommand(), newJoinCommand(), newVersionCommand(),
		newLoginCommand(), newLogoutCommand(), newPostCommand(), newTailCommand(), newHistoryCommand(),
		newRoomsCommand(), newRoomCommand(), newWhoCommand(), newMeCommand())
	for _, command := range append(root.Commands(), root) {
		markRun(command)
	}
	// On Windows a double click is how people start it, and the questions are what they then get; without this cobra
	// would tell them to use a command line.
	cobra.MousetrapHelpText = ""
	return root
}
