package main

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"parley"
	"parley/client"
	"parley/web/wire"
)

// newClaimCommand makes the command by which a guest becomes an account.
func newClaimCommand() *cobra.Command {
	var where serverFlags
	var password passwordFlag
	var as, link string
	cmd := &cobra.Command{
		Use:   "claim",
		Short: "make an account of the guest that you are",
		Long: `Claim gives the guest that you are an account: your name is yours for good, by a password. What you have said
and read, your conversations and your rights in rooms stay yours, and you stay connected wherever you are. You are
that guest by parley login --guest, or by having come through an invite.

The name is the guest's own, or what --as says. Where the server lets nobody make an account, it takes an invite
for one. The password is asked for on the terminal, twice, and not shown; with --password-stdin it is read from
standard input up to its end, but for one line break there.`,
		Example: `  parley claim
  parley claim --as alice
  parley claim --invite http://127.0.0.1:7275/invite/MFRGGZDFMZTWQ2LKNNWG23TPOB`,
		Args: noArguments,
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ticket, err := ticketOf(link)
		if err != nil {
			return &exitError{status: statusUsage, err: err}
		}
		return scripted(&where, func(ctx context.Context, s *script, _ []string) error {
			return claim(ctx, cmd, s, as, ticket, &password)
		})(cmd, args)
	}
	cmd.Flags().StringVar(&as, "as", "", "the `name` of the account (default: the guest's)")
	cmd.Flags().StringVar(&link, "invite", "", "the `link` of an invite for an account")
	password.define(cmd.Flags())
	where.addFlags(cmd)
	where.known = true
	return cmd
}

// ticketOf gives what lets somebody in by the link of an invite, nothing for "".
func ticketOf(link string) (wire.Ticket, error) {
	if link == "" {
		return wire.Ticket{}, nil
	}
	target, err := client.ParseTarget(link)
	if err != nil {
		return wire.Ticket{}, err
	}
	if target.Invite == "" {
		return wire.Ticket{}, parley.Errorf(parley.CodeInvalid, "--invite takes the link of an invite")
	}
	return wire.Ticket{Invite: target.Invite, Use: parley.NewUseID()}, nil
}

// claim makes an account of the guest who asks, and remembers its name.
func claim(ctx context.Context, cmd *cobra.Command, s *script, as string, ticket wire.Ticket, password *passwordFlag) error {
	me, err := s.api.Me(ctx)
	switch {
	case err != nil:
		return err
	case me.Account:
		return parley.Errorf(parley.CodeInvalid, "you have an account already, as %s", me.Name)
	}
	secret, err := password.read(cmd, "password for "+cmp.Or(as, me.Name))
	if err != nil {
		return err
	}
	claimed, err := s.api.Claim(ctx, wire.NewClaim{Password: secret, Name: as, Ticket: ticket})
	if parley.CodeOf(err) == parley.CodeNameInvalid && as == "" {
		err = parley.Wrap(parley.CodeNameInvalid, err, parley.Sentence(err)+" by --as NAME")
	}
	if err != nil {
		return err
	}
	known, err := readLogins()
	if kept, ok := known.Servers[s.target.URL()]; err == nil && ok && kept.Token == s.options.Token {
		kept.Name = claimed.You.Name
		known.Servers[s.target.URL()] = kept
		err = known.write()
	}
	if err != nil {
		return err
	}
	return s.tell(claimed, claimed.You.Name+" has an account now")
}
