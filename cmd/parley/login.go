package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"parley"
	"parley/client"
	"parley/client/api"
	"parley/web/wire"
)

// loginFlags are the arguments of `parley login`.
type loginFlags struct {
	name     string
	guest    bool
	stdin    bool
	json     bool
	trust    trust
	terminal bool // somebody sits there and can be asked
}

// loginAnswer is what `parley login --json` tells. The token is not in it.
type loginAnswer struct {
	Server  string    `json:"server"`
	You     wire.Me   `json:"you"`
	Expires wire.Time `json:"expires"`
}

// tries is how often a password can be typed.
const tries = 3

// newLoginCommand makes the command that logs in.
func newLoginCommand() *cobra.Command {
	var f loginFlags
	cmd := &cobra.Command{
		Use:   "login URL",
		Short: "log in to a server, for the commands that ask it something",
		Long: `Login opens a session at a server and keeps it, so that post, tail, history, rooms, room, who and me
know where to ask and as whom. It lasts 30 days, a guest's 7. The password is asked for on the terminal,
and not shown; with --password-stdin it is read from standard input up to its end, but for one line break
there. With --guest there is none. Whoever logs in with a one-time password, one printed on a slip for
example, is asked on the terminal to choose a password of their own.

What is kept is a token, in logins.json in your folder for settings, which nobody else may read. The
environment overrides it: PARLEY_SERVER has the URL, PARLEY_TOKEN a token.`,
		Example: `  parley login http://127.0.0.1:7275 --name alice
  parley login https://chat.example:7275 --name bot --password-stdin < password.txt
  parley login http://127.0.0.1:7275 --guest --name visitor`,
		Args: argumentsBetween(1, 1, "URL, such as http://127.0.0.1:7275"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.terminal = isTerminal(cmd.InOrStdin())
			err := f.login(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
			return withStatus(cmd.Context(), err)
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.name, "name", "", "the name of your account, or that a guest is known by")
	flags.BoolVar(&f.guest, "guest", false, "come as a guest, without an account")
	flags.BoolVar(&f.stdin, "password-stdin", false, "read the password from standard input, one line")
	flags.BoolVar(&f.json, "json", false, "answer in JSON")
	f.trust.addFlags(cmd)
	cmd.MarkFlagsMutuallyExclusive("guest", "password-stdin")
	return cmd
}

// login logs in, and keeps the session.
func (f *loginFlags) login(ctx context.Context, url string, in io.Reader, out, errOut io.Writer) error {
	target, err := parseServer(url)
	if err != nil {
		return &exitError{status: statusUsage, err: err}
	}
	options := client.Options{Target: target}
	if options.TLS, err = f.trust.config(target, func(line string) { fmt.Fprintln(errOut, "* "+line) }); err != nil {
		return err
	}
	if err := f.askName(in, errOut); err != nil {
		return err
	}
	asked := client.API(options)
	defer asked.HTTP.CloseIdleConnections()
	opened, err := f.open(ctx, asked, in, errOut)
	if err != nil {
		return err
	}
	if err := keepLogin(target, opened); err != nil {
		return err
	}
	s := script{out: out, json: f.json}
	answer := loginAnswer{Server: target.URL(), You: opened.You, Expires: opened.Session.Expires}
	return s.tell(answer, fmt.Sprintf("logged in to %s as %s (%s)", target.URL(),
		cmp.Or(opened.You.Name, "a guest without a name"), opened.You.Role))
}

// askName asks for the name, where an account is meant and none was given.
func (f *loginFlags) askName(in io.Reader, errOut io.Writer) error {
	if f.name != "" || f.guest {
		return nil
	}
	if !f.terminal {
		return usage("give the name of your account by --name, or come by --guest")
	}
	fmt.Fprint(errOut, "name: ")
	line, err := readSecret(in) // a line, and nothing behind it
	if f.name = strings.TrimSpace(line); err == nil && f.name == "" {
		err = usage("give the name of your account by --name, or come by --guest")
	}
	return err
}

// open opens a session.
func (f *loginFlags) open(ctx context.Context, asked *api.Client, in io.Reader, errOut io.Writer) (wire.LoggedIn, error) {
	switch {
	case f.guest:
		opened, err := asked.Login(ctx, wire.Login{Name: f.name})
		if parley.CodeOf(err) == parley.CodePasswordNeeded {
			err = parley.Wrap(parley.CodePasswordNeeded, err, parley.Sentence(err)+": leave --guest out")
		}
		return opened, err
	case f.stdin:
		password, err := pipedPassword(ctx, in)
		if err != nil {
			return wire.LoggedIn{}, err
		}
		opened, err := logIn(ctx, asked, f.name, password)
		if parley.CodeOf(err) == parley.CodeNewPassword {
			err = parley.Wrap(parley.CodeNewPassword, err, parley.Sentence(err)+", at a terminal and without --password-stdin")
		}
		return opened, err
	case !f.terminal:
		return wire.LoggedIn{}, usage("give the password by --password-stdin, or come by --guest")
	}
	return typePassword(ctx, asked, f.name, in, errOut)
}

// logIn logs in to an account. An empty password is none, which would ask for a guest.
func logIn(ctx context.Context, asked *api.Client, name, password string) (wire.LoggedIn, error) {
	if password == "" {
		return wire.LoggedIn{}, parley.Errorf(parley.CodeWrongPassword, "a password cannot be empty")
	}
	return asked.Login(ctx, wire.Login{Name: name, Password: password})
}

// typePassword has somebody at a terminal type their password, a few times where it is wrong. Nothing that they type is shown,
// also between two questions: they may have begun before the second is asked.
func typePassword(ctx context.Context, asked *api.Client, name string, in io.Reader, errOut io.Writer,
) (opened wire.LoggedIn, err error) {
	defer hideTyping(in)()
	for range tries {
		var password string
		if password, err = askPassword(ctx, in, errOut, name); err != nil {
			return opened, err
		}
		opened, err = logIn(ctx, asked, name, password)
		if parley.CodeOf(err) == parley.CodeNewPassword {
			return choosePassword(ctx, asked, wire.Login{Name: name, Password: password}, in, errOut)
		}
		if parley.CodeOf(err) != parley.CodeWrongPassword {
			return opened, err
		}
		fmt.Fprintln(errOut, "* "+parley.CleanLine(parley.Sentence(err)))
	}
	return opened, err
}

// keepLogin keeps a session, as the one that is meant where no server is named.
func keepLogin(target client.Target, opened wire.LoggedIn) error {
	known, err := readLogins()
	if err != nil {
		return err
	}
	known.Default = target.URL()
	known.Servers[target.URL()] = login{Token: opened.Token, Name: opened.You.Name}
	return known.write()
}
