package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"parley"
	"parley/admin"
	"parley/server"
)

const userLong = `User manages the accounts of a server, by its data directory and on its machine. While the server
runs, the command goes through it, so that what is changed is in effect at once. Otherwise, also before the server has
ever been started, it opens the directory itself.

A password has 3 characters to 1024 bytes, any of them; nothing is trimmed. It is asked for on the terminal, where it is
not shown, or with --password-stdin read from standard input up to its end, but for one line break there. With
--one-time it is made at random and shown; whoever logs in with it has to choose one of their own, and can do nothing
else before.

With --json each account is one JSON object on a line of its own.

The exit status is 0 when it is done, 1 when it was refused or failed, 2 for wrong usage and 130 when it was broken
off.`

const userExample = `  parley user add alice --role owner
  printf %s "$PASSWORD" | parley user passwd alice --password-stdin
  parley user passwd bob --one-time
  parley user import class.csv --slips slips.html --url http://192.168.1.5:7275
  parley user list --json
  parley user disable alice --data /srv/parley`

// userFlags are the flags of every command below `parley user`.
type userFlags struct {
	data string
	json bool
}

// newUserCommand makes `parley user` and the commands below it.
func newUserCommand() *cobra.Command {
	f := &userFlags{}
	command := &cobra.Command{
		Use:     "user",
		Short:   "manage accounts",
		Long:    userLong,
		Example: userExample,
		Args:    knownCommand,
	}
	flags := command.PersistentFlags()
	flags.StringVar(&f.data, "data", "", "the server's data `DIR` (default the user's data directory)")
	flags.BoolVar(&f.json, "json", false, "write accounts as JSON")
	command.AddCommand(newUserAddCommand(f), newUserImportCommand(f), newUserPasswdCommand(f), newUserListCommand(f), newUserDisableCommand(f),
		newUserEnableCommand(f), newUserRemoveCommand(f), newUserRoleCommand(f))
	command.RunE = func(*cobra.Command, []string) error {
		var names []string
		for _, below := range command.Commands() {
			names = append(names, below.Name())
		}
		err := fmt.Errorf("user is followed by what to do: %s", strings.Join(names, ", "))
		return &exitError{status: statusUsage, err: err}
	}
	return command
}

// with opens the accounts for work.
func (f *userFlags) with(ctx context.Context, cmd *cobra.Command, work func(admin.Keeper) error) error {
	log := newLogger(cmd.ErrOrStderr(), "text", "error")
	keeper, done, err := server.OpenAccounts(ctx, f.data, server.Environment{Log: log})
	if err == nil {
		err = errors.Join(work(keeper), done())
	} else if parley.CodeOf(err) == parley.CodeInvalid {
		return &exitError{status: statusUsage, err: err}
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return &exitError{status: statusInterrupted}
	}
	return err
}

// report tells what was done to an account: a sentence, or with --json the account.
func (f *userFlags) report(out io.Writer, account admin.Account, format string, args ...any) error {
	if f.json {
		return json.NewEncoder(out).Encode(account)
	}
	_, err := fmt.Fprintf(out, format+"\n", args...)
	return err
}

// oneName takes the name of an account.
func oneName(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s takes one name, and has %d arguments", cmd.CommandPath(), len(args))
	}
	return nil
}
