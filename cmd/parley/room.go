package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"parley"
	"parley/web/wire"
)

// newRoomCommand makes the command with everything about one room below it.
func newRoomCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "room",
		Short: "make a room, change it, and say who may do what in it",
		Long: `Room makes a room, tells of it and changes it, lets people in and sends them out. Who may is said in
docs/rights.md.`,
		Example: `  parley room make plans --kind private --topic "what comes next"
  parley room invite plans bob
  parley room set plans --kind announce
  parley room kick lobby mallory`,
		Args:          knownCommand,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	cmd.AddCommand(newRoomMakeCommand(), newRoomShowCommand(), newRoomSetCommand())
	cmd.AddCommand(newRoomMemberCommands()...)
	cmd.RunE = func(*cobra.Command, []string) error {
		var names []string
		for _, below := range cmd.Commands() {
			names = append(names, below.Name())
		}
		return usage("room is followed by what to do: %s", strings.Join(names, ", "))
	}
	return cmd
}

// newRoomMakeCommand makes the command that makes a room.
func newRoomMakeCommand() *cobra.Command {
	var where serverFlags
	kind := choice{value: string(parley.RoomPublic), words: roomKinds()}
	var topic string
	cmd := &cobra.Command{
		Use:   "make NAME",
		Short: "make a room, whose owner you are",
		Long: `Make makes a room. A public one is for everyone; a private one for those who are invited, and nobody else
learns that it exists; in an announce room everyone reads and its moderators speak.`,
		Example: `  parley room make plans --kind private`,
		Args:    argumentsBetween(1, 1, "NAME"),
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, args []string) error {
		room, err := s.api.OpenRoom(ctx, wire.NewRoom{Name: args[0], Kind: parley.RoomKind(kind.value), Topic: topic})
		if err != nil {
			return err
		}
		return s.tell(room, "made "+string(room.Name)+" ("+string(room.Kind)+")")
	})
	cmd.Flags().Var(&kind, "kind", "who may enter and speak")
	cmd.Flags().StringVar(&topic, "topic", "", "what it is about, a `TEXT` of one line")
	where.addFlags(cmd)
	return cmd
}

// newRoomShowCommand makes the command that tells of a room.
func newRoomShowCommand() *cobra.Command {
	var where serverFlags
	cmd := &cobra.Command{
		Use:     "show ROOM",
		Short:   "tell of a room",
		Long:    `Show tells of a room what rooms tells of all.`,
		Example: `  parley room show lobby --json`,
		Args:    argumentsBetween(1, 1, "ROOM"),
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, args []string) error {
		room, err := s.api.Room(ctx, wire.Place(args[0]))
		if err != nil {
			return err
		}
		return s.tell(room, roomLine(room))
	})
	where.addFlags(cmd)
	return cmd
}

// newRoomSetCommand makes the command that changes a room.
func newRoomSetCommand() *cobra.Command {
	var where serverFlags
	kind := choice{words: roomKinds()}
	var topic string
	cmd := &cobra.Command{
		Use:     "set ROOM",
		Short:   "give a room another topic or kind",
		Long:    `Set gives a room another topic or kind, and leaves what is not named as it is. --topic "" takes the topic away.`,
		Example: `  parley room set lobby --topic "lunch at noon"`,
	}
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if !cmd.Flags().Changed("kind") && !cmd.Flags().Changed("topic") {
			return errors.New("this changes nothing: give --kind or --topic")
		}
		return argumentsBetween(1, 1, "ROOM --topic TEXT")(cmd, args)
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, args []string) error {
		var change wire.RoomChange
		if cmd.Flags().Changed("kind") {
			change.Kind = (*parley.RoomKind)(&kind.value)
		}
		if cmd.Flags().Changed("topic") {
			change.Topic = &topic
		}
		receipt, err := s.api.ChangeRoom(ctx, wire.Place(args[0]), change)
		if err != nil {
			return err
		}
		return s.tell(receipt, "changed "+args[0])
	})
	cmd.Flags().Var(&kind, "kind", "who may enter and speak")
	cmd.Flags().StringVar(&topic, "topic", "", "what it is about, a `TEXT` of one line")
	where.addFlags(cmd)
	return cmd
}

func roomKinds() []string {
	return []string{string(parley.RoomPublic), string(parley.RoomPrivate), string(parley.RoomAnnounce)}
}
