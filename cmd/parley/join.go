package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"time"

	"github.com/spf13/cobra"

	"parley"
	"parley/capture/tap"
	"parley/client"
)

// joinFlags are the arguments of `parley join`.
type joinFlags struct {
	target      client.Target
	name        string
	bindText    string
	bind        netip.Addr
	files       string
	timeout     time.Duration
	linger      time.Duration
	noReconnect bool
	plain       bool // line mode is the only one there is so far
	stdin       bool // the password is the first line of the input
	tapPath     string
	tap         *tap.File // nil for none
	trust       trust
	capture     ownCapture
}

// newJoinCommand makes the command that is a client.
func newJoinCommand() *cobra.Command {
	var f joinFlags
	cmd := &cobra.Command{
		Use:   "join [URL]",
		Short: "take part in a chat",
		Long: `Join connects to a chat server, Parley's or a classroom program's. What you type goes to the room;
what others say is printed as NAME: TEXT, a direct message as NAME (direct): TEXT, everything else as * …

URL is http://HOST:PORT, plain://HOST:PORT, plain+udp://HOST:PORT or roster://HOST:PORT, with TLS
https://, plain+tls:// or roster+tls://. Without a port it is 7275, 8001, 12001 or 5000. On http,
?room=NAME sets the room, lobby if it is not given. On roster, ?udp=PORT sets the UDP port of direct
messages, 5000 if it is not given. Without --name, roster takes the first line you type for your name.

The link of an invite, http://HOST:PORT/invite/CODE, lets you in as a guest, or has you make an account: you
are asked for a name, and for the account's password twice. By the same link or the URL you come back as who
you are, and use the invite no more.

Without a URL, join lists the servers that announce themselves on the local network, as parley serve
--lan does, and asks which to join; an address can be typed too. Without a terminal it only lists them.

A name that belongs to an account needs its password. It is asked for on the terminal, and not shown;
with --password-stdin it is the first line of the input. Where you have logged in by parley login, you
come to http:// as who you are there, unless --name says another.

On http nothing is lost: when the connection breaks, what you typed arrives once, and what you missed
is shown.

You can type
  #ls                  who is here
  @NAME: TEXT          a direct message
  send file:PATH       send a file of your folder
  ask for file:NAME    fetch a file into your folder
  exit, quit           leave

Your folder is named after you, or your address if you have no name, in the directory where you are.
A file that is there is never overwritten: a second shore.jpg becomes shore-1.jpg.

The exit status is 0 after exit or the end of the input, 1 when there is no connection or it is lost
for good, 2 for wrong usage.`,
		Example: `  parley join http://127.0.0.1:7275 --name alice
  parley join http://127.0.0.1:7275/invite/MFRGGZDFMZTWQ2LKNNWG23TPOB
  parley join plain://127.0.0.1:8001
  parley join plain://chat.example --name alice
  parley join roster://10.20.30.1:5000 --name alice --bind 10.20.30.11
  echo hello | parley join plain+udp://127.0.0.1:12001 --timeout 30s`,
		Args: func(_ *cobra.Command, args []string) error { return f.parseURL(args) },
		PreRunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil // they are checked when it is known what is joined
			}
			return f.check()
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.capture.allowed(); err != nil {
				return err
			}
			in := cmd.InOrStdin()
			if len(args) == 0 {
				var err error
				if in, err = f.choose(cmd.Context(), in, cmd.OutOrStdout(), cmd.ErrOrStderr()); err != nil {
					return err
				}
			}
			if err := f.capture.beginToward(cmd.Context(), f.target, cmd.ErrOrStderr()); err != nil {
				return err
			}
			err := f.join(cmd.Context(), in, cmd.OutOrStdout(), cmd.ErrOrStderr())
			return errors.Join(err, f.capture.end())
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.name, "name", "", "the `NAME` to be called (leave it out on plain:// servers that are not Parley's)")
	flags.StringVar(&f.bindText, "bind", "", "the local `IP` address to connect from and to take direct messages on")
	flags.StringVar(&f.files, "files", "", "the `DIR` for files (default: one named after you)")
	flags.DurationVar(&f.timeout, "timeout", 0, "give up when nothing has come for this `TIME`, such as 30s (default: never)")
	flags.DurationVar(&f.linger, "linger", time.Second, "the `TIME` that what is on its way may still take to arrive at the end")
	flags.BoolVar(&f.noReconnect, "no-reconnect", false, "do not come back when the connection is lost")
	flags.BoolVar(&f.plain, "plain", false, "lines of text, on a terminal too")
	flags.BoolVar(&f.stdin, "password-stdin", false, "the first line of the input is the password of --name")
	flags.StringVar(&f.capture.path, "capture", "",
		"capture the packets to and from the server into this pcapng `FILE`, which may not exist yet")
	flags.StringVar(&f.tapPath, "tap", "", "write what is sent and received to this `FILE`, as pcapng")
	f.trust.addFlags(cmd)
	return cmd
}

// choose finds out which server to join where none was named, and gives what is to be read from then on.
func (f *joinFlags) choose(ctx context.Context, in io.Reader, out, errOut io.Writer) (io.Reader, error) {
	if !isTerminal(in) || !isTerminal(out) {
		return nil, listAround(ctx, out, errOut)
	}
	keys := newKeyboard(in.(*os.File)) // as every terminal is
	url, err := newWizard(keys, out).askServer(ctx)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "The command for this is: parley %s\n\n", commandLine([]string{"join", url}))
	if err := f.parseURL([]string{url}); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, &exitError{status: statusUsage, err: err}
	}
	return keys, nil
}

// parseURL reads the one argument, if it is there.
func (f *joinFlags) parseURL(args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case len(args) > 1:
		return fmt.Errorf("join takes one URL, such as plain://127.0.0.1:8001, and has %d arguments", len(args))
	}
	var err error
	f.target, err = client.ParseTarget(args[0])
	return err
}

// check looks at the flags together. What it refuses is wrong usage.
func (f *joinFlags) check() error {
	var err error
	if f.name, err = f.target.ParseName(f.name); err != nil {
		return fmt.Errorf("--name: %s", parley.Sentence(err))
	}
	if f.bindText != "" {
		if f.bind, err = netip.ParseAddr(f.bindText); err != nil {
			return fmt.Errorf("--bind takes an IP address of this machine, not %q", parley.CleanLine(f.bindText))
		}
	}
	switch {
	case f.timeout < 0:
		return errors.New("--timeout takes a time such as 30s, and 0 for never")
	case f.linger < 0:
		return errors.New("--linger takes a time such as 1s, and 0 for none")
	case f.stdin && f.name == "":
		return errors.New("--password-stdin is for the password of --name")
	case f.stdin && f.target.Scheme == client.SchemeUDP:
		return errors.New("there are no passwords on plain+udp://")
	}
	return f.trust.check(f.target)
}

// join connects, and takes part until it is over.
func (f *joinFlags) join(ctx context.Context, in io.Reader, out, errOut io.Writer) error {
	if f.tapPath == "" {
		return f.takePart(ctx, in, out, errOut)
	}
	var err error
	if f.tap, err = tap.Create(f.tapPath, tap.Options{About: "parley join"}); err != nil {
		return err
	}
	ended := f.takePart(ctx, in, out, errOut)
	said, err := f.tap.Close()
	if err == nil {
		fmt.Fprintln(errOut, "* "+parley.CleanLine(said))
	}
	return errors.Join(ended, err)
}

// takePart is join without a tap, or with one that is open.
func (f *joinFlags) takePart(ctx context.Context, in io.Reader, out, errOut io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	screen := &client.Screen{Out: out, Err: errOut, Bars: isTerminal(errOut)}
	entry, err := f.enter(ctx, in, errOut, screen)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil // Ctrl-C leaves as exit does
	case err != nil:
		return err
	}
	input := client.ReadInput(ctx, in)
	if f.target.Scheme == client.SchemeRoster && f.name == "" {
		leave, err := f.askName(ctx, input, screen)
		if leave || err != nil {
			return err
		}
	}
	asking := prompter{terminal: in, input: input, errOut: errOut, given: entry.password}
	options := f.options(screen, entry.trusted)
	options.Token, options.Password = entry.token, asking.password
	c, err := client.Open(ctx, options)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil // Ctrl-C leaves as exit does
	case err != nil:
		return err
	}
	mode := client.LineMode{Input: input, Screen: screen, Linger: f.linger, Leave: isTerminal(in)}
	return mode.Run(ctx, c)
}

// askName takes the first typed line for the name: on roster nobody can be without one. It reports whether the person
// would rather leave.
func (f *joinFlags) askName(ctx context.Context, input *client.Input, screen *client.Screen) (leave bool, err error) {
	screen.Show(client.Notice{Sentence: "type the name to be called here (or give it by --name)"})
	line, err := input.First(ctx)
	switch {
	case ctx.Err() != nil, line == "exit", line == "quit":
		return true, nil
	case err != nil:
		return false, errors.New("roster:// needs a name: give it by --name NAME, or type it in the first line")
	}
	f.name, err = f.target.ParseName(line)
	return false, err
}

// options gives how to connect.
func (f *joinFlags) options(screen *client.Screen, trusted *tls.Config) client.Options {
	o := client.Options{
		Target: f.target, Name: f.name, Bind: f.bind, TLS: trusted, Files: client.NewFolder(f.files), Meter: screen,
		NoReconnect: f.noReconnect, Timeout: f.timeout,
	}
	if f.tap != nil {
		o.Tap = f.tap
	}
	return o
}
