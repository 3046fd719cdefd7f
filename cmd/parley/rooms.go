package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/web/wire"
)

// newRoomsCommand makes the command that lists rooms.
func newRoomsCommand() *cobra.Command {
	var where serverFlags
	var direct bool
	cmd := &cobra.Command{
		Use:   "rooms",
		Short: "list the rooms that you may enter",
		Long: `Rooms lists the rooms that you may enter, by name: what kind each is, how much you have not read in it, how
much of that names you, and its topic. With --direct it lists your conversations instead, the newest first.`,
		Example: `  parley rooms
  parley rooms --json | jq -r .name`,
		Args: noArguments,
	}
	cmd.RunE = scripted(&where, func(ctx context.Context, s *script, _ []string) error {
		if direct {
			return s.listConversations(ctx)
		}
		rooms, err := s.api.Rooms(ctx)
		return tellAll(s, rooms, err, roomLine)
	})
	cmd.Flags().BoolVar(&direct, "direct", false, "list conversations with one person")
	where.addFlags(cmd)
	return cmd
}

// listConversations lists whom somebody has talked to.
func (s *script) listConversations(ctx context.Context) error {
	talks, err := s.api.Conversations(ctx)
	return tellAll(s, talks, err, func(c wire.Conversation) string {
		return strings.TrimRight("@"+c.With.Name+"\tdirect"+unreadWords(c.Position), " ")
	})
}

// tellAll writes a list: one value a line, in either form.
func tellAll[T any](s *script, list []T, err error, line func(T) string) error {
	for _, item := range list {
		if err == nil {
			err = s.tell(item, line(item))
		}
	}
	return err
}

// roomLine shows a room.
func roomLine(r wire.Room) string {
	line := string(r.Name) + "\t" + string(r.Kind) + unreadWords(r.Position)
	if r.Topic != "" {
		line += "\t" + r.Topic
	}
	return line
}

// unreadWords says how much somebody has not read.
func unreadWords(s wire.Position) string {
	switch {
	case s.Mentions > 0:
		return fmt.Sprintf("\t%d unread, %d for you", s.Unread, s.Mentions)
	case s.Unread > 0:
		return fmt.Sprintf("\t%d unread", s.Unread)
	}
	return "\tread"
}
