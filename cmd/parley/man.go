package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"parley"
)

const manLong = `Man prints the manual page of parley as the program man reads it. With DIR it writes the pages of all
commands into that directory, which it makes if need be: parley.1, parley-serve.1 and so on.`

const manExample = `  parley man | man -l -
  parley man ~/.local/share/man/man1`

// newManCommand makes `parley man`.
func newManCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man [DIR]",
		Short:   "print the manual page, or write those of all commands",
		Long:    manLong,
		Example: manExample,
		Args:    argumentsBetween(0, 1, "[DIR]"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return writePages(args[0], cmd.Root())
			}
			_, err := fmt.Fprint(cmd.OutOrStdout(), manualPage(cmd.Root()))
			return err
		},
	}
}

// writePages writes the pages of a command, and of all below it, into a directory. Pages that are there are replaced.
func writePages(dir string, command *cobra.Command) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make %s: %w", parley.CleanLine(dir), err)
	}
	file := filepath.Join(dir, pageName(command)+".1")
	if err := os.WriteFile(file, []byte(manualPage(command)), 0o644); err != nil {
		return err
	}
	for _, below := range documented(command) {
		if err := writePages(dir, below); err != nil {
			return err
		}
	}
	return nil
}

// documented gives the commands below one that are shown to people.
func documented(command *cobra.Command) []*cobra.Command {
	var shown []*cobra.Command
	for _, below := range command.Commands() {
		if below.IsAvailableCommand() && !below.IsAdditionalHelpTopicCommand() {
			shown = append(shown, below)
		}
	}
	return shown
}
