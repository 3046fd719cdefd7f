package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"parley"
	"parley/web/wire"
)

// memberCommand is a command about somebody in a room.
type memberCommand struct {
	use, short, long, example string
	arguments                 int
	done                      string // what is told, with the name behind it
	do                        func(ctx context.Context, s *script, room wire.Place, args []string) (wire.Receipt, error)
}

// memberCommands are all of them.
var memberCommands = []memberCommand{{
	use: "invite ROOM NAME", short: "let somebody into a private room", arguments: 2, done: "invited",
	long:    "Invite lets somebody with an account into a private room.",
	example: "parley room invite plans bob",
	do: func(ctx context.Context, s *script, room wire.Place, args []string) (wire.Receipt, error) {
		return s.api.Invite(ctx, room, args[0])
	},
}, {
	use: "kick ROOM NAME", short: "send somebody out of a room", arguments: 2, done: "sent out",
	long:    "Kick sends somebody out of a room. They may come back, into a private room only when they are invited again.",
	example: "parley room kick lobby mallory",
	do: func(ctx context.Context, s *script, room wire.Place, args []string) (wire.Receipt, error) {
		return s.api.Remove(ctx, room, args[0])
	},
}, {
	use: "ban ROOM NAME", short: "send somebody out of a room for good", arguments: 2, done: "banned",
	long:    "Ban sends somebody out of a room, who may not come back until unban.",
	example: "parley room ban lobby mallory",
	do: func(ctx context.Context, s *script, room wire.Place, args []string) (wire.Receipt, error) {
		return s.api.Ban(ctx, room, args[0], true)
	},
}, {
	use: "unban ROOM NAME", short: "let somebody back who was banned", arguments: 2, done: "let back",
	long:    "Unban lets somebody back into a room who was banned from it.",
	example: "parley room unban lobby mallory",
	do: func(ctx context.Context, s *script, room wire.Place, args []string) (wire.Receipt, error) {
		return s.api.Ban(ctx, room, args[0], false)
	},
}, {
	use: "appoint ROOM NAME ROLE", short: "give somebody a role in a room", arguments: 3, done: "appointed",
	long:    "Appoint gives somebody a role in a room: member, moderator or owner.",
	example: "parley room appoint plans bob moderator",
	do: func(ctx context.Context, s *script, room wire.Place, args []string) (wire.Receipt, error) {
		role, err := parley.ParseRole(args[1])
		if err != nil {
			return wire.Receipt{}, &exitError{status: statusUsage, err: err}
		}
		return s.api.Appoint(ctx, room, args[0], role)
	},
}, {
	use: "leave ROOM", short: "give up your role in a room", arguments: 1, done: "left",
	long:    "Leave gives up your role in a room; of a private room you are no member any more.",
	example: "parley room leave plans",
	do: func(ctx context.Context, s *script, room wire.Place, _ []string) (wire.Receipt, error) {
		return s.api.Remove(ctx, room, "me")
	},
}}

// newRoomMemberCommands makes the commands about who is in a room.
func newRoomMemberCommands() []*cobra.Command {
	var commands []*cobra.Command
	for _, m := range memberCommands {
		commands = append(commands, m.command())
	}
	return append(commands, newRoomMembersCommand())
}

// command makes the command.
func (m memberCommand) command() *cobra.Command {
	var where serverFlags
	_, shape, _ := strings.Cut(m.use, " ")
	cmd := &cobra.Command{
		Use: m.use, Short: m.short, Long: m.long, Example: "  " + m.example,
		Args: argumentsBetween(m.arguments, m.arguments, shape),
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, args []string) error {
		receipt, err := m.do(ctx, s, wire.Place(args[0]), args[1:])
		if err != nil {
			return err
		}
		return s.tell(receipt, m.done+" "+args[min(1, len(args)-1)])
	})
	where.addFlags(cmd)
	return cmd
}

// newRoomMembersCommand makes the command that lists who has a role in a room.
func newRoomMembersCommand() *cobra.Command {
	var where serverFlags
	cmd := &cobra.Command{
		Use:     "members ROOM",
		Short:   "list who is in a room, has a role in it or is banned from it",
		Long:    `Members lists everybody whom a room knows, by name. Who lists those alone who are there now.`,
		Example: `  parley room members plans`,
		Args:    argumentsBetween(1, 1, "ROOM"),
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, args []string) error {
		members, err := s.api.Members(ctx, wire.Place(args[0]))
		return tellAll(s, members, err, memberLine)
	})
	where.addFlags(cmd)
	return cmd
}
