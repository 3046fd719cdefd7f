package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"parley/admin"
)

// newUserListCommand makes `parley user list`.
func newUserListCommand(f *userFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "show all accounts",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), cmd, func(k admin.Keeper) error {
				all, err := k.List(cmd.Context())
				if err != nil {
					return err
				}
				if f.json {
					return listJSON(cmd.OutOrStdout(), all)
				}
				return listTable(cmd.OutOrStdout(), all)
			})
		},
	}
}

// listJSON writes accounts for programs, one a line.
func listJSON(out io.Writer, all []admin.Account) error {
	lines := json.NewEncoder(out)
	for _, a := range all {
		if err := lines.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

// listTable writes accounts for people.
func listTable(out io.Writer, all []admin.Account) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tROLE\tSINCE\tSTATE")
	for _, a := range all {
		state := "enabled"
		switch {
		case a.Disabled:
			state = "disabled"
		case a.OneTime:
			state = "one-time password"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", a.Name, a.Role, a.Created.Local().Format(time.DateOnly), state)
	}
	return table.Flush()
}
