package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/web/wire"
)

// newWhoCommand makes the command that lists who is in a room now.
func newWhoCommand() *cobra.Command {
	var where serverFlags
	cmd := &cobra.Command{
		Use:   "who [ROOM]",
		Short: "list who is in a room now",
		Long:  `Who lists who is in a room now, lobby if none is named, by name, with the role that each has on the server.`,
		Example: `  parley who
  parley who lobby --json | jq -r .name`,
		Args: argumentsBetween(0, 1, "[ROOM]"),
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, args []string) error {
		place, _ := placeIn(args)
		members, err := s.api.Members(ctx, place)
		here := slices.DeleteFunc(members, func(m wire.Member) bool { return !m.Present })
		return tellAll(s, here, err, memberLine)
	})
	where.addFlags(cmd)
	return cmd
}

// memberLine shows somebody in a room.
func memberLine(m wire.Member) string {
	words := []string{m.Name}
	if m.Role != "" {
		words = append(words, string(m.Role))
	}
	if m.InRoom != "" {
		words = append(words, string(m.InRoom)+" here")
	}
	if m.Banned {
		words = append(words, "banned")
	}
	return strings.Join(words, "\t")
}
