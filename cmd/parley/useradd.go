package main

import (
	"github.com/spf13/cobra"

	"parley"
	"parley/admin"
)

// accountRole is a flag for the role of an account.
type accountRole struct{ parley.Role }

// Set takes a role that an account can have.
func (r *accountRole) Set(text string) error {
	c := choice{words: []string{string(parley.RoleMember), string(parley.RoleModerator), string(parley.RoleOwner)}}
	if err := c.Set(text); err != nil {
		return err
	}
	r.Role = parley.Role(c.value)
	return nil
}

// String gives the role.
func (r *accountRole) String() string { return string(r.Role) }

// Type names the value in the help.
func (r *accountRole) Type() string { return "member|moderator|owner" }

// newUserAddCommand makes `parley user add`.
func newUserAddCommand(f *userFlags) *cobra.Command {
	role := accountRole{parley.RoleMember}
	var password passwordFlag
	command := &cobra.Command{
		Use:   "add NAME",
		Short: "make an account",
		Args:  oneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := parley.ParseName(args[0])
			if err != nil {
				return err // before a password is asked for
			}
			secret, err := password.read(cmd, "password for "+string(name))
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), cmd, func(k admin.Keeper) error {
				account, err := k.Add(cmd.Context(), string(name), secret, role.Role)
				if err != nil {
					return err
				}
				return f.report(cmd.OutOrStdout(), account, "%s has an account now, as %s", account.Name, account.Role)
			})
		},
	}
	command.Flags().Var(&role, "role", "what the account may do")
	password.define(command.Flags())
	return command
}

// newUserPasswdCommand makes `parley user passwd`.
func newUserPasswdCommand(f *userFlags) *cobra.Command {
	var password passwordFlag
	command := &cobra.Command{
		Use:   "passwd NAME",
		Short: "give an account another password; whoever is logged in with it has to log in again",
		Args:  oneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			secret, err := password.read(cmd, "new password for "+parley.CleanLine(args[0]))
			if err != nil {
				return err
			}
			return f.change(cmd, args[0], admin.Change{Password: &secret}, "%s has another password now")
		},
	}
	password.define(command.Flags())
	return command
}
