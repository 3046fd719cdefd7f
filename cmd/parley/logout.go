package main

import (
	"context"

	"github.com/spf13/cobra"

	"parley"
)

// newLogoutCommand makes the command that ends a login.
func newLogoutCommand() *cobra.Command {
	where := serverFlags{known: true}
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "end the session that login has opened",
		Long: `Logout ends the session at the server, so that its token opens nothing any more, and forgets it. Where the
server cannot be reached it is forgotten all the same, and the exit status is 1.`,
		Example: `  parley logout
  parley logout --server https://chat.example:7275`,
		Args: noArguments,
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, _ []string) error {
		err := s.api.Logout(ctx)
		if parley.CodeOf(err) == parley.CodeUnauthorized { // it had ended already
			err = nil
		}
		if failed := forgetLogin(s.target.URL()); err == nil {
			err = failed
		}
		if err != nil {
			return err
		}
		return s.tell(map[string]string{"server": s.target.URL()}, "logged out of "+s.target.URL())
	})
	where.addFlags(cmd)
	return cmd
}

// forgetLogin forgets the session at a server.
func forgetLogin(url string) error {
	known, err := readLogins()
	if err != nil {
		return err
	}
	delete(known.Servers, url)
	if known.Default == url {
		known.Default = ""
	}
	return known.write()
}
