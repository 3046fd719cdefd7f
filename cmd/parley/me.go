package main

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"parley/web/wire"
)

// meAnswer is what `parley me --json` tells.
type meAnswer struct {
	Server string  `json:"server"`
	You    wire.Me `json:"you"`
}

// newMeCommand makes the command that tells who one is.
func newMeCommand() *cobra.Command {
	var where serverFlags
	cmd := &cobra.Command{
		Use:     "me",
		Aliases: []string{"whoami"},
		Short:   "tell where you are logged in, and as whom",
		Long:    `Me asks the server who you are, and tells your name, your role there and the server's URL.`,
		Example: `  parley me
  parley whoami --json`,
		Args: noArguments,
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, _ []string) error {
		me, err := s.api.Me(ctx)
		if err != nil {
			return err
		}
		name := cmp.Or(me.Name, "a guest without a name")
		return s.tell(meAnswer{s.target.URL(), me}, name+"\t"+string(me.Role)+"\t"+s.target.URL())
	})
	where.addFlags(cmd)
	return cmd
}
