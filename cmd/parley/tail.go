package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"parley"
	"parley/client"
	"parley/client/socket"
	"parley/web/wire"
)

// tailFlags are the arguments of `parley tail`.
type tailFlags struct {
	from   int64
	lines  int64
	follow bool
}

// newTailCommand makes the command that shows what happened last.
func newTailCommand() *cobra.Command {
	var where serverFlags
	var f tailFlags
	cmd := &cobra.Command{
		Use:   "tail [ROOM|@NAME]",
		Short: "show what happened last in a room, and what happens",
		Long: `Tail shows the events of a room, lobby if none is named, or of the conversation with somebody: messages,
edits, deletions, reactions and what becomes of people, each with its number. With --follow it goes on;
when the connection is lost it comes back, and what happened meanwhile is shown, once and in order.

In JSON each event is a line, in the form of the server's socket (docs/protocol.md).`,
		Example: `  parley tail
  parley tail lobby --from 1 --json
  parley tail builds --follow | grep --line-buffered failed`,
		Args: func(cmd *cobra.Command, args []string) error { return f.check(cmd, args) },
	}
	cmd.RunE = scripted(&where, f.tail)
	flags := cmd.Flags()
	flags.Int64Var(&f.from, "from", 0, "begin with the event of this `NUMBER`")
	flags.Int64VarP(&f.lines, "lines", "n", 10, "without --from: begin so many `EVENTS` before the end")
	flags.BoolVarP(&f.follow, "follow", "f", false, "go on with what happens")
	where.addFlags(cmd)
	return cmd
}

// check looks at the arguments together.
func (f *tailFlags) check(cmd *cobra.Command, args []string) error {
	switch {
	case f.from < 0:
		return errors.New("--from takes the number of an event, 1 or more")
	case f.lines < 0:
		return errors.New("--lines takes a number of events")
	}
	return argumentsBetween(0, 1, "[ROOM|@NAME]")(cmd, args)
}

// tail shows what happened, and with --follow what happens.
func (f *tailFlags) tail(ctx context.Context, s *script, args []string) error {
	place, _ := placeIn(args)
	after, err := f.begin(ctx, s, place)
	if err != nil {
		return err
	}
	if !f.follow {
		return s.showEvents(ctx, place, after)
	}
	status := func(e client.Event) {
		if lost, ok := e.(client.Lost); ok {
			fmt.Fprintln(s.errOut, "* "+parley.CleanLine(lost.Reason)+"; trying again")
		}
	}
	return client.Follow(ctx, client.Following{
		Options: s.options, Room: place, After: &after, Show: s.showEvent, Status: status,
	})
}

// begin gives the number behind which to begin.
func (f *tailFlags) begin(ctx context.Context, s *script, place wire.Place) (parley.Seq, error) {
	if f.from > 0 {
		return parley.Seq(f.from - 1), nil
	}
	page, err := s.api.Events(ctx, place, 0, 1)
	return max(page.Last-parley.Seq(f.lines), 0), err
}

// showEvents shows every event behind a number that there is.
func (s *script) showEvents(ctx context.Context, place wire.Place, after parley.Seq) error {
	for {
		page, err := s.api.Events(ctx, place, after, maxPage)
		if err != nil {
			return err
		}
		for _, event := range page.Items {
			if err := s.showEvent(event.ServerMessage); err != nil {
				return err
			}
		}
		if !page.More || page.Next <= after {
			return nil
		}
		after = page.Next
	}
}

// showEvent shows an event, each line with its number.
func (s *script) showEvent(m wire.ServerMessage) error {
	entry, ok := socket.EntryOf(m)
	if !ok { // of a newer server
		return nil
	}
	return s.tell(wire.Event{ServerMessage: m}, numbered(entry.Number, client.Lines(m))...)
}

// numbered puts a number before each line.
func numbered(n parley.Seq, lines []string) []string {
	number := strconv.FormatInt(int64(n), 10)
	with := make([]string, len(lines))
	for i, line := range lines {
		with[i] = strings.TrimRight(number+" "+line, " ")
	}
	return with
}
