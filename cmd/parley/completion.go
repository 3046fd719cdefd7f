package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const completionLong = `Completion prints a script by which a shell completes what is typed after parley: commands, flags, and the
values of those that take one of a few words.

In bash, with the package bash-completion, for this shell alone or for all new ones:
  source <(parley completion bash)
  parley completion bash > ~/.local/share/bash-completion/completions/parley

In zsh, into a folder that is in $fpath:
  parley completion zsh > ~/.zsh/completions/_parley

In fish:
  parley completion fish > ~/.config/fish/completions/parley.fish

In PowerShell, in the file that $PROFILE names:
  parley completion powershell | Out-String | Invoke-Expression`

// shells are those that a script can be made for, each with what makes it.
var shells = map[string]func(*cobra.Command, io.Writer) error{
	"bash":       func(root *cobra.Command, out io.Writer) error { return root.GenBashCompletionV2(out, true) },
	"zsh":        func(root *cobra.Command, out io.Writer) error { return root.GenZshCompletion(out) },
	"fish":       func(root *cobra.Command, out io.Writer) error { return root.GenFishCompletion(out, true) },
	"powershell": func(root *cobra.Command, out io.Writer) error { return root.GenPowerShellCompletionWithDesc(out) },
}

// newCompletionCommand makes `parley completion`.
func newCompletionCommand() *cobra.Command {
	names := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:       "completion " + strings.Join(names, "|"),
		Short:     "print a script that completes commands in a shell",
		Long:      completionLong,
		Example:   `  source <(parley completion bash)`,
		ValidArgs: names,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(names, args[0]) {
				return fmt.Errorf("completion takes the name of a shell: %s", strings.Join(names, ", "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return shells[args[0]](cmd.Root(), cmd.OutOrStdout()) },
	}
}

// markValues tells the completion what the flags of command, and of all below it, take, by the names of their values:
// one of a few words, a folder, a file. Whatever else stands on a command line is no file.
func markValues(command *cobra.Command) {
	command.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	command.LocalFlags().VisitAll(func(f *pflag.Flag) {
		_ = command.RegisterFlagCompletionFunc(f.Name, valuesOf(f)) // fails for a flag that has one: its group's
	})
	for _, below := range command.Commands() {
		markValues(below)
	}
}

// valuesOf gives what completes the values of a flag.
func valuesOf(f *pflag.Flag) cobra.CompletionFunc {
	switch kind, _ := pflag.UnquoteUsage(f); strings.ToLower(kind) {
	case "dir", "folder":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	case "file":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault)
	default:
		if words := strings.Split(kind, "|"); len(words) > 1 {
			return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
		}
		return cobra.NoFileCompletions
	}
}
