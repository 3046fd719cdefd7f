package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley/accounts"
)

// passwordFlag says where a password comes from: the terminal, or standard input, or chance.
type passwordFlag struct {
	stdin   bool
	oneTime bool // whoever logs in with it has to choose another
}

// define makes the flags.
func (p *passwordFlag) define(flags *pflag.FlagSet) {
	flags.BoolVar(&p.stdin, "password-stdin", false, "read the password from standard input")
	flags.BoolVar(&p.oneTime, "one-time", false,
		"make a password that is good for choosing another at the next login, and show it; or make that of --password-stdin one")
}

// made reports whether the password is made at random, so that the person has to be shown it.
func (p *passwordFlag) made() bool { return p.oneTime && !p.stdin }

// read gives a new password. On the terminal it is asked for twice, since nobody sees what they type.
func (p *passwordFlag) read(cmd *cobra.Command, question string) (string, error) {
	if p.stdin {
		return pipedPassword(cmd.Context(), cmd.InOrStdin())
	}
	if p.oneTime {
		return accounts.NewOneTimePassword(), nil
	}
	in, isFile := cmd.InOrStdin().(*os.File)
	if !isFile || !isTerminal(in) {
		err := errors.New("there is no terminal to ask for a password at; give it with --password-stdin")
		return "", &exitError{status: statusUsage, err: err}
	}
	hidden, err := hideInput(in, cmd.ErrOrStderr())
	if err != nil {
		return "", err
	}
	defer hidden.close()
	password, err := hidden.ask(cmd.Context(), question+": ")
	if err != nil {
		return "", err
	}
	if err := accounts.CheckPassword(password); err != nil {
		return "", err
	}
	again, err := hidden.ask(cmd.Context(), "once more: ")
	if err == nil && again != password {
		err = errors.New("the two passwords are not the same")
	}
	return password, err
}

// pipedPassword reads a password up to the end of the input, but for one line break there: programs that write one add
// it.
func pipedPassword(ctx context.Context, in io.Reader) (string, error) {
	type result struct {
		text []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		text, err := io.ReadAll(io.LimitReader(in, accounts.MaxPassword+3)) // enough to see that it is too long
		read <- result{text, err}
	}()
	select {
	case <-ctx.Done(): // reading goes on until the program ends
		return "", &exitError{status: statusInterrupted}
	case r := <-read:
		if r.err != nil {
			return "", fmt.Errorf("the password cannot be read: %w", r.err)
		}
		password, cut := strings.CutSuffix(string(r.text), "\n")
		if cut {
			password = strings.TrimSuffix(password, "\r")
		}
		return password, accounts.CheckPassword(password)
	}
}
