package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"parley"
	"parley/client"
	"parley/client/api"
)

// serverFlags are how the commands that ask a server something are told which, and as whom.
type serverFlags struct {
	url      string
	name     string
	patience time.Duration
	json     bool
	known    bool // only a server that was logged in to will do
	keeps    bool // a guest comes back as the same one when the command ends before its work is done
	trust    trust
}

// session is a server, and somebody who may ask it.
type session struct {
	target  client.Target
	options client.Options
	api     *api.Client
}

// addFlags adds the flags that all such commands have.
func (s *serverFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&s.url, "server", "", "the server's `URL` (default: where you logged in last)")
	flags.StringVar(&s.name, "name", "", "with --server: come as a guest of this name")
	flags.DurationVar(&s.patience, "patience", 30*time.Second, "how long to try again while the server cannot be reached")
	flags.BoolVar(&s.json, "json", false, "answer in JSON, one value a line")
	s.trust.addFlags(cmd)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
}

// ask opens a session and has f ask by it. A guest's ends with f.
func (s *serverFlags) ask(cmd *cobra.Command, f func(context.Context, *script) error) (failed error) {
	ctx, errOut := cmd.Context(), cmd.ErrOrStderr()
	target, token, err := s.choose()
	if err != nil {
		return err
	}
	options := client.Options{Target: target, Token: token}
	notice := func(line string) { fmt.Fprintln(errOut, "* "+line) }
	if options.TLS, err = s.trust.config(target, notice); err != nil {
		return err
	}
	asked := client.API(options)
	asked.Patience = s.patience
	defer asked.HTTP.CloseIdleConnections()
	switch {
	case token != "":
	case s.known:
		return parley.Errorf(parley.CodeUnauthorized, "you are not logged in to %s", target.URL())
	default:
		leave, err := s.comeAsGuest(ctx, asked)
		if err != nil {
			return withLoginHint(err, target)
		}
		options.Token = asked.Token
		defer func() { leave(failed) }()
	}
	err = f(ctx, &script{
		session: &session{target: target, options: options, api: asked},
		in:      cmd.InOrStdin(), out: cmd.OutOrStdout(), errOut: errOut, json: s.json,
	})
	return withLoginHint(err, target)
}

// endGuest ends a session that nobody will come back to, also when the command was broken off.
func endGuest(ctx context.Context, asked *api.Client) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	asked.Patience = 0
	_ = asked.Logout(ctx) // it ends by itself after some days
}

// choose gives the server that is meant, and the token to show it: by --server, else by the environment, else the one that
// was logged in to last. The token is "" for a guest.
func (s *serverFlags) choose() (client.Target, parley.Token, error) {
	known, err := readLogins()
	if err != nil {
		return client.Target{}, "", err
	}
	url := cmp.Or(s.url, os.Getenv("PARLEY_SERVER"), known.Default)
	if url == "" {
		return client.Target{}, "", parley.Errorf(parley.CodeUnauthorized,
			"log in first: parley login URL; or name a server by --server URL")
	}
	target, err := parseServer(url)
	if err != nil {
		return client.Target{}, "", &exitError{status: statusUsage, err: err}
	}
	if s.name != "" {
		return target, "", nil
	}
	// A token from the environment is for the server from the environment, and shown to no other.
	if token := os.Getenv("PARLEY_TOKEN"); token != "" && sameServer(os.Getenv("PARLEY_SERVER"), target) {
		return target, parley.Token(token), nil
	}
	return target, known.Servers[target.URL()].Token, nil
}

// sameServer reports whether url is of target, or of no server in particular.
func sameServer(url string, target client.Target) bool {
	if url == "" {
		return true
	}
	other, err := parseServer(url)
	return err == nil && other.URL() == target.URL()
}

// parseServer reads the URL of a server that scripts can ask.
func parseServer(url string) (client.Target, error) {
	target, err := client.ParseTarget(url)
	if err == nil && target.Scheme != client.SchemeHTTP {
		err = parley.Errorf(parley.CodeInvalid, "this is for http:// and https:// only: write http://HOST:7275")
	}
	if err == nil && target.Invite != "" {
		err = parley.Errorf(parley.CodeInvalid, "this is an invite: type parley join and the link")
	}
	return target, err
}

// withLoginHint says what can be done about a server that does not know who is asking.
func withLoginHint(err error, target client.Target) error {
	switch code := parley.CodeOf(err); code {
	case parley.CodeUnauthorized, parley.CodePasswordNeeded:
		return parley.Wrap(code, err, parley.Sentence(err)+" (parley login "+target.URL()+")")
	}
	return err
}
