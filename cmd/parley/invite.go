package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley"
	"parley/web/wire"
)

// inviteFlags are the arguments of `parley invite`.
type inviteFlags struct {
	where   serverFlags
	account bool
	uses    int
	lasts   days
}

// newInviteCommand makes the command that invites, with what is done about invites below it.
func newInviteCommand() *cobra.Command {
	f := inviteFlags{lasts: days{7 * 24 * time.Hour}}
	cmd := &cobra.Command{
		Use:   "invite [SERVER]",
		Short: "invite people to a server",
		Long: `Invite makes a link that lets people in whom the server's settings keep out, and shows it, on a terminal
as a QR code too. Whoever has the link comes in by it as a guest, where no guests are let in as well; or
with --account makes an account. It is for owners of the server, where you have logged in by parley login.

A link for a guest can be used 100 times and one for an account once, unless --uses says otherwise, for 7
days or as long as --for says. It is shown once: the server keeps no more than what it takes to know it
again.

Whoever is invited types parley join LINK.`,
		Example: `  parley invite
  parley invite --account --for 12h
  parley invite --uses 30 http://127.0.0.1:7275
  parley invite list
  parley invite revoke i-WHATEVER`,
	}
	cmd.Args = func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) > 1 || len(args) == 1 && f.where.url != "":
			return errors.New("invite takes one server")
		case cmd.Flags().Changed("uses") && (f.uses < 1 || f.uses > parley.MaxInviteUses):
			return fmt.Errorf("--uses takes a number from 1 to %d", parley.MaxInviteUses)
		case f.lasts.Duration < parley.MinInviteLasts || f.lasts.Duration > parley.MaxInviteLasts:
			return errors.New("--for takes a time from 1m to 365d")
		}
		return nil
	}
	work := scripted(&f.where, func(ctx context.Context, s *script, _ []string) error { return f.invite(ctx, s) })
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			f.where.url = args[0]
		}
		return work(cmd, args)
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.account, "account", false, "for making an account, not for a guest")
	flags.IntVar(&f.uses, "uses", 0, "how often it can be used (default: 1 for an account, 100 for guests)")
	flags.Var(&f.lasts, "for", "how long it can be used")
	f.where.addFlags(cmd)
	f.where.known = true
	cmd.AddCommand(newInviteListCommand(), newInviteRevokeCommand())
	return cmd
}

// invite makes an invite and shows it.
func (f *inviteFlags) invite(ctx context.Context, s *script) error {
	wanted := wire.NewInvite{Kind: parley.InviteGuest, Uses: f.uses, Lasts: int64(f.lasts.Duration / time.Second)}
	if f.account {
		wanted.Kind = parley.InviteAccount
	}
	made, err := s.api.MakeInvite(ctx, wanted)
	if err != nil {
		return err
	}
	if made.Local {
		fmt.Fprintln(s.errOut, "* this link works on the server's own machine alone; for others let the server listen for "+
			"them: --lan, or --listen http://0.0.0.0:7275")
	}
	if s.json {
		return s.tell(made)
	}
	if !showCode(s.out, made.Link) {
		if _, err := fmt.Fprintln(s.out, made.Link); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.errOut, "* for %s, until %s: parley join LINK\n", times(made.Invite), made.Expires.Local().Format(minutes))
	return nil
}

// minutes is how a time is shown that somebody is to remember.
const minutes = "2006-01-02 15:04"

// times says whom an invite lets in, and how often.
func times(i wire.Invite) string {
	whom := "guests"
	if i.Kind == parley.InviteAccount {
		whom = "an account"
	}
	if i.Uses == 1 {
		return whom + ", once"
	}
	return fmt.Sprintf("%s, %d times", whom, i.Uses)
}

// newInviteListCommand makes the command that lists invites.
func newInviteListCommand() *cobra.Command {
	var where serverFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the invites",
		Long: `List lists the invites, one a line: its id, whom it lets in, how often it was used and can be, what has
become of it, until when it can be used, and who made it. Those that have expired are listed for 30 days.`,
		Example: `  parley invite list
  parley invite list --json`,
		Args: noArguments,
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, _ []string) error {
		invites, err := s.api.Invites(ctx)
		if err != nil {
			return err
		}
		for _, i := range invites {
			if err := s.tell(i, inviteLine(i, time.Now())); err != nil {
				return err
			}
		}
		return nil
	})
	where.addFlags(cmd)
	where.known = true
	return cmd
}

// inviteLine is an invite in a list.
func inviteLine(i wire.Invite, now time.Time) string {
	state := "open"
	switch {
	case i.Revoked:
		state = "revoked"
	case !now.Before(i.Expires.Time):
		state = "expired"
	case i.Used >= i.Uses:
		state = "used up"
	}
	return fmt.Sprintf("%s\t%s\t%d/%d\t%s\t%s\t%s", i.ID, i.Kind, i.Used, i.Uses, state,
		i.Expires.Local().Format(minutes), i.By.Name)
}

// newInviteRevokeCommand makes the command that revokes an invite.
func newInviteRevokeCommand() *cobra.Command {
	var where serverFlags
	cmd := &cobra.Command{
		Use:   "revoke ID",
		Short: "let nobody in by an invite any more",
		Long: `Revoke makes that an invite lets in nobody any more. Whoever came in by it stays. Its id is in parley invite
list.`,
		Example: `  parley invite revoke i-WHATEVER`,
		Args:    argumentsBetween(1, 1, "ID"),
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, args []string) error {
		if err := s.api.RevokeInvite(ctx, parley.InviteID(args[0])); err != nil {
			return err
		}
		return s.tell(map[string]string{"id": args[0]}, "revoked "+args[0])
	})
	where.addFlags(cmd)
	where.known = true
	return cmd
}
