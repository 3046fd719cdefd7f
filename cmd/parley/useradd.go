package main

import (
	"encoding/json"
	"fmt"
	"io"

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
				add := k.Add
				if password.oneTime {
					add = k.AddOneTime
				}
				account, err := add(cmd.Context(), string(name), secret, role.Role)
				if err != nil {
					return err
				}
				told := fmt.Sprintf("%s has an account now, as %s", account.Name, account.Role)
				return f.reportPassword(cmd.OutOrStdout(), account, told, password, secret)
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
			return f.with(cmd.Context(), cmd, func(k admin.Keeper) error {
				account, err := k.Change(cmd.Context(), args[0], admin.Change{Password: &secret, OneTime: password.oneTime})
				if err != nil {
					return err
				}
				told := fmt.Sprintf("%s has another password now", account.Name)
				return f.reportPassword(cmd.OutOrStdout(), account, told, password, secret)
			})
		},
	}
	password.define(command.Flags())
	return command
}

// reportPassword is report, with the password where it was made at random: nobody else knows it.
func (f *userFlags) reportPassword(
	out io.Writer, account admin.Account, told string, password passwordFlag, secret string,
) error {
	switch {
	case !password.made():
		return f.report(out, account, "%s", told)
	case f.json:
		return json.NewEncoder(out).Encode(struct {
			admin.Account
			Password string `json:"password"`
		}{account, secret})
	}
	return f.report(out, account, "%s; one-time password: %s", told, secret)
}
