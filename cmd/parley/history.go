package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"parley"
	"parley/client"
	"parley/client/api"
	"parley/web/wire"
)

// maxPage is how many messages or events a server gives at once.
const maxPage = 1000

// historyFlags are the arguments of `parley history`.
type historyFlags struct {
	after, before int64
	limit         int
	newest        bool
}

// newHistoryCommand makes the command that shows messages.
func newHistoryCommand() *cobra.Command {
	var where serverFlags
	var f historyFlags
	cmd := &cobra.Command{
		Use:   "history [ROOM|@NAME]",
		Short: "show the messages of a room as they are now",
		Long: `History shows the messages of a room, lobby if none is named, or of the conversation with somebody, as they
are now: with their newest text, and [deleted] where there is none any more. It shows the last ones, those
before --before NUMBER, or those from --after NUMBER on; the oldest first, unless --newest is given.`,
		Example: `  parley history
  parley history lobby --before 1200 --limit 100
  parley history @alice --limit 0 --json > talk.jsonl`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.after < 0 || f.before < 0 || f.limit < 0 {
				return errors.New("--after, --before and --limit take numbers from 0 on")
			}
			return argumentsBetween(0, 1, "[ROOM|@NAME]")(cmd, args)
		},
	}
	cmd.RunE = scripted(&where, f.history)
	flags := cmd.Flags()
	flags.Int64Var(&f.after, "after", 0, "only messages with a higher `NUMBER`, beginning with the lowest")
	flags.Int64Var(&f.before, "before", 0, "only messages with a lower `NUMBER`")
	flags.IntVar(&f.limit, "limit", 50, "at most so many `MESSAGES`, 0 for all")
	flags.BoolVar(&f.newest, "newest", false, "the newest first")
	where.addFlags(cmd)
	return cmd
}

// history shows the messages.
func (f *historyFlags) history(ctx context.Context, s *script, args []string) error {
	place, _ := placeIn(args)
	page := api.Page{After: parley.Seq(f.after), Before: parley.Seq(f.before)}
	page.Newest = f.newest || f.after == 0 && f.limit > 0 // the last ones are those nearest to the end
	if page.Newest == f.newest {
		return f.read(ctx, s, place, page, func(m wire.KeptMessage) error { return s.showMessage(m) })
	}
	var messages []wire.KeptMessage
	err := f.read(ctx, s, place, page, func(m wire.KeptMessage) error { messages = append(messages, m); return nil })
	if err != nil {
		return err
	}
	for _, m := range slices.Backward(messages) {
		if err := s.showMessage(m); err != nil {
			return err
		}
	}
	return nil
}

// read gives as many messages as are wanted to show, page by page.
func (f *historyFlags) read(ctx context.Context, s *script, place wire.Place, page api.Page,
	show func(wire.KeptMessage) error,
) error {
	for left := f.limit; ; left -= page.Limit {
		page.Limit = maxPage
		if f.limit > 0 {
			page.Limit = min(maxPage, left)
		}
		answer, err := s.api.Messages(ctx, place, page)
		if err != nil {
			return err
		}
		for _, m := range answer.Items {
			if err := show(m); err != nil {
				return err
			}
		}
		if len(answer.Items) < page.Limit || f.limit > 0 && left <= page.Limit {
			return nil
		}
		last := answer.Items[len(answer.Items)-1].Number
		if page.Newest {
			page.Before = last
		} else {
			page.After = last
		}
	}
}

// showMessage shows a message, each line with its number.
func (s *script) showMessage(m wire.KeptMessage) error {
	return s.tell(m, numbered(m.Number, client.LinesOfMessage(m))...)
}
