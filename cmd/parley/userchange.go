package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/admin"
)

// change changes an account and reports it in a sentence that has %s for its name.
func (f *userFlags) change(cmd *cobra.Command, name string, change admin.Change, sentence string) error {
	return f.with(cmd.Context(), cmd, func(k admin.Keeper) error {
		account, err := k.Change(cmd.Context(), name, change)
		if err != nil {
			return err
		}
		return f.report(cmd.OutOrStdout(), account, sentence, account.Name)
	})
}

// newUserDisableCommand makes `parley user disable`.
func newUserDisableCommand(f *userFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "disable NAME",
		Short: "let nobody log in with an account, and send away whoever is",
		Args:  oneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			disabled := true
			return f.change(cmd, args[0], admin.Change{Disabled: &disabled}, "%s cannot log in any more")
		},
	}
}

// newUserEnableCommand makes `parley user enable`.
func newUserEnableCommand(f *userFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "enable NAME",
		Short: "undo disable",
		Args:  oneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			disabled := false
			return f.change(cmd, args[0], admin.Change{Disabled: &disabled}, "%s can log in")
		},
	}
}

// newUserRoleCommand makes `parley user role`.
func newUserRoleCommand(f *userFlags) *cobra.Command {
	var role accountRole
	return &cobra.Command{
		Use:   "role NAME ROLE",
		Short: "make an account a member, moderator or owner",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return strings.Split(role.Type(), "|"), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("%s takes a name and a role, and has %d arguments", cmd.CommandPath(), len(args))
			}
			if err := role.Set(args[1]); err != nil {
				return fmt.Errorf("the role of an account %w", err)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.change(cmd, args[0], admin.Change{Role: &role.Role}, "%s is "+string(role.Role)+" now")
		},
	}
}

// newUserRemoveCommand makes `parley user remove`.
func newUserRemoveCommand(f *userFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME",
		Short: "remove an account; what it has said stays",
		Args:  oneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.with(cmd.Context(), cmd, func(k admin.Keeper) error {
				account, err := k.Remove(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return f.report(cmd.OutOrStdout(), account, "%s has no account any more", account.Name)
			})
		},
	}
}
