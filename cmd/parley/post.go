package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley"
	"parley/web/wire"
)

// postFlags are the arguments of `parley post`.
type postFlags struct {
	id    string
	reply int64
	whole bool
}

// newPostCommand makes the command that says something.
func newPostCommand() *cobra.Command {
	var where serverFlags
	var f postFlags
	cmd := &cobra.Command{
		Use:   "post [ROOM|@NAME] [TEXT...]",
		Short: "say something in a room, or to one person",
		Long: `Post says something in a room, lobby if none is named, or to one person, and prints the number that it has
there. Without a text it reads standard input: each line is a message, with --whole all of it is one. The first
word is always the room; a text has to have one before it, be it lobby.

A message is durable when its number is printed. Each has an id, by which the server takes it once. While
the server cannot be reached, post tries again by the same id for as long as --patience says; then it
names the id, and --id ID does so later.`,
		Example: `  parley post lobby the build is green
  parley post @alice can you look at this?
  make 2>&1 | parley post builds --whole
  parley post lobby --id nightly-2026-07-01 the backup is done`,
		Args: func(cmd *cobra.Command, args []string) error { return f.check(args) },
	}
	cmd.RunE = scripted(&where, f.post)
	flags := cmd.Flags()
	flags.StringVar(&f.id, "id", "", "the message's `ID`: posting again with the same one does nothing")
	flags.Int64Var(&f.reply, "reply", 0, "the `NUMBER` of the message that this one answers")
	flags.BoolVar(&f.whole, "whole", false, "all of standard input is one message")
	where.addFlags(cmd)
	return cmd
}

// check looks at the arguments together.
func (f *postFlags) check(args []string) error {
	switch {
	case len(args) == 1 && (args[0] == "" || strings.ContainsAny(args[0], " \t\n")):
		return fmt.Errorf("%q is no room: write parley post ROOM TEXT, such as parley post lobby hello", args[0])
	case f.id != "" && !parley.MessageID(f.id).Valid():
		return fmt.Errorf("--id takes 1 to %d visible characters of ASCII", parley.MaxMessageID)
	case f.id != "" && len(args) < 2 && !f.whole:
		return errors.New("--id is for one message: give a text, or --whole")
	case f.whole && len(args) > 1:
		return errors.New("--whole is for standard input: leave it out, or the text")
	case f.reply < 0:
		return errors.New("--reply takes the number of a message")
	}
	return nil
}

// placeIn gives the room that the first argument names, and what comes behind it.
func placeIn(args []string) (wire.Place, []string) {
	if len(args) == 0 {
		return wire.Place(parley.Lobby), nil
	}
	return wire.Place(args[0]), args[1:]
}

// post says what was given.
func (f *postFlags) post(ctx context.Context, s *script, args []string) error {
	place, words := placeIn(args)
	switch {
	case len(words) > 0:
		return f.say(ctx, s, place, strings.Join(words, " "))
	case f.whole:
		text, err := io.ReadAll(io.LimitReader(s.in, parley.MaxText+1))
		if err != nil {
			return err
		}
		return f.say(ctx, s, place, strings.TrimRight(string(text), "\r\n"))
	}
	if isTerminal(s.in) {
		fmt.Fprintf(s.errOut, "* each line that you type goes to %s, until Ctrl-D (on Windows Ctrl-Z)\n",
			parley.CleanLine(string(place)))
	}
	return f.sayLines(ctx, s, place)
}

// sayLines says each line of the input that is not blank.
func (f *postFlags) sayLines(ctx context.Context, s *script, place wire.Place) error {
	lines := bufio.NewScanner(s.in)
	lines.Buffer(nil, parley.MaxText+2)
	said := 0
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if err := f.say(ctx, s, place, lines.Text()); err != nil {
			return parley.Wrap(parley.CodeOf(err), err, fmt.Sprintf("line %d: %s", said+1, sentence(err)))
		}
		said++
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return parley.Errorf(parley.CodeTooLong, "line %d: message too long (limit %d bytes)", said+1, parley.MaxText)
	}
	return lines.Err()
}

// say says one thing, and tells its number.
func (f *postFlags) say(ctx context.Context, s *script, place wire.Place, text string) error {
	text = parley.CleanText(text)
	if err := parley.CheckText(text); err != nil {
		return err
	}
	id := parley.MessageID(f.id)
	if id == "" {
		id = parley.NewMessageID(time.Now())
	}
	words := wire.Words{Text: wire.Text(text), Reply: parley.Seq(f.reply)}
	receipt, err := s.api.Post(ctx, place, wire.NewMessage{ID: id, Words: words})
	if code := parley.CodeOf(err); err != nil && code.Retry() {
		return parley.Wrap(code, err, parley.Sentence(err)+"; to try again without saying it twice: --id "+string(id))
	}
	if err != nil {
		return err
	}
	return s.tell(receipt, fmt.Sprint(receipt.Number))
}
